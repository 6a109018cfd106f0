import type { Observation } from '../../../shared/ports/index.ts';
import type { InboxRow } from '../../../shared/sync/inbox-row.ts';
import type { History, Root } from '../../../shared/sync/state.ts';
import type { World } from '../world.ts';
import type { Breach } from './families.ts';

const ENDS = new Set(['applied', 'merged', 'echo', 'filtered', 'parked']);

/** Invariant 5: what was answered 2xx at the door has an end state, counted at the door and not by the engine. */
export function everythingAccountedFor(world: World): readonly Breach[] {
  const rows = new Map<string, InboxRow>();
  for (const { pk, data } of world.store.items()) {
    if (pk.includes('#inbox#'))
      rows.set(`${(data as InboxRow).connection} ${(data as InboxRow).inbox}`, data as InboxRow);
  }
  return world.sites.flatMap(({ connection }) =>
    [...(world.chronicle.accepted.get(connection) ?? [])].flatMap(([event, acceptedAtMs]) => {
      const row = rows.get(`${connection} ${event}`);
      if (row === undefined) return [{ invariant: 5, what: `${event} was accepted and is not in the inbox` }];
      world.injector.count(`end:${row.state}`);
      if (!ENDS.has(row.state))
        return [{ invariant: 5, what: `${event} was accepted and is still ${row.state}` }];
      return [...wronglyFiltered(world, event, row), ...stoodOpenTooLong(world, row, acceptedAtMs)];
    }),
  );
}

/** Of no interest is what tells of nothing, or of what is gone. */
function wronglyFiltered({ chronicle, sites }: World, event: string, { state, connection }: InboxRow) {
  if (state !== 'filtered') return [];
  const { vendor } = sites.find((site) => site.connection === connection)!;
  const deleted = new Set(vendor.deeds.filter(({ deed }) => deed === 'deleted').map(({ object }) => object));
  // What hangs on what is gone is nobody's, as what was said under it.
  const wasGone = ({ externalId, rootExternalId, parent }: Observation) =>
    [externalId, rootExternalId, parent?.externalId, parent?.rootExternalId].some(
      (id) => id !== undefined && deleted.has(id),
    );
  return (chronicle.about.get(event) ?? []).every(wasGone)
    ? []
    : [{ invariant: 5, what: `${event} was filtered, and told of something that is there` }];
}

/**
 * Five receives of three minutes each, and the time a creation's fate may take; a stopped hub adds its own, and so does
 * every other message in front of it that kills its functions: the queue gives nothing of a line past what it holds.
 * What is lost is sent again by the sweeper: deployed it comes each minute, but to a system at rest ever more seldom.
 */
const OPEN_AT_MOST_MS = 20 * 60_000;

function stoodOpenTooLong(world: World, row: InboxRow, acceptedAtMs: number): readonly Breach[] {
  const key = `${row.organization}#inbox#${row.connection}#${row.inbox} row`;
  const closedAtMs = world.chronicle.closedAtMs.get(key) ?? 0;
  const openMs = closedAtMs - acceptedAtMs;
  const stoppedMs = world.plan.spells
    .filter(({ spell }) => spell === 'consumers-stopped')
    .reduce((sum, { forMs }) => sum + forMs, 0);
  const heldUpMs = world.chronicle.held
    .filter(({ queue, group, inbox }) => queue === row.lane && group === row.group && inbox !== row.inbox)
    .map(({ fromMs, untilMs }) => Math.min(untilMs, closedAtMs) - Math.max(fromMs, acceptedAtMs))
    .reduce((sum, ms) => sum + Math.max(0, ms), 0);
  const heldMs = heldUpMs + ungrantedMs(world, row, { fromMs: acceptedAtMs, untilMs: closedAtMs });
  return openMs <= OPEN_AT_MOST_MS + stoppedMs + heldMs + sweptLateMs(world, closedAtMs)
    ? []
    : [{ invariant: 5, what: `${row.inbox} stood open for ${Math.round(openMs / 60_000)} minutes` }];
}

/**
 * For how long it may have told of a comment of ours, asked for before it came, whose fate nobody could look for: the way
 * there was shut, for a grant that only a person gives again.
 */
function ungrantedMs(
  { chronicle, store, endpoints }: World,
  { connection, group }: InboxRow,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): number {
  if (!endpoints.has(connection)) return 0;
  const roots = store.items().filter(({ sk, data }) => {
    const lane = sk === 'root' ? (data as Root).lanes[connection] : undefined;
    return lane?.link.externalId === group;
  });
  const inDoubt = roots.filter(({ data }) =>
    [...chronicle.intended].some(
      ([key, noted]) =>
        key.startsWith(`${connection} ${(data as Root).id}.`) && noted.some(({ atMs }) => atMs <= fromMs),
    ),
  );
  return inDoubt
    .flatMap(({ pk }) => chronicle.shut.get(`${pk} ${connection}`) ?? [])
    .map((shut) => Math.min(shut.untilMs, untilMs) - Math.max(shut.fromMs, fromMs))
    .reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

const SWEPT_EACH_MS = 60_000;

/** How much later than deployed the sweep came that was the last before a row was closed. */
function sweptLateMs({ chronicle: { sweptAtMs } }: World, closedAtMs: number): number {
  const at = sweptAtMs.findLastIndex((each) => each <= closedAtMs);
  const [before, last] = [sweptAtMs[at - 1], sweptAtMs[at]];
  return before === undefined || last === undefined ? 0 : Math.max(0, last - before - SWEPT_EACH_MS);
}

/** Invariant 5: every commit reaches the bus at least once, its id being record and revision. */
export function everythingPublished(world: World): readonly Breach[] {
  const { published } = world.chronicle;
  const revisions = new Map<string, number>();
  const breaches: Breach[] = [];
  for (const { pk, sk, data } of world.store.items()) {
    if (sk === 'root') revisions.set(pk, (data as Root).revision);
    if (!sk.startsWith('history#')) continue;
    const { revision, changes } = data as History;
    for (const { record } of changes) {
      if (published.has(`${record}@${revision}`)) continue;
      breaches.push({ invariant: 5, what: `${record}@${revision} never reached the bus` });
    }
  }
  for (const [pk, revision] of revisions) {
    const kept = world.store
      .items()
      .filter((item) => item.pk === pk && item.sk.startsWith('history#')).length;
    if (kept !== revision)
      breaches.push({ invariant: 5, what: `${pk} has ${kept} histories of ${revision} revisions` });
  }
  return breaches;
}
