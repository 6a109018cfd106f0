import { ConflictError } from '../errors.ts';
import type { SweepReport } from '../ports/engine.ts';
import type { Item } from '../ports/store.ts';
import { conclude } from './conclude.ts';
import {
  bringChild,
  type Desk,
  follow,
  openSession,
  overdueAt,
  placementOf,
  placesFor,
  stage,
  surroundings,
} from './desk.ts';
import { type WakeOrder, wakeAt } from './fan-out.ts';
import { standDown } from './forget.ts';
import { putRow } from './inbox.ts';
import type { InboxRow } from './inbox-row.ts';
import { DUE, type Key } from './keys.ts';
import { publish } from './outbox.ts';
import { overDue, PER_SWEEP, putOutboxBack, putWakesBack, tellFailure } from './overdue.ts';
import { unpark } from './parking.ts';
import type { Place } from './places.ts';
import { type Surroundings, sceneAt, type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { History, Lane, Root } from './state.ts';

/** Keys alone: about a megabyte, which is what one query answers. */
const COUNTED_AT_MOST = 5_000;

/** The net under every send and publish: what is still open, overdue, doubtful or untold goes on. */
export async function sweep(desk: Desk): Promise<SweepReport> {
  const report = { reenqueued: 0, rewoken: 0, settled: 0, published: 0 };
  report.reenqueued = await reenqueueAll(desk);
  await overDue(desk, DUE.wakes, {
    act: async (key) => {
      const { rewoken, settled } = await rewakeOverdue(desk, key);
      report.rewoken += rewoken;
      report.settled += settled;
    },
    putBack: (key) => putWakesBack(desk, key),
  });
  await overDue(desk, DUE.outbox, {
    act: async (key) => {
      if (await republish(desk, key)) report.published += 1;
    },
    putBack: (key) => putOutboxBack(desk, key),
  });
  return report;
}

/** Told at every sweep, also when there are none: an alarm stands on it. */
function tellOpen({ deps }: Desk, count: number, due: readonly Item<InboxRow>[]): void {
  const nowMs = deps.clock.now();
  const oldestMs = due.reduce((most, { data }) => Math.max(most, nowMs - data.receivedAtMs), 0);
  deps.telemetry.metric('OpenInboxRows', count, {});
  deps.telemetry.metric('OldestOpenInboxMs', oldestMs, {});
  if (count >= COUNTED_AT_MOST)
    deps.telemetry.log('warn', 'more rows are open than are counted', {}, { count });
}

/** Group by group, each in the order of arrival: the queue keeps the order in which it is given them. */
async function reenqueueAll(desk: Desk): Promise<number> {
  const { store, clock } = desk.deps;
  // Every open row is in the list, due or not.
  const all = await store.due(DUE.inbox, Number.MAX_SAFE_INTEGER, COUNTED_AT_MOST);
  const candidates = all.filter(({ atMs }) => atMs <= clock.now()).slice(0, PER_SWEEP);
  const rows = await Promise.all(candidates.map(({ pk, sk }) => store.get<InboxRow>(pk, sk)));
  const open = rows.filter((item) => item?.data.state === 'open') as Item<InboxRow>[];
  tellOpen(desk, all.length - (candidates.length - open.length), open);
  const groups = Map.groupBy(open, ({ data }) => groupOf(data));
  const counts = await Promise.all([...groups.values()].map((group) => reenqueueGroup(desk, group)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Who has been taken up, and stands in a line since, holds up nobody in the queue: those are a group of their own. */
const groupOf = ({ connection, group, standsIn }: InboxRow): string =>
  `${connection} ${group} ${standsIn !== undefined}`;

/**
 * Each row is sent again ever more seldom. Where the first of them stood first before, something holds the group up,
 * and more copies would only stand behind those that are there: that one alone is tried, until it is through. Nobody
 * comes before the first: else it would be taken for one.
 */
async function reenqueueGroup(desk: Desk, group: readonly Item<InboxRow>[]): Promise<number> {
  const ordered = [...group].sort((a, b) => a.data.receivedAtMs - b.data.receivedAtMs);
  const { isFirst: isHeld = false, swept: least = 0 } = ordered[0]?.data ?? {};
  let sent = 0;
  for (const item of ordered) {
    const isFirst = item === ordered[0];
    const session = openSession(desk);
    const { isFirst: _wasFirst, swept = 0, ...row } = session.meet(item);
    const { organization, connection, inbox, lane, group: name } = row;
    const met: InboxRow = { ...row, swept: Math.max(swept, least) + 1 };
    putRow(session, isFirst ? { ...met, isFirst } : met, desk.deps.clock.now());
    try {
      await session.commit();
      if (isHeld && !isFirst) continue;
      await desk.deps.queues.sendChange(lane, name, { type: 'change', organization, connection, inbox });
      sent += 1;
    } catch (error) {
      // Moved on by somebody else, or not to be sent now: the rest of its group keeps its order behind it.
      if (!(error instanceof ConflictError)) {
        tellFailure(desk, DUE.inbox, item, error);
        break;
      }
    }
  }
  return sent;
}

async function rewakeOverdue(desk: Desk, key: Key): Promise<{ rewoken: number; settled: number }> {
  const session = openSession(desk);
  const root = await session.get<Root>(key);
  const [organization] = key.pk.split('#');
  if (root === undefined || root.foldedInto !== undefined) return { rewoken: 0, settled: 0 };
  const owner = organization as Place['connection']['organization'];
  const places = await placesFor(desk, owner);
  const around = surroundings(desk, places);
  const tree = treeOf(root);
  const orders: WakeOrder[] = [];
  let settled = 0;
  for (const place of places.values()) {
    const lane = tree.root.lanes[place.connection.id];
    if (lane === undefined) continue;
    drainLane(tree, place, around, lane);
    await lookAgain(session, tree, place, around, lane);
    if (!isOverdue(lane, around.nowMs)) continue;
    if (lane.pending !== undefined) settled += 1;
    orders.push(wakeAt(tree, lane, place, around, around.nowMs));
  }
  await standDown(tree.root, places, { organization: owner, connections: desk.deps.connections });
  const aftermath = await stage(session, conclude(tree, owner, around), owner);
  // Where a lane belongs to no connection any more, the root must not stay due for ever.
  session.put(key, tree.root, placementOf(tree.root, owner));
  await session.commit();
  await follow(desk, session, { ...aftermath, wakes: [...orders, ...aftermath.wakes] });
  return { rewoken: orders.length + aftermath.wakes.length, settled };
}

const isOverdue = (lane: Lane, nowMs: number): boolean =>
  (overdueAt(lane) ?? Number.POSITIVE_INFINITY) <= nowMs;

function drainLane(tree: Tree, place: Place, around: Surroundings, lane: Lane): void {
  const drainAtMs = lane.parked?.drainAtMs;
  if (drainAtMs === undefined || drainAtMs > around.nowMs) return;
  unpark(sceneAt(tree, tree.root, place, around), ({ drainAtMs: at }) => at === drainAtMs);
}

/** Copies that were out of sight may be there again. */
async function lookAgain(
  session: Session,
  tree: Tree,
  place: Place,
  around: Surroundings,
  lane: Lane,
): Promise<void> {
  const due = (lane.drains ?? []).filter(({ atMs }) => atMs <= around.nowMs);
  if (due.length === 0) return;
  lane.drains = (lane.drains ?? []).filter(({ atMs }) => atMs > around.nowMs);
  for (const { record: id } of due) {
    const { organization } = place.connection;
    const record = id === tree.root.id ? tree.root : await bringChild(session, tree, organization, id);
    if (record === undefined) continue;
    unpark(sceneAt(tree, record, place, around), ({ cause }) => cause === 'unseen');
  }
}

async function republish(desk: Desk, key: Key): Promise<boolean> {
  const session = openSession(desk);
  const history = await session.get<History>(key);
  if (history === undefined) return false;
  await publish(desk.deps, session, { key, history });
  return true;
}
