import type { RecordId } from '../../../../shared/domain/index.ts';
import type { Action } from '../call.ts';
import { fieldStoryBody } from '../views/field-story.ts';
import { findTicket, nothingThere } from './find-ticket.ts';

export const readWhy: Action = async (call, deps) => {
  const { id } = await findTicket(call, deps);
  const field = call.path.field as string;
  const { record } = call.query as { readonly record?: RecordId };
  const of = record === undefined ? { field } : { field, record };
  const story = await deps.reading.why(call.caller.organization, id, of);
  if (story === undefined) throw nothingThere();
  return { status: 200, body: fieldStoryBody(story) };
};
