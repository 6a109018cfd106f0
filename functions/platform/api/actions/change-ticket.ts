import type { Fields } from '../../../../shared/domain/index.ts';
import type { Action } from '../call.ts';
import { ticketBody } from '../views/ticket.ts';
import { edit } from './edit.ts';
import { findTicket } from './find-ticket.ts';

export const changeTicket: Action = async (call, deps) => {
  await findTicket(call, deps);
  await edit(call, deps, { edit: 'fields', fields: call.body as Fields });
  return { status: 200, body: ticketBody(await findTicket(call, deps)) };
};
