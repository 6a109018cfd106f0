import type { RecordId } from '../../../../shared/domain/index.ts';
import type { Action } from '../call.ts';
import { fieldStoryBody } from '../views/field-story.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { entryBody } from '../views/ticket.ts';
import { nothingThere } from './find-ticket.ts';

export const readFieldStory: Action = async ({ caller, path }, { reading }) => {
  const { record, field } = path;
  const story = await reading.fieldStory(caller.organization, record as RecordId, field as string);
  if (story === undefined) throw nothingThere();
  return { status: 200, body: fieldStoryBody(story) };
};

export const listLosses: Action = async (call, { reading }) => {
  const { caller, path } = call;
  const options = { ...sliceOf(call), isNewestFirst: true };
  const losses = await reading.losses(caller.organization, path.record as RecordId, options);
  if (losses === undefined) throw nothingThere();
  return { status: 200, body: pageBody(losses, entryBody) };
};
