import type { TicketStatus } from '../../../../shared/domain/index.ts';
import type { Action, Call } from '../call.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { ticketBody } from '../views/ticket.ts';

function filterOf({ query }: Call): { status?: TicketStatus } {
  return query.status === undefined ? {} : { status: query.status as TicketStatus };
}

export const listTickets: Action = async (call, { reading }) => {
  const slice = await reading.tickets(call.caller.organization, { ...sliceOf(call), ...filterOf(call) });
  return { status: 200, body: pageBody(slice, ticketBody) };
};

export const listConversations: Action = async (call, { reading }) => {
  const options = { ...sliceOf(call), ...filterOf(call), facet: 'conversation' as const };
  const slice = await reading.tickets(call.caller.organization, options);
  return { status: 200, body: pageBody(slice, ticketBody) };
};
