import type { ConnectionId, RecordId, WakeId } from '../domain/ids.ts';
import type { RootKind } from '../domain/record.ts';
import type { WorkMessage } from '../ports/runtime.ts';
import { copyOf } from './copy.ts';
import { keepShort, lookAnew, passOver } from './line.ts';
import { newNameFor } from './living-copy.ts';
import { awaitsLife, firstOfLine, isOutOfSight, isWaiting, mustGather, mustLookOn, needOf } from './need.ts';
import { capabilityOf, type Place } from './places.ts';
import { newLane, type Surroundings, sceneAt, type Tree } from './scene.ts';
import type { Behind, Child, Dependent, Lane } from './state.ts';
import { TIMING } from './timing.ts';

/** A message to send once the commit that made its wake is done. */
export interface WakeOrder {
  readonly type: WorkMessage['type'];
  readonly integration: string;
  readonly root: RecordId;
  readonly connection: ConnectionId;
  readonly wake: WakeId;
  readonly delayMs: number;
  readonly correlation?: string;
}
export const messageOf = (order: WakeOrder, organization: WorkMessage['organization']): WorkMessage => ({
  type: order.type,
  organization,
  root: order.root,
  connection: order.connection,
  wake: order.wake,
  ...(order.correlation === undefined ? {} : { correlation: order.correlation }),
});

/** Gives a root, once it has been seen whole, a lane to every connection that takes its kind. */
export function openLanes(tree: Tree, around: Surroundings): void {
  const { root } = tree;
  if (root.isFannedOut === true || root.unread !== undefined || root.deleted !== undefined) return;
  for (const place of around.places.values()) {
    const { id, state } = place.connection;
    if (root.lanes[id] !== undefined || state.kind === 'pending') continue;
    if (capabilityOf(place, root.kind)?.creation === undefined) continue;
    root.lanes[id] = { ...newLane('ours'), ...copyOf(root.early ?? {}) };
  }
  root.isFannedOut = true;
  delete root.early;
}

/** Puts the children with work into each lane's line and raises *want* where there is any. */
export function raiseWants(tree: Tree, around: Surroundings): WakeOrder[] {
  const { root } = tree;
  if (root.isFannedOut !== true) waitForLanes(tree, around);
  return [...around.places.values()].flatMap((place) => {
    const lane = root.lanes[place.connection.id];
    if (lane === undefined) return [];
    for (const child of tree.children.values()) standInLine(tree, child, place, around);
    shorten(tree, lane, around);
    return want(tree, lane, place, around);
  });
}

function waitForLanes(tree: Tree, { rules }: Surroundings): void {
  const { root, children } = tree;
  if (children.size === 0) return;
  const early = (root.early?.behind ?? []).filter(({ id }) => !children.has(id));
  const here = [...children.values()].map((child) => placeInLine(child));
  root.early = { ...root.early, behind: rules.inOrder([...early, ...here]) };
  tree.unlisted.push(...keepShort(root.early, rules.lineLength()));
}

/** Lists no more than the first of a lane's line; the others have to have items of their own. */
export function shorten(tree: Tree, lane: Lane, { rules }: Surroundings): void {
  const isDead = tree.root.deleted !== undefined || lane.link.dead !== undefined;
  if (lane.hasSleepers === true && !isDead) {
    delete lane.hasSleepers;
    tree.unlisted.push(...lookAnew(lane));
  }
  const asleep = passOver(lane, rules.lineLength(), ({ awaitsLife }) => isDead && awaitsLife === true);
  if (asleep.length > 0) lane.hasSleepers = true;
  tree.unlisted.push(...asleep, ...keepShort(lane, rules.lineLength()));
}

const placeInLine = ({ id, position, source, order, unread }: Child, isAsleep = false): Behind => ({
  id,
  position,
  ...(isAsleep ? { awaitsLife: true as const } : {}),
  ...(unread === undefined ? {} : { isUnread: true as const }),
  ...(source === undefined ? {} : { source }),
  ...(order === undefined ? {} : { order }),
});

/** A child stands in a lane's line while it has work there; put anew where it does already, for its marks may change. */
export function standInLine(tree: Tree, child: Child, place: Place, around: Surroundings): void {
  const isKnownHere = child.links[place.connection.id] !== undefined;
  const scene = sceneAt(tree, child, place, around);
  const { lane } = scene;
  const isAsleep = awaitsLife(scene);
  if (!isAsleep && needOf(scene) === 'none') {
    if (!isKnownHere) delete child.links[place.connection.id];
    return;
  }
  const others = lane.behind.filter(({ id }) => id !== child.id);
  lane.behind = around.rules.inOrder([...others, placeInLine(child, isAsleep)]);
}

function want(tree: Tree, lane: Lane, place: Place, around: Surroundings): WakeOrder[] {
  if (!hasWork(tree, lane, place, around)) return [];
  lane.want = tree.root.revision;
  if (lane.wake !== undefined) return [];
  return [wakeAt(tree, lane, place, around, around.nowMs)];
}

export function hasWork(tree: Tree, lane: Lane, place: Place, around: Surroundings): boolean {
  if (mustGather(tree, place, around) || isAwaited(tree, place)) return true;
  if (lane.parked !== undefined) return false;
  if (lane.pending !== undefined) return true;
  const scene = sceneAt(tree, tree.root, place, around);
  const need = needOf(scene);
  if (need === 'read' || need === 'update' || need === 'delete') return true;
  if (need !== 'none' && !isWaiting(scene)) return true;
  if (lane.link.externalId === undefined || tree.root.givers !== undefined) return false;
  return firstOfLine(tree, lane, place, around) !== undefined || mustLookOn(tree, lane, place, around);
}

/**
 * Whoever waits for this copy, or for that of a comment that is at hand, is woken by its worker (`wakeDependents`), also
 * where a fold brought them here, or where nothing but the record was dead.
 */
function isAwaited(tree: Tree, { connection: { id } }: Place): boolean {
  // A contact out of sight wakes them as it is, and keeps them.
  if (isOutOfSight(tree.root)) return false;
  const isMeant = (each: Dependent) => each.connection === id && newNameFor(tree, each) !== undefined;
  return tree.root.dependents?.some(isMeant) ?? false;
}

/** Whose bytes go along has a function of its own. */
export const workOf = (kind: RootKind): WorkMessage['type'] =>
  kind === 'attachment' ? 'transfer' : 'reconcile';

/** Replaces whatever wake there was; the old one's message will be deleted unread. */
export function wakeAt(
  tree: Tree,
  lane: Lane,
  place: Place,
  around: Surroundings,
  dueAtMs: number,
): WakeOrder {
  const id = around.newId() as WakeId;
  const delayMs = Math.min(Math.max(0, dueAtMs - around.nowMs), TIMING.maxDelayMs);
  const correlation = around.cause?.correlation ?? lane.wake?.correlation;
  const begun = correlation === undefined ? {} : { correlation };
  lane.wake = { id, dueAtMs: around.nowMs + delayMs, ...begun };
  return {
    ...begun,
    type: workOf(tree.root.kind),
    integration: place.manifest.id,
    root: tree.root.id,
    connection: place.connection.id,
    wake: id,
    delayMs,
  };
}
