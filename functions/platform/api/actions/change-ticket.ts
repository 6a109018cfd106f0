import type { Fields } from '../../../../shared/domain/index.ts';
import { CUSTOM } from '../../../../shared/mapping/index.ts';
import type { Action } from '../call.ts';
import { ticketBody } from '../views/ticket.ts';
import { edit } from './edit.ts';
import { findTicket } from './find-ticket.ts';

export const changeTicket: Action = async (call, deps) => {
  await findTicket(call, deps);
  await edit(call, deps, { edit: 'fields', fields: fieldsIn(call.body as TicketChange) });
  return { status: 200, body: ticketBody(await findTicket(call, deps)) };
};

type TicketChange = Fields & { readonly custom?: Fields };

const fieldsIn = ({ custom = {}, ...fields }: TicketChange): Fields => ({
  ...(fields as Fields),
  ...Object.fromEntries(Object.entries(custom).map(([name, value]) => [`${CUSTOM}${name}`, value])),
});
