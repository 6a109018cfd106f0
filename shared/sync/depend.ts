import type { ExternalId, RecordId } from '../domain/ids.ts';
import { isReferredTo, referenceOf } from '../domain/record.ts';
import { fileOf } from './attachment.ts';
import { mayBeMerged } from './deletion.ts';
import { listTogether } from './dependent-list.ts';
import { bringChild, loadRoot, placementOf } from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { claimKey, rootKey } from './keys.ts';
import { isInQuestion, livingCopy, mayCome } from './living-copy.ts';
import { isAfter } from './moments.ts';
import { isOutOfSight } from './need.ts';
import { capabilityOf } from './places.ts';
import { newLane, type Tree, treeOf } from './scene.ts';
import { around, laneOf, organizationOf, type Shift } from './shift.ts';
import type { Claim, Dependent, Link, Moment, Pending, Root, Tombstone } from './state.ts';
import { lookForReturn, wantRead } from './want-read.ts';

/** The record whose copy has to come first: known where that exists, else waited for; it wakes its dependents. */
export function meet(shift: Shift, on: RecordId): Promise<void> {
  shift.isDirty = true;
  return shift.tree.root.kind === 'attachment' ? meetParent(shift) : meetReferred(shift, on);
}

/** A ticket's copy names its requester's, a contact's its account's. */
async function meetReferred(shift: Shift, on: RecordId): Promise<void> {
  const { session, message } = shift;
  const lane = laneOf(shift);
  const root = await loadRoot(session, organizationOf(shift), on);
  const link = root?.lanes[message.connection]?.link;
  const missed = root && (await missedDeath(shift, root));
  shift.progress = { ...shift.progress, named: on };
  const { referred: before } = lane;
  delete lane.referred;
  if (root === undefined || root.deleted !== undefined || link?.dead !== undefined) {
    // Named again should it be brought back.
    if (root !== undefined && link !== undefined)
      register(shift, treeOf(root), { ...self(shift), named: null });
    // What was brought back names it still, and it may be on its way back itself.
    const named = before?.isOld === true && before.record === on ? before.externalId : null;
    lane.referred = { record: on, externalId: named };
  } else if (missed !== undefined) {
    return waitFor(shift, on, askAnew(shift, treeOf(root), self(shift), missed));
  } else if (link?.externalId !== undefined && !isInQuestion(link)) {
    const { externalId } = link;
    lane.referred = { record: on, externalId };
    const isOld = before?.isOld === true && before.externalId === externalId;
    if (isOld && !doubtOld(shift, root, externalId)) {
      lane.referred.isOld = true;
      return waitFor(shift, on, false);
    }
  } else {
    const isListed = register(shift, treeOf(root), self(shift));
    if (!isOutOfSight(root)) return waitFor(shift, on, isListed);
    // Made do without, and named once it is seen: nobody's case waits for a profile that may not be read.
    lane.referred = { record: on, externalId: null };
  }
  delete lane.waitsFor;
}

/**
 * While what names it was in the bin it may have been merged into another, which nobody has told of, or may still be looked
 * at. False where nobody would tell of what a look shows.
 */
function doubtOld(shift: Shift, root: Root, named: ExternalId): boolean {
  if (!mayBeMerged({ record: root, place: shift.place, around: around(shift) })) return true;
  return askAnew(shift, treeOf(root), doubting(shift, named));
}

/**
 * It is borrowed, and whose copy it was has heard that it is gone: a merge has moved on without who borrows it. Of one
 * death it is asked once: should the look show it there, it has been brought back.
 */
async function missedDeath(shift: Shift, { kind, lanes }: Root): Promise<Moment | undefined> {
  const { connection } = shift.message;
  const { externalId, isBorrowed, parked, missed } = lanes[connection]?.link ?? {};
  if (externalId === undefined || isBorrowed !== true || parked !== undefined) return undefined;
  const key = claimKey(organizationOf(shift), connection, kind, externalId);
  const held = await shift.session.get<Claim | Tombstone>(key);
  if (held === undefined || !('dead' in held)) return undefined;
  return missed === undefined || isAfter(held.dead, missed) ? held.dead : undefined;
}

