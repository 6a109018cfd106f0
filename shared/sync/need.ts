import type { ConnectionId, RecordId } from '../domain/ids.ts';
import { type Fields, referenceOf } from '../domain/record.ts';
import { fileOf } from './attachment.ts';
import { mayHideUnread } from './line.ts';
import { isHeardStill, SECOND_COPY } from './parking.ts';
import { capabilityOf, isChannel, type Place } from './places.ts';
import { mayStandAt, project } from './projection.ts';
import { type Scene, type Surroundings, sceneAt, type Tree } from './scene.ts';
import { unsent } from './sent.ts';
import type { Behind, Lane, Root } from './state.ts';

/** What one copy lacks to stand as its record does. */
export type Need = 'none' | 'read' | 'create' | 'update' | 'delete' | BytesNeed;
/** Of an attachment, by whoever looks after its bytes: they are to be brought here, or, its record being dead, to go. */
type BytesNeed = 'fetch' | 'discard';

export function needOf(scene: Scene): Need {
  const { record, link, place } = scene;
  if (holdsBytesInVain(scene)) return 'discard';
  const isAsked = link.needsRead === true && link.externalId !== undefined;
  if (isAsked && (link.parked === undefined || isHeardStill(link.parked))) return 'read';
  if (link.parked !== undefined && link.parked.code !== SECOND_COPY) return 'none';
  if (link.dead !== undefined || link.isBorrowed === true) return 'none';
  if (record.deleted !== undefined || !mayStandAt(record, place)) return canRemove(scene) ? 'delete' : 'none';
  // Which of two copies is to stay is people's to say; where none may, that is no question.
  if (link.parked !== undefined) return 'none';
  if (lacksBytes(scene)) return 'fetch';
  const wanted = project(record, link, place, scene.referred, scene.around.nowMs);
  if (wanted === undefined) return canRemove(scene) ? 'delete' : 'none';
  if (link.externalId === undefined) return canCreate(scene) ? 'create' : 'none';
  return lacking(scene, wanted).length > 0 || seeksReferred(scene) ? 'update' : 'none';
}

/** The fields to write: all but a reference to what has no copy there yet, which keeps nothing else waiting. */
export function lacking(scene: Scene, wanted: Fields): string[] {
  const fields = unsent(wanted, scene.link);
  if (awaitedReferred(scene) === undefined) return fields;
  const { field: reference } = referenceOf(scene.record.kind)!;
  return fields.filter((field) => field !== reference);
}

const isSource = ({ link }: Lane): boolean => link.origin === 'theirs' && link.externalId !== undefined;

/**
 * Whose worker looks after a file's bytes: that of the lane it came by. One that was sent through the hub itself came by
 * none; then it is one of those where it is to go, for bringing them back one that has it.
 */
function keepsBytes({ record, lane, tree, place, around }: Scene, isMeant: (lane: Lane) => boolean): boolean {
  if (record.kind !== 'attachment') return false;
  if (isSource(lane)) return true;
  const isSentByHub = Object.values(tree.root.lanes).every(({ link }) => link.origin === 'ours');
  return isSentByHub && firstLane(tree.root, around, isMeant) === place.connection.id;
}

const hasLivingCopy = ({ link }: Lane): boolean => link.externalId !== undefined && link.dead === undefined;

const lacksBytes = (scene: Scene): boolean =>
  keepsBytes(scene, hasLivingCopy) &&
  fileOf(scene.record).content === undefined &&
  scene.record.unread === undefined;

/** One worker alone: others may still be reading them for a last time. */
const holdsBytesInVain = (scene: Scene): boolean =>
  keepsBytes(scene, () => true) &&
  scene.record.deleted !== undefined &&
  fileOf(scene.record).content !== undefined;

/** A copy that names nobody lacks nothing by its looks, until the copy it is to name is known. */
const seeksReferred = (scene: Scene): boolean => awaitedReferred(scene) !== undefined && !isWaiting(scene);

function canRemove({ record, link, place }: Scene): boolean {
  if (link.externalId === undefined) return false;
  const ability = capabilityOf(place, record.kind)?.canDelete;
  return ability === 'always' || (ability === 'own' && link.origin === 'ours');
}

function canCreate(scene: Scene): boolean {
  const { record, place, tree, lane } = scene;
  if (capabilityOf(place, record.kind)?.creation === undefined) return false;
  if (record.unread !== undefined || tree.root.unread !== undefined) return false;
  if (record.kind === 'attachment' && (fileOf(record).content === undefined || lane.parent === null))
    return false;
  return isAlive(scene);
}

const isAlive = ({ tree, lane }: Scene): boolean =>
  tree.root.deleted === undefined && lane.link.dead === undefined;

/** Nothing is made under what is deleted; should that be brought back, this comment gets its copy. */
export function awaitsLife(scene: Scene): boolean {
  const { record, link, place } = scene;
  if (link.externalId !== undefined || link.parked !== undefined) return false;
  if (record.deleted !== undefined || isAlive(scene)) return false;
  return capabilityOf(place, record.kind)?.creation !== undefined && mayStandAt(record, place);
}

