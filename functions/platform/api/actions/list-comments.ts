import type { Action } from '../call.ts';
import { orderedSliceOf, pageBody } from '../views/page.ts';
import { commentBody } from '../views/ticket.ts';
import { findTicket, nothingThere } from './find-ticket.ts';

export const listComments: Action = async (call, deps) => {
  const { id } = await findTicket(call, deps);
  const slice = await deps.reading.comments(call.caller.organization, id, orderedSliceOf(call));
  if (slice === undefined) throw nothingThere();
  return { status: 200, body: pageBody(slice, commentBody) };
};
