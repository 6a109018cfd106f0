import type { OrganizationId } from '../../domain/ids.ts';
import type { Fields } from '../../domain/record.ts';
import type { Reading, TicketView } from '../../ports/read.ts';
import { recordList } from '../keys.ts';
import { isChannel } from '../places.ts';
import type { Root } from '../state.ts';
import { referredFrom } from './referred.ts';
import { rootView } from './root-view.ts';
import { sliceOfList } from './slices.ts';
import { type Places, placesIn, type ReadingDeps, ticketAt } from './source.ts';

const textsIn = <Name extends string>(fields: Fields, names: readonly Name[]) =>
  Object.fromEntries(
    names.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : [])),
  ) as { readonly [Each in Name]?: string };

function requesterIn([contact, account]: readonly Root[]): TicketView['requester'] {
  if (contact === undefined) return undefined;
  const company = account && { account: { id: account.id, ...textsIn(account.fields, ['name']) } };
  return { id: contact.id, ...textsIn(contact.fields, ['name', 'email']), ...company };
}

async function ticketView(
  deps: ReadingDeps,
  organization: OrganizationId,
  root: Root,
  places: Places,
): Promise<TicketView> {
  const requester = requesterIn(await referredFrom(deps, organization, root));
  return { ...rootView(root, places), ...(requester === undefined ? {} : { requester }) };
}

function isInChannel({ lanes }: Root, places: Places): boolean {
  return [...places.values()].some(
    (place) => isChannel(place) && lanes[place.connection.id]?.link.externalId !== undefined,
  );
}

export function ticketReading(deps: ReadingDeps): Pick<Reading, 'tickets' | 'ticket'> {
  return {
    async tickets(organization, { status, facet, ...options }) {
      const places = await placesIn(deps, organization);
      return sliceOfList<Root, TicketView>(
        deps.store,
        recordList(organization, 'ticket'),
        options,
        async ({ data }) => {
          if (status !== undefined && data.fields.status !== status) return undefined;
          if (facet === 'conversation' && !isInChannel(data, places)) return undefined;
          return ticketView(deps, organization, data, places);
        },
      );
    },
    async ticket(organization, id) {
      const root = await ticketAt(deps, organization, id);
      if (root === undefined) return undefined;
      return ticketView(deps, organization, root, await placesIn(deps, organization));
    },
  };
}
