import type { Action } from '../call.ts';
import { ticketBody } from '../views/ticket.ts';
import { findTicket } from './find-ticket.ts';

export const readTicket: Action = async (call, deps) => ({
  status: 200,
  body: ticketBody(await findTicket(call, deps)),
});
