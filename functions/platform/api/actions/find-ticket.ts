import type { RecordId } from '../../../../shared/domain/index.ts';
import { NotFoundError } from '../../../../shared/errors.ts';
import type { LinkView, TicketView } from '../../../../shared/ports/index.ts';
import type { Call } from '../call.ts';
import type { ApiDeps } from '../deps.ts';

export function nothingThere(): NotFoundError {
  return new NotFoundError('no such thing in your organization');
}

export function ticketId(call: Call): RecordId {
  return (call.path.ticket ?? call.path.conversation) as RecordId;
}

function isConversation(links: readonly LinkView[]): boolean {
  return links.some(({ facet }) => facet === 'conversation');
}

/** @throws NotFoundError, also under `/v1/conversations` for a ticket that no channel holds. */
export async function findTicket(call: Call, { reading }: ApiDeps): Promise<TicketView> {
  const ticket = await reading.ticket(call.caller.organization, ticketId(call));
  const isHere =
    ticket !== undefined && (call.path.conversation === undefined || isConversation(ticket.links));
  if (!isHere) throw nothingThere();
  return ticket;
}
