import type { RecordId } from '../../../../shared/domain/index.ts';
import type { Action } from '../call.ts';
import { attachmentBody } from '../views/ticket.ts';
import { nothingThere } from './find-ticket.ts';

export const readAttachment: Action = async ({ caller, path }, { reading }) => {
  const file = await reading.attachment(caller.organization, path.attachment as RecordId);
  if (file === undefined) throw nothingThere();
  return { status: 200, body: attachmentBody(file) };
};
