import type { OrganizationId } from '../domain/ids.ts';
import type { Fault, HubError } from '../errors.ts';
import type { HubEvent } from '../ports/runtime.ts';
import { decideForRecord, workOf } from './asked.ts';
import type { Scene } from './scene.ts';
import type { Parked, ParkedWork, RecordChange, Values } from './state.ts';
import { takeUp } from './take-up.ts';
import { MAX_ABSENCES, TIMING } from './timing.ts';

export interface Cause {
  readonly cause: Parked['cause'];
  readonly reason: string;
  readonly fault: Fault;
  readonly code?: string;
  readonly wouldWrite?: Values;
  /** All of the lane waits, whatever the cause. */
  readonly isWayShut?: true;
  readonly drainAtMs?: number;
}

const SHUTS_THE_WAY: readonly Parked['cause'][] = ['unavailable', 'unauthorized', 'dead-letter'];
/** What these are of is written no more, and heard all the same. The less pressing first. */
const HEARD_STILL: readonly Parked['cause'][] = ['unsettled', 'doubtful'];
export const isHeardStill = ({ cause }: Pick<Parked, 'cause'>): boolean => HEARD_STILL.includes(cause);

/** Sets work aside: a refused copy alone, as a visible gap; with its way shut, the whole lane in its order. */
export function park(scene: Scene, { isWayShut: isShut, ...why }: Cause): void {
  const { link, lane, record, around } = scene;
  const isWayShut = isShut ?? SHUTS_THE_WAY.includes(why.cause);
  const holder = isWayShut ? lane : link;
  const { parked: before } = holder;
  if (before !== undefined && !isMorePressing(why, before)) return;
  if (before !== undefined) takeUp(scene.tree, before.id);
  const parked: Parked = {
    ...why,
    id: around.newId(),
    atMs: around.nowMs,
    attempts: lane.attempts,
    ...(why.cause === 'unavailable' ? { drainAtMs: around.nowMs + TIMING.drainAfterMs } : {}),
  };
  holder.parked = parked;
  lane.attempts = 0;
  if (!isWayShut) lane.behind = lane.behind.filter(({ id }) => id !== record.id);
  scene.tree.parked.push(workOf(parked, scene));
}

/** What is read still: why it cannot be is the more pressing of the two. */
function isMorePressing(why: Pick<Cause, 'cause'>, before: Parked): boolean {
  const urgency = (cause: Parked['cause']) =>
    HEARD_STILL.includes(cause) ? HEARD_STILL.indexOf(cause) : HEARD_STILL.length;
  return urgency(why.cause) > urgency(before.cause);
}

/** Of one lane: a root's item has an end. Whoever is parked beyond these goes on by a replay, one or in bulk. */
export const MOST_DRAINS = 200;

/**
 * Not found, without a word that it was deleted: a permission may be lost, and come back. It is looked for
 * again, ever more seldom, and nothing is concluded from its absence.
 */
export function parkUnseen(scene: Scene): void {
  const { link, lane, record, around } = scene;
  link.absences = (link.absences ?? 0) + 1;
  const reason = 'the copy is not to be found: gone, or out of the hub’s sight';
  park(scene, { cause: 'unseen', reason, fault: 'organization' });
  const others = (lane.drains ?? []).filter((each) => each.record !== record.id);
  if (link.absences > MAX_ABSENCES || others.length >= MOST_DRAINS) return;
  lane.drains = [...others, { record: record.id, atMs: around.nowMs + absenceMs(link.absences) }];
}

/**
 * What a copy would hang on, or others that are known to be there, are not to be found, so nobody can say whether it was
 * made: its lane waits, and looks again as for a copy out of sight.
 */
export function parkOutOfSight(scene: Scene): void {
  const { link } = scene.lane;
  link.absences = (link.absences ?? 0) + 1;
  const reason = 'what is known to be there is out of sight: whether this was created, nobody can tell';
  const why = { cause: 'unseen', reason, fault: 'organization', isWayShut: true } as const;
  const drainAtMs = scene.around.nowMs + absenceMs(link.absences);
  park(scene, link.absences > MAX_ABSENCES ? why : { ...why, drainAtMs });
}

