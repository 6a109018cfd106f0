import type { Desk } from './desk.ts';
import type { InboxRow } from './inbox-row.ts';
import { inboxKey } from './keys.ts';
import type { Place } from './places.ts';
import type { Session } from './session.ts';
import type { Lane } from './state.ts';

/**
 * Rows of unknown objects that may be a creation of ours still under way stand in line on its lane. They go on in
 * the order in which they came, and what comes while they stand there stands behind them.
 */
export type Waiting = NonNullable<Lane['waiting']>[number];

/** Whether an unfinished row stands before this one. Those that are finished meanwhile do not count. */
export async function isBehind(
  session: Session,
  { connection }: Place,
  lane: Lane | undefined,
  row: InboxRow,
): Promise<boolean> {
  for (const { inbox } of lane?.waiting ?? []) {
    if (inbox === row.inbox) return false;
    const before = await session.get<InboxRow>(inboxKey(connection.organization, connection.id, inbox));
    if (before?.state === 'open') return true;
  }
  return false;
}

export function standInLine(lane: Lane, { inbox, group, lane: queue }: InboxRow): void {
  const known = lane.waiting?.find((each) => each.inbox === inbox);
  if (known === undefined) lane.waiting = [...(lane.waiting ?? []), { inbox, group, lane: queue }];
  else delete known.isSent;
}

/** Takes a finished row out of the line; says who is next, should nothing be under way any more. */
export function leaveLine(lane: Lane, { inbox }: InboxRow): Waiting | undefined {
  if (lane.waiting === undefined) return undefined;
  lane.waiting = lane.waiting.filter((each) => each.inbox !== inbox);
  const [next] = lane.waiting;
  if (next === undefined) delete lane.waiting;
  return lane.pending === undefined ? next : undefined;
}

/** A creation has settled: the first of the line is looked at again, and its end brings the next. */
export function goOn(lane: Lane): Waiting | undefined {
  const [first] = lane.waiting ?? [];
  if (first === undefined || first.isSent === true || lane.pending !== undefined) return undefined;
  first.isSent = true;
  return first;
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