/**
 * It may have been refused for whom it names, of whose end nobody has heard: that one is looked at, and should it be
 * named otherwise from then on, or not at all, this is done anew.
 */
export async function doubtNamed(shift: Shift, { kind, fields }: Pending['change']): Promise<void> {
  const { message, session, place } = shift;
  const { record, externalId = null } = laneOf(shift).referred ?? {};
  const reference = referenceOf(kind);
  if (record === undefined || externalId === null || reference === undefined) return;
  if (fields[reference.field] !== externalId || capabilityOf(place, reference.kind)?.canRead !== true) return;
  const root = await loadRoot(session, organizationOf(shift), record);
  if (root?.lanes[message.connection] === undefined) return;
  askAnew(shift, treeOf(root), doubting(shift, externalId));
}

/**
 * What a file was to hang on is gone, and is another record's copy, of whose end nobody tells this one: it is looked at,
 * and the file waits for what is told after that.
 */
export async function doubtShared(shift: Shift, { kind, operation }: Pending['change']): Promise<void> {
  if (kind !== 'attachment' || operation !== 'create') return;
  const { of } = fileOf(shift.tree.root);
  const root = await loadRoot(shift.session, organizationOf(shift), of.root);
  const link = root?.lanes[shift.message.connection]?.link;
  if (root === undefined || link?.isBorrowed !== true || link.dead !== undefined) return;
  waitFor(shift, of.record, askAnew(shift, treeOf(root), self(shift)));
}

const self = ({ tree, message }: Shift): Dependent => ({
  root: tree.root.id,
  connection: message.connection,
});

const doubting = (shift: Shift, named: ExternalId): Dependent => ({
  ...self(shift),
  named,
  doubtedAtMs: around(shift).nowMs,
});

/**
 * A look says what goes on for it; whom that concerns is told after that. One that is to come anyway will do: should it
 * have begun, it finds this written, and begins anew.
 */
function askAnew(shift: Shift, waiting: Tree, dependent: Dependent, missed?: Moment): boolean {
  const lane = waiting.root.lanes[shift.message.connection]!;
  const isToCome = lane.link.needsRead === true;
  if (!isToCome || missed !== undefined) wantRead(lane.link, missed);
  if (missed !== undefined) lane.link.missed = missed;
  if (!isToCome) {
    const wake = wakeAt(waiting, lane, shift.place, around(shift), around(shift).nowMs);
    shift.owed.push({ organization: organizationOf(shift), wakes: [wake], outbox: [] });
  }
  const isListed = list(waiting, dependent);
  keep(shift, waiting);
  return isListed;
}

/**
 * Another record's copy is in the bin: should it come back, its owner alone is told, which tells who borrows it. Of a return
 * of which that one has heard already this is asked once: the look may have shown what was before it.
 */
export async function awaitReturn(shift: Shift, link: Link): Promise<void> {
  const owner = await ownerOf(shift, link.externalId!);
  if (owner === undefined) return;
  const { dead, revived } = owner.lanes[shift.message.connection]?.link ?? {};
  const isBack = revived !== undefined && dead === undefined && owner.deleted === undefined;
  if (isBack && (link.revived === undefined || isAfter(revived, link.revived))) {
    link.revived = revived;
    return lookForReturn(link);
  }
  const waiting = treeOf(owner);
  if (list(waiting, { ...self(shift), named: null })) keep(shift, waiting);
}

async function ownerOf(shift: Shift, externalId: ExternalId): Promise<Root | undefined> {
  const { session, message, tree } = shift;
  const key = claimKey(organizationOf(shift), message.connection, tree.root.kind, externalId);
  const held = await session.get<Claim | Tombstone>(key);
  const id = held !== undefined && 'dead' in held ? held.wasOf : held?.root;
  const owner = id && (await loadRoot(session, organizationOf(shift), id));
  return owner && owner.id !== tree.root.id ? owner : undefined;
}