/** It comes back by itself no more: who has put it back, and sees as little, is asked to decide. */
export const isLookedForInVain = ({ lane }: Scene): boolean => (lane.link.absences ?? 0) > MAX_ABSENCES;

/** All of a lane was set aside to learn what became of a request, and that is known: it goes on. */
export function openWay(scene: Scene): void {
  const { parked, pending, link } = scene.lane;
  if (parked === undefined || pending !== undefined || SHUTS_THE_WAY.includes(parked.cause)) return;
  unpark(scene, (each) => each === parked);
  delete link.absences;
}

const absenceMs = (times: number): number =>
  Math.min(TIMING.unseenCapMs, TIMING.drainAfterMs * 2 ** (times - 1));

/** Lets the work go on; the caller raises the wants. What would not settle keeps its count, so it is written but once. */
export function unpark(scene: Scene, isMeant: (parked: Parked) => boolean): boolean {
  const { link, lane, tree } = scene;
  let isFound = decideForRecord(scene, isMeant);
  for (const holder of [link, lane]) {
    if (holder.parked === undefined || !isMeant(holder.parked)) continue;
    takeUp(tree, holder.parked.id);
    const { cause } = holder.parked;
    delete holder.parked;
    lane.attempts = 0;
    isFound = true;
    // What was more pressing has stood for it.
    if (holder === link && cause !== 'doubtful' && link.besides !== undefined) parkBeside(scene);
  }
  return isFound;
}

export const SECOND_COPY = 'second_copy';

/** There is another copy beside this one: people are asked which is to stay. */
export function parkBeside(scene: Scene): void {
  const reason = 'a second copy of this record exists: delete the one that is not wanted';
  park(scene, { cause: 'doubtful', reason, fault: 'hub', code: SECOND_COPY });
}

/**
 * New content is a new chance for what was refused or would not settle; a lost grant or vendor stays lost. What comes
 * from a copy that has not settled itself is none: two such would wake each other for ever.
 */
export function unparkChanged(scene: Scene): void {
  const { record, place, tree } = scene;
  const news = tree.changes.filter(
    (change) => change.record === record.id && change.source !== place.connection.id,
  );
  unpark(scene, ({ cause }) => cause === 'rejected' && news.length > 0);
  const settled = news.filter((change) => !isUnsettled(scene, change));
  if (settled.length === 0 || !unpark(scene, ({ cause }) => cause === 'unsettled')) return;
  const { unsettled = {} } = scene.link;
  const fields = new Set(settled.flatMap((change) => Object.keys(change.fields)));
  const others = Object.entries(unsettled).filter(([field]) => !fields.has(field));
  if (others.length > 0) scene.link.unsettled = Object.fromEntries(others);
  else delete scene.link.unsettled;
}

function isUnsettled({ record, tree }: Scene, { source, fields }: RecordChange): boolean {
  const link = record.kind === 'comment' ? record.links[source] : tree.root.lanes[source]?.link;
  const names = Object.keys(fields);
  return names.length > 0 && names.every((name) => (link?.unsettled?.[name] ?? 0) > 0);
}

export const causeOf = (error: HubError): Cause => ({
  cause: error.reaction === 'retry' ? 'unavailable' : causeByCode(error),
  reason: error.message,
  fault: error.fault,
  code: codeOf(error),
});
/** The vendor's own, where it gave one. */
export const codeOf = (error: HubError): string =>
  'vendorCode' in error ? String(error.vendorCode) : error.code;
const causeByCode = (error: HubError): Parked['cause'] =>
  error.code === 'reauthorization_required' ? 'unauthorized' : 'rejected';

export function parkedEvent(work: ParkedWork, organization: OrganizationId, revision: number): HubEvent {
  return {
    id: `${work.record ?? work.inbox ?? work.id}@${revision}:${work.id}`,
    type: 'work.parked',
    organization,
    subject: work.root ?? work.connection,
    atMs: work.atMs,
    ...(work.correlation === undefined ? {} : { correlation: work.correlation }),
    data: {
      parked: work.id,
      connection: work.connection,
      cause: work.cause,
      fault: work.fault,
      ...(work.code === undefined ? {} : { code: work.code }),
      ...(work.root === undefined ? {} : { root: work.root }),
      ...(work.record === undefined ? {} : { record: work.record }),
    },
  };
}
