import { type Desk, loadRoot, placementOf } from './desk.ts';
import type { InboxRow } from './inbox-row.ts';
import { rootKey } from './keys.ts';
import type { Taken } from './observe.ts';
import type { Place } from './places.ts';
import { type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { Lane, Root } from './state.ts';

/**
 * Rows of unknown objects that may be a creation of ours still under way stand in line on its lane. Those of one
 * conversation go on in the order in which they came, and what comes of it while they stand there stands behind them;
 * other conversations have nothing to do with its order. Where several roots speak at one object they stand with whoever
 * was under way, and their order is one.
 */
export type Waiting = NonNullable<Lane['waiting']>[number];

/** In whose line something of its conversation stands before this row; what has ended stands in none. */
export function aheadOf(place: Place, lines: readonly Root[], row: InboxRow): Root | undefined {
  const { id } = place.connection;
  // Once it stands anywhere, what came later may stand elsewhere alone.
  const own = lines.filter(({ lanes }) => lanes[id]?.waiting?.some(({ inbox }) => inbox === row.inbox));
  return (own.length > 0 ? own : lines).find(({ lanes }) => {
    const first = lanes[id]?.waiting?.find(({ group }) => group === row.group);
    return first !== undefined && first.inbox !== row.inbox;
  });
}

/** The row itself says where it stands: whatever it ends as, whoever ends it and whatever it was about, it leaves. */
export function standing(row: InboxRow, { end, trees }: Taken): InboxRow {
  if (end !== 'open' || trees.length === 0) return row;
  return { ...row, standsIn: [...new Set([...(row.standsIn ?? []), ...trees.map(({ root }) => root.id)])] };
}

/** An ended row leaves the lines that it stands in, in the commit that ends it; who is next in each goes on. */
export async function leaveLines(
  session: Session,
  row: InboxRow,
  trees: readonly Tree[] = [],
): Promise<readonly Waiting[]> {
  const { organization, connection, standsIn = [] } = row;
  const next: Waiting[] = [];
  const roots = await Promise.all(standsIn.map((id) => loadRoot(session, organization, id)));
  for (const known of new Set(roots)) {
    if (known === undefined) continue;
    const taken = trees.find(({ root }) => root.id === known.id);
    const { root } = taken ?? treeOf(known);
    const lane = root.lanes[connection];
    if (lane !== undefined) next.push(...leaveLine(lane, row));
    // What was taken in is written by whoever took it in.
    if (taken === undefined)
      session.put(rootKey(organization, root.id), root, placementOf(root, organization));
  }
  return next;
}

/** A root's item has an end: who finds no room here stays open all the same, and the sweeper sends it again. */
export const MOST_WAITING = 200;

export function standInLine(lane: Lane, { inbox, group, lane: queue }: InboxRow): void {
  const known = lane.waiting?.find((each) => each.inbox === inbox);
  const waiting = lane.waiting ?? [];
  if (known !== undefined) delete known.isSent;
  else if (waiting.length < MOST_WAITING) lane.waiting = [...waiting, { inbox, group, lane: queue }];
}

/** Says who is next, should nothing be under way any more. */
export function leaveLine(lane: Lane, { inbox, group }: InboxRow): readonly Waiting[] {
  const left = (lane.waiting ?? []).filter((each) => each.inbox !== inbox);
  if (left.length > 0) lane.waiting = left;
  else delete lane.waiting;
  const next = lane.pending === undefined ? left.find((each) => each.group === group) : undefined;
  return next === undefined ? [] : [next];
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
  { organization, connection }: Pick<InboxRow, 'organization' | 'connection'>,
  { lane, group, inbox }: Waiting,
): Promise<void> => deps.queues.sendChange(lane, group, { type: 'change', organization, connection, inbox });