/** A file hangs on its parent's copy. While that is not to be there, or is dead, nothing is to do for the file. */
async function meetParent(shift: Shift): Promise<void> {
  const { session, message, tree, place } = shift;
  const lane = laneOf(shift);
  const { of } = fileOf(tree.root);
  const root = await loadRoot(session, organizationOf(shift), of.root);
  delete lane.waitsFor;
  delete lane.parent;
  if (lane.staged !== undefined) shift.progress = { ...shift.progress, named: of.record };
  if (root === undefined || !mayCome(root, of.kind, place)) {
    lane.parent = null;
    return;
  }
  const parents = treeOf(root);
  const missed = await missedDeath(shift, root);
  if (missed !== undefined) return waitFor(shift, of.record, askAnew(shift, parents, self(shift), missed));
  const child = of.kind === 'comment' ? await childOf(shift, parents, of.record) : undefined;
  const externalId = livingCopy(parents, child, message.connection);
  if (externalId !== undefined) {
    const ref = { kind: of.kind, externalId };
    const rootExternalId = root.lanes[message.connection]?.link.externalId;
    lane.parent = child === undefined || rootExternalId === undefined ? ref : { ...ref, rootExternalId };
    return;
  }
  if (!shift.desk.rules.waitsForParent()) {
    lane.parent = null;
    return;
  }
  const dependent = self(shift);
  const isListed = register(shift, parents, child === undefined ? dependent : { ...dependent, on: child });
  waitFor(shift, of.record, isListed);
}

/** Until that copy wakes it; who could not be listed comes by, with whatever else there is to do for it done. */
function waitFor(shift: Shift, on: RecordId, isListed: boolean): void {
  if (isListed) laneOf(shift).waitsFor = on;
  else shift.progress = { ...shift.progress, unlisted: on };
}

/** The comment, or the one it was found to be. */
async function childOf(shift: Shift, parents: Tree, id: RecordId): Promise<RecordId> {
  const child = await bringChild(shift.session, parents, organizationOf(shift), id);
  return child?.foldedInto === undefined ? id : childOf(shift, parents, child.foldedInto);
}

/**
 * In the same commit as the waiting: what is waited for cannot get its copy without knowing who waits for it. False
 * where so many are listed already that no more find room.
 */
function register(shift: Shift, waiting: Tree, dependent: Dependent): boolean {
  const isListed = list(waiting, dependent);
  const isOpened = isReferredTo(waiting.root.kind) && openLane(shift, waiting);
  if (isListed || isOpened) keep(shift, waiting);
  return isListed;
}

function list({ root }: Tree, dependent: Dependent): boolean {
  const others = (root.dependents ?? []).filter(
    (each) => each.root !== dependent.root || each.connection !== dependent.connection,
  );
  const { listed } = listTogether(others, [dependent]);
  const hasRoom = listed.includes(dependent);
  if (hasRoom) root.dependents = listed;
  return hasRoom;
}

function keep(shift: Shift, { root }: Tree): void {
  const organization = organizationOf(shift);
  shift.session.put(rootKey(organization, root.id), root, placementOf(root, organization));
}

/** What is older than the connection gets its copy there when the first that refers to it asks for it. */
function openLane(shift: Shift, waiting: Tree): boolean {
  const { root } = waiting;
  const { connection } = shift.message;
  if (root.isFannedOut !== true || root.lanes[connection] !== undefined) return false;
  const lane = newLane('ours');
  root.lanes[connection] = lane;
  const wake = wakeAt(waiting, lane, shift.place, around(shift), around(shift).nowMs);
  shift.owed.push({ organization: organizationOf(shift), wakes: [wake], outbox: [] });
  return true;
}
