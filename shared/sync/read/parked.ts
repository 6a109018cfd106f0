import type { OrganizationId } from '../../domain/ids.ts';
import { isReferredTo } from '../../domain/record.ts';
import type { FieldPreview, ReplayJob } from '../../ports/parked.ts';
import type { ParkedView, Reading } from '../../ports/read.ts';
import { childKey, parkedList, replayKey, replayList } from '../keys.ts';
import { isMeant } from '../parked-filter.ts';
import { project } from '../projection.ts';
import { jobOf, type Replaying } from '../replays.ts';
import type { Child, Link, ParkedWork, Root } from '../state.ts';
import { differing } from '../versions.ts';
import { sliceOfList } from './slices.ts';
import { type Places, placesIn, type ReadingDeps, rootAt } from './source.ts';

type Preview = NonNullable<ParkedView['wouldWrite']>;

async function childAt(deps: ReadingDeps, work: ParkedWork, root: Root): Promise<Child | undefined> {
  if (work.kind !== 'comment' || work.record === undefined) return undefined;
  const { pk, sk } = childKey(work.organization, root.id, work.record);
  return (await deps.store.get<Child>(pk, sk))?.data;
}

/** By what the hub knows now: what differs from what the vendor was last seen to hold. */
async function wouldWrite(deps: ReadingDeps, work: ParkedWork, places: Places): Promise<Preview | undefined> {
  const place = places.get(work.connection);
  if (work.root === undefined || place === undefined) return undefined;
  const root = await rootAt(deps, work.organization, work.root);
  const lane = root?.lanes[work.connection];
  if (root === undefined || lane === undefined) return undefined;
  const child = await childAt(deps, work, root);
  if (work.kind === 'comment' && child === undefined) return undefined;
  const link = child === undefined ? lane.link : child.links[work.connection];
  if (link === undefined) return undefined;
  const wanted = project(child ?? root, link, place, lane.referred, deps.clock.now());
  return wanted && previewOf(wanted, link);
}

function previewOf(wanted: Link['got'], { got }: Link): Preview {
  const fields = differing(wanted, got).map((field): [string, FieldPreview] => [
    field,
    { from: got[field] ?? null, to: wanted[field] ?? null },
  ]);
  return Object.fromEntries(fields);
}

function whatOf({ cause, inbox }: ParkedWork): ParkedView['what'] {
  if (cause === 'dead-letter') return 'message';
  return inbox === undefined ? 'link' : 'event';
}

function ticketOf({ kind, root, ticket }: ParkedWork): Pick<ParkedView, 'ticket'> {
  if (ticket !== undefined) return { ticket };
  const isOfTicket = kind === undefined || !isReferredTo(kind);
  return root !== undefined && isOfTicket ? { ticket: root } : {};
}

async function parkedView(deps: ReadingDeps, work: ParkedWork, places: Places): Promise<ParkedView> {
  const preview = await wouldWrite(deps, work, places);
  return {
    id: work.id,
    connection: work.connection,
    what: whatOf(work),
    cause: work.cause,
    reason: work.reason,
    fault: work.fault,
    attempts: work.attempts,
    sinceMs: work.atMs,
    ...(work.kind === undefined ? {} : { kind: work.kind }),
    ...ticketOf(work),
    ...(work.code === undefined ? {} : { code: work.code }),
    ...(preview === undefined ? {} : { wouldWrite: preview }),
  };
}

export function parkedReading(deps: ReadingDeps): Pick<Reading, 'parked' | 'replays' | 'replay'> {
  return {
    async parked(organization: OrganizationId, { filter = {}, ...options }) {
      const places = await placesIn(deps, organization);
      const list = parkedList(organization);
      return sliceOfList<ParkedWork, ParkedView>(deps.store, list, options, async ({ data, pk, sk }) => {
        if (!isMeant(data, filter)) return undefined;
        // The list lags: what went on already is not shown as parked.
        const isStill = (await deps.store.get(pk, sk)) !== undefined;
        return isStill ? parkedView(deps, data, places) : undefined;
      });
    },
    async replays(organization, options) {
      const list = replayList(organization);
      return sliceOfList<Replaying, ReplayJob>(deps.store, list, options, async ({ data }) => jobOf(data));
    },
    async replay(organization, id) {
      const { pk, sk } = replayKey(organization, id);
      const job = await deps.store.get<Replaying>(pk, sk);
      return job && jobOf(job.data);
    },
  };
}
