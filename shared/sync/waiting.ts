import type { InboxId } from '../domain/ids.ts';
import type { Desk } from './desk.ts';
import type { InboxRow } from './inbox-row.ts';
import { inboxKey } from './keys.ts';
import type { Taken } from './observe.ts';
import type { Place } from './places.ts';
import { treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { Lane, Root } from './state.ts';

/**
 * Rows of unknown objects that may be a creation of ours still under way stand in line on its lane. Those of one
 * conversation go on in the order in which they came, and what comes of it while they stand there stands behind them;
 * other conversations have nothing to do with its order. Where several roots speak at one object they stand with whoever
 * was under way, and their order is one.
 */
export type Waiting = NonNullable<Lane['waiting']>[number];

/** What stands before a row: in whose line any of it is unfinished, and what of it has been finished without leaving. */
export interface Ahead {
  readonly at?: Root;
  readonly over: readonly InboxId[];
}

export async function aheadOf(
  session: Session,
  place: Place,
  lines: readonly Root[],
  row: InboxRow,
): Promise<Ahead> {
  const { organization, id } = place.connection;
  const over: InboxId[] = [];
  // Once it stands anywhere, what came later may stand elsewhere alone.
  const own = lines.filter((root) => isIn(root, place, row));
  for (const root of own.length > 0 ? own : lines) {
    for (const { inbox, group } of root.lanes[id]?.waiting ?? []) {
      if (inbox === row.inbox) break;
      if (group !== row.group) continue;
      const before = await session.get<InboxRow>(inboxKey(organization, id, inbox));
      if (before?.state === 'open') return { at: root, over };
      over.push(inbox);
    }
  }
  return { over };
}

const isIn = ({ lanes }: Root, { connection }: Place, row: InboxRow): boolean =>
  lanes[connection.id]?.waiting?.some(({ inbox }) => inbox === row.inbox) === true;

/** Whatever a row ends as, and whatever it was about: the lines it stands in are left, and the next go on. */
export function withLines(taken: Taken, lines: readonly Root[], place: Place, row: InboxRow): Taken {
  if (taken.end === 'open') return taken;
  const isTaken = ({ id }: Root) => taken.trees.some(({ root }) => root.id === id);
  const left = lines.filter((root) => isIn(root, place, row) && !isTaken(root));
  if (left.length === 0) return taken;
  return { ...taken, trees: [...taken.trees, ...left.map((root) => treeOf(root))] };
}

/** A root's item has an end: who finds no room here stays open all the same, and the sweeper sends it again. */
export const MOST_WAITING = 200;

export function standInLine(lane: Lane, { inbox, group, lane: queue }: InboxRow): void {
  const known = lane.waiting?.find((each) => each.inbox === inbox);
  const waiting = lane.waiting ?? [];
  if (known !== undefined) delete known.isSent;
  else if (waiting.length < MOST_WAITING) lane.waiting = [...waiting, { inbox, group, lane: queue }];
}

/** Takes a finished row, and those before it, out of the line; says who is next, should nothing be under way any more. */
export function leaveLine(
  lane: Lane,
  { inbox, group }: InboxRow,
  over: readonly InboxId[] = [],
): Waiting | undefined {
  if (lane.waiting === undefined) return undefined;
  const left = lane.waiting.filter((each) => each.inbox !== inbox && !over.includes(each.inbox));
  if (left.length > 0) lane.waiting = left;
  else delete lane.waiting;
  return lane.pending === undefined ? left.find((each) => each.group === group) : undefined;
}

/** A creation has settled: the first of each conversation is looked at again, and its end brings the next. */
export function goOn(lane: Lane): readonly Waiting[] {
  if (lane.pending !== undefined) return [];
  const firsts = new Map<string, Waiting>();
  for (const each of lane.waiting ?? []) if (!firsts.has(each.group)) firsts.set(each.group, each);
  const next = [...firsts.values()].filter(({ isSent }) => isSent !== true);
  for (const each of next) each.isSent = true;
  return next;
}

export const sendOn = (
  { deps }: Desk,
  { connection }: Place,
  { lane, group, inbox }: Waiting,
): Promise<void> =>
  deps.queues.sendChange(lane, group, {
    type: 'change',
    organization: connection.organization,
    connection: connection.id,
    inbox,
  });
