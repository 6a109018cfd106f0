import type { OrganizationId } from '../../domain/ids.ts';
import type { Fields } from '../../domain/record.ts';
import type { ParkedView, Reading } from '../../ports/read.ts';
import { childKey, parkedList } from '../keys.ts';
import { project } from '../projection.ts';
import type { Child, ParkedWork, Root } from '../state.ts';
import { differing } from '../versions.ts';
import { sliceOfList } from './slices.ts';
import { type Places, placesIn, type ReadingDeps, ticketAt } from './source.ts';

async function childAt(deps: ReadingDeps, work: ParkedWork, root: Root): Promise<Child | undefined> {
  if (work.kind !== 'comment' || work.record === undefined) return undefined;
  const { pk, sk } = childKey(work.organization, root.id, work.record);
  return (await deps.store.get<Child>(pk, sk))?.data;
}

/** What differs from what the vendor was last seen to hold; the vendor may hold something else by now. */
async function wouldWrite(deps: ReadingDeps, work: ParkedWork, places: Places): Promise<Fields | undefined> {
  const place = places.get(work.connection);
  if (work.root === undefined || place === undefined) return undefined;
  const root = await ticketAt(deps, work.organization, work.root);
  const lane = root?.lanes[work.connection];
  if (root === undefined || lane === undefined) return undefined;
  const child = await childAt(deps, work, root);
  const link = child === undefined ? lane.link : child.links[work.connection];
  if (link === undefined) return undefined;
  const wanted = project(child ?? root, link, place, lane.requester, deps.clock.now());
  if (wanted === undefined) return undefined;
  const fields = differing(wanted, link.got);
  return Object.fromEntries(fields.map((field) => [field, wanted[field] ?? null]));
}

function kindOf({ cause, inbox }: ParkedWork): ParkedView['what'] {
  if (cause === 'dead-letter') return 'message';
  return inbox === undefined ? 'link' : 'event';
}

async function parkedView(deps: ReadingDeps, work: ParkedWork, places: Places): Promise<ParkedView> {
  const preview = (await wouldWrite(deps, work, places)) ?? work.wouldWrite;
  return {
    id: work.id,
    connection: work.connection,
    what: kindOf(work),
    reason: work.reason,
    fault: work.fault,
    attempts: work.attempts,
    sinceMs: work.atMs,
    ...(work.root === undefined || work.kind === 'contact' ? {} : { ticket: work.root }),
    ...(work.code === undefined ? {} : { code: work.code }),
    ...(preview === undefined ? {} : { wouldWrite: preview }),
  };
}

export function parkedReading(deps: ReadingDeps): Pick<Reading, 'parked'> {
  return {
    async parked(organization: OrganizationId, { connection, ...options }) {
      const places = await placesIn(deps, organization);
      const list = parkedList(organization);
      return sliceOfList<ParkedWork, ParkedView>(deps.store, list, options, async ({ data, pk, sk }) => {
        if (connection !== undefined && data.connection !== connection) return undefined;
        // The list lags: what went on already is not shown as parked.
        const isStill = (await deps.store.get(pk, sk)) !== undefined;
        return isStill ? parkedView(deps, data, places) : undefined;
      });
    },
  };
}
