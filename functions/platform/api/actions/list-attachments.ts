import type { Action } from '../call.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { attachmentBody } from '../views/ticket.ts';
import { findTicket, nothingThere } from './find-ticket.ts';

export const listAttachments: Action = async (call, deps) => {
  const { id } = await findTicket(call, deps);
  const slice = await deps.reading.attachments(call.caller.organization, id, sliceOf(call));
  if (slice === undefined) throw nothingThere();
  return { status: 200, body: pageBody(slice, attachmentBody) };
};