/**
 * A doubtful creation whose record was made internal or deleted since: its own bytes must not be said to a customer
 * now (invariant 7). Should they land after all, their mark leads back, and the copy is removed. Where no customer
 * sees them and nothing can be searched, sending them again is how their fate is learned.
 */
export function isWithdrawn(scene: Scene): boolean {
  if (needOf(scene) === 'create') return false;
  const by = capabilityOf(scene.place, scene.record.kind)?.creation?.by;
  return by === 'find' || isChannel(scene.place);
}

/** Whose copy there has to come before this one's: a file's parent's, that of what it refers to. */
export function awaited(scene: Scene): RecordId | undefined {
  const { record, lane, link } = scene;
  if (record.kind !== 'attachment') return awaitedReferred(scene);
  const isToCome = link.externalId === undefined && lane.parent === undefined;
  return isToCome ? fileOf(record).of.record : undefined;
}

/** A ticket's copy names its requester's copy, where the place has such at all and the hub writes the field. */
function awaitedReferred({ record, lane, link, place }: Scene): RecordId | undefined {
  const reference = referenceOf(record.kind);
  if (reference === undefined) return undefined;
  const named = record.fields[reference.field];
  const { record: known, isOld } = lane.referred ?? {};
  if (typeof named !== 'string' || (known === named && isOld !== true)) return undefined;
  const writable = capabilityOf(place, record.kind)?.fields[reference.field]?.writable;
  const isWritten = writable === 'always' || (writable === 'own' && link.origin === 'ours');
  const isKept = capabilityOf(place, reference.kind) !== undefined;
  return isWritten && isKept ? (named as RecordId) : undefined;
}

/** What could not be read where it was met. */
export const isOutOfSight = ({ unread, lanes }: Root): boolean =>
  // Stryker disable next-line ConditionalExpression: for the compiler alone, no lane is without a name
  unread !== undefined && lanes[unread]?.link.parked?.cause === 'unseen';

/** It is known to wait for that copy, which will wake it; its children, where it has a copy itself, go on. */
export function isWaiting(scene: Scene): boolean {
  const on = awaited(scene);
  return on !== undefined && scene.lane.waitsFor === on;
}

/** The next child to work on; none while what comes before it is still to be read. */
export function firstOfLine(tree: Tree, lane: Lane, place: Place, around: Surroundings): Behind | undefined {
  const first = firstAwake(tree, lane, place, around);
  return first === undefined || isHeldBack(tree, first, around) ? undefined : first;
}

/** What was said in a record folded into this one is brought over by one of its lanes, whether its way is shut or not. */
export function mustGather({ root }: Tree, place: Place, { places }: Surroundings): boolean {
  return root.givers !== undefined && firstLane(root, { places }) === place.connection.id;
}

/** What one of them has to do for all, whoever that is. */
function firstLane(
  { lanes }: Root,
  { places }: Pick<Surroundings, 'places'>,
  isMeant: (lane: Lane) => boolean = () => true,
): string | undefined {
  return Object.keys(lanes).find((id) => places.has(id as ConnectionId) && isMeant(lanes[id]!));
}

/** Nobody who is listed can go on; who stands beyond may. */
export function mustLookOn(tree: Tree, lane: Lane, place: Place, around: Surroundings): boolean {
  return around.rules.goesOn(lane) && firstAwake(tree, lane, place, around) === undefined;
}

function firstAwake(tree: Tree, lane: Lane, place: Place, around: Surroundings): Behind | undefined {
  const inOrder = around.rules.inOrder(lane.behind);
  return inOrder.find((behind) => !isAsleep(tree, lane, behind, sceneOf(tree, behind, place, around)));
}

function sceneOf(tree: Tree, { id }: Behind, place: Place, around: Surroundings): Scene | undefined {
  const child = tree.children.get(id);
  return child && sceneAt(tree, child, place, around);
}

/** By what it lacks where it is at hand; else by its mark, which holds while what it hangs on is dead. */
function isAsleep({ root }: Tree, { link }: Lane, behind: Behind, scene: Scene | undefined): boolean {
  if (scene !== undefined) return awaitsLife(scene);
  return behind.awaitsLife === true && (root.deleted !== undefined || link.dead !== undefined);
}

/** An earlier child of the same source is still to be read there: it would be overtaken. */
function isHeldBack({ root }: Tree, child: Behind, { places }: Surroundings): boolean {
  const { id, position, source, isUnread } = child;
  // Stryker disable next-line ConditionalExpression: for the compiler alone, no lane is without a name
  if (source === undefined) return false;
  const origin = isUnread === true ? undefined : root.lanes[source];
  if (origin === undefined || origin.parked !== undefined) return false;
  const isBefore = (each: Behind) =>
    each.isUnread === true &&
    (each.source ?? source) === source &&
    each.id !== id &&
    each.position < position;
  if (origin.behind.some(isBefore)) return true;
  // Whether one is, its own worker finds out, where it looks at its line at all.
  return places.has(source) && origin.link.externalId !== undefined && mayHideUnread(origin, child);
}
