import type { RecordId } from '../domain/ids.ts';
import type { Observation } from '../ports/mapping.ts';
import { comparable } from './adopt.ts';
import { isUnmarked } from './creating.ts';
import { childFrom, fill, fillOrLeave, rootFrom, shellFrom } from './creation.ts';
import { noteReturn, revive, takeDeletion } from './deletion.ts';
import { heardFrom, keepHeard } from './heard.ts';
import { lookBack, mergeOverlooked, takeNoNews } from './hindsight.ts';
import { absorb, judge, type Merged, noteLook, type Seen, seenOf } from './merge.ts';
import { isAfter, momentOf } from './moments.ts';
import { isFormer, observeOther } from './other-copy.ts';
import { unpark } from './parking.ts';
import { capabilityOf, type Place } from './places.ts';
import { hasLanded, isProofOf } from './proof.ts';
import { lacksReference, type Referred, referredBy, rememberReferred } from './reference.ts';
import { type Scene, type Surroundings, sceneAt, type Tree, treeOf, treeWith } from './scene.ts';
import { isWithdrawal, settleWithdrawal, settleWritten } from './settlement.ts';
import type { AnyRecord, Child, Claim, EndState, Link, Moment, Root, Tombstone } from './state.ts';
import { bury, isOver } from './tombstone.ts';
import { noteSettled } from './unsettled.ts';
import { compareVersions } from './versions.ts';
import { wantRead } from './want-read.ts';

/** What the claims, and the object's own mark, say an observation is about. */
export interface Identity {
  /** The root of the observed object, or of its parent. */
  readonly root?: Root;
  readonly child?: Child;
  /** The object itself is claimed, or carries the mark of a record that exists. */
  readonly isKnown: boolean;
  /** What it refers to. */
  readonly referred?: RecordId;
  /** Of an attachment that is unknown: what it hangs on. */
  readonly parent?: Claim;
  /** The object was deleted before it was ever seen. */
  readonly tombstone?: Tombstone;
  /** It is known by our mark alone. */
  readonly isUnclaimed?: true;
  /** What came before it at the same root still waits to be known. */
  readonly isInLine?: boolean;
}
export interface NewClaim {
  readonly kind: Observation['kind'];
  readonly externalId: Observation['externalId'];
  readonly claim: Claim | Tombstone;
}
export interface Taken {
  readonly end: EndState | 'open';
  readonly trees: readonly Tree[];
  readonly claims: readonly NewClaim[];
}

/** Takes in what a system holds now. Calls nobody: all it was told is in its arguments. */
export function observe(o: Observation, identity: Identity, place: Place, around: Surroundings): Taken {
  if (capabilityOf(place, o.kind) === undefined) return { end: 'filtered', trees: [], claims: [] };
  if (!identity.isKnown && (identity.isInLine === true || mayBeOurs(o, identity, place)))
    return wait(identity);
  if (!identity.isKnown && isOver(o, identity.tombstone)) return bury(o, identity.tombstone);
  const named = referredBy(o, identity.referred, place, around);
  return identity.isKnown
    ? observeKnown(o, identity, named, place, around)
    : observeNew(o, identity, named, place, around);
}

/** An unclaimed object of ours under way: its creation's settlement will claim it, and look at this again. */
function mayBeOurs(o: Observation, { root }: Identity, place: Place): boolean {
  if (root === undefined || o.marker !== undefined) return false;
  const { pending } = root.lanes[place.connection.id] ?? {};
  if (pending?.change.kind !== o.kind || pending.change.operation !== 'create') return false;
  if (isUnmarked(place, o.kind)) return true;
  return o.authorship !== 'other' || !o.isComplete || o.needsRead === true;
}

/** The event is looked at again as soon as the creation it may be of has settled. */
function wait({ root }: Identity): Taken {
  const trees = root === undefined ? [] : [treeOf(root)];
  return { end: 'open', trees, claims: [] };
}

function observeNew(
  o: Observation,
  identity: Identity,
  named: Referred,
  place: Place,
  around: Surroundings,
): Taken {
  const { referred } = named;
  if (o.kind === 'attachment') return observeNewFile(o, identity, place, around);
  if (o.kind !== 'comment') {
    const tree = rootFrom({ ...o, kind: o.kind }, place, around);
    rememberReferred(tree, o, referred, place);
    fillOrLeave(tree, tree.root, o, place, around, referred);
    return taken('applied', [tree, ...named.trees], [claimOf(o, tree.root), ...named.claims]);
  }
  const tree = identity.root === undefined ? parentOf(o, place, around) : treeOf(identity.root);
  if (tree === undefined) return { end: 'filtered', trees: [], claims: [] };
  const child = childFrom(tree, o, place, around, referred?.record);
  fillOrLeave(tree, child, o, place, around, undefined);
  const parentClaim = identity.root === undefined ? [parentClaimOf(o, tree)] : [];
  const claims = [claimOf(o, child), ...parentClaim, ...named.claims];
  return taken('applied', [tree, ...named.trees], claims);
}

/** What it hangs on has been made known first (`take-in.ts`); what hangs on nothing is nobody's. */
function observeNewFile(o: Observation, { parent }: Identity, place: Place, around: Surroundings): Taken {
  if (parent === undefined || o.parent === undefined) return taken('filtered', [], []);
  const tree = rootFrom({ ...o, kind: 'attachment' }, place, around);
  tree.root.file = { of: { ...parent, kind: o.parent.kind }, visibility: o.visibility ?? 'internal' };
  fillOrLeave(tree, tree.root, o, place, around, undefined);
  return taken('applied', [tree], [claimOf(o, tree.root)]);
}

const taken = (end: Taken['end'], trees: readonly Tree[], claims: readonly NewClaim[]): Taken => ({
  end,
  trees,
  claims,
});

/** A comment before its root was ever seen: the root is made as a shell, and read. */
function parentOf(o: Observation, place: Place, around: Surroundings): Tree | undefined {
  if (o.rootExternalId === undefined) return undefined;
  return shellFrom({ kind: 'ticket', externalId: o.rootExternalId, atMs: o.atMs }, place, around);
}
const parentClaimOf = (o: Observation, { root }: Tree): NewClaim => ({
  kind: 'ticket',
  externalId: o.rootExternalId ?? o.externalId,
  claim: { root: root.id, record: root.id },
});
const claimOf = (o: Observation, record: AnyRecord): NewClaim => ({
  kind: o.kind,
  externalId: o.externalId,
  claim: { root: record.kind === 'comment' ? record.root : record.id, record: record.id },
});

function observeKnown(
  o: Observation,
  identity: Identity,
  named: Referred,
  place: Place,
  around: Surroundings,
): Taken {
  const { tree, record } = treeWith(identity.root!, identity.child);
  const scene = sceneAt(tree, record, place, around, named.referred);
  const isAdopted = scene.link.externalId === undefined && !isFormer(scene.link, o);
  if (!isAdopted && scene.link.externalId !== o.externalId) {
    const end = observeOther(scene, o, identity);
    if (end === 'echo') return taken(end, [], []);
    const claims = o.life === 'deleted' ? bury(o, identity.tombstone).claims : [claimOf(o, record)];
    return taken(end, [tree], claims);
  }
  const end = isAdopted ? adopt(scene, o) : observeCopy(scene, o);
  const isNews = end !== 'echo' || lacksReference(tree, o);
  if (isNews) rememberReferred(tree, o, named.referred, place);
  const claims = isAdopted ? [claimOf(o, record)] : [];
  return taken(end, isNews ? [tree, ...named.trees] : [tree], isNews ? [...claims, ...named.claims] : claims);
}

/** An object with our mark that no link knows yet: the creation under way, or one whose answer was lost. */
function adopt(scene: Scene, o: Observation): EndState {
  const { lane, link, record, around } = scene;
  const { pending } = lane;
  if (pending?.record === record.id && pending.change.operation === 'create') {
    const merged = settleWritten(scene, pending, {
      externalId: o.externalId,
      ...(o.isComplete && o.needsRead !== true && o.life !== 'deleted' ? { observation: o } : {}),
    });
    if (o.life === 'deleted') return takeDeletion(scene, o);
    if (o.needsRead === true || !o.isComplete) wantRead(link);
    return merged.applied > 0 ? 'applied' : 'echo';
  }
  link.externalId = o.externalId;
  link.linkedAtMs = around.nowMs;
  link.sent = { ...link.creations?.at(-1) };
  wantRead(link);
  unpark(scene, ({ cause }) => cause === 'doubtful');
  lane.doubtful = lane.doubtful?.filter((each) => each.record !== record.id) ?? [];
  if (o.life === 'deleted') return takeDeletion(scene, o);
  return 'merged';
}

/** One observation of a copy we know. */
export function observeCopy(scene: Scene, told: Observation): EndState {
  const o = comparable(scene, told);
  // By what the vendor said: a whole state of which only a part can be compared is no list of what changed.
  const seen: Seen = { ...seenOf(o), isExact: !told.isComplete };
  const { link, record, around, place } = scene;
  if (o.life === 'deleted') return observeDeath(scene, o);
  if (link.dead !== undefined) return observeDead(scene, o, seen, link.dead);
  if (o.life === 'undeleted') noteReturn(link, o);
  if (scene.lane.pending?.record === record.id && around.rules.waitsForSettlement()) {
    return observeUnderWay(scene, o, seen);
  }
  if (o.needsRead === true) {
    wantRead(link, o);
    return 'merged';
  }
  const news = Object.keys(seen.fields).filter((field) => judge(scene, field, seen) !== 'echo');
  const order = compareVersions(seen.version, link.gotVersion);
  // Of the version that was announced it may be another state: stamps of a second are shared.
  if (record.unread === place.connection.id && o.isComplete && order === 'newer') {
    fill(scene, seen, o.initial);
    return 'applied';
  }
  const canRead = capabilityOf(place, o.kind)?.canRead === true;
  if (order === 'older') return observePast(scene, seen, canRead, news.length > 0);
  if (news.length === 0 && link.heard === undefined) {
    // Where versions cannot tell, the vendor's own times do: what is earlier is no look at what is there now.
    const isEarlier = order === 'unknown' && seen.atMs < link.gotAtMs;
    if (isEarlier) return observePast(scene, seen, canRead, false);
    const isUncertain = order === 'unknown' && mayBeBefore(link, seen);
    return isUncertain && canRead ? askForRead(scene, seen) : noNews(scene, seen, o, order);
  }
  if (canRead && (order !== 'newer' || !o.isComplete || link.needsRead === true)) {
    return askForRead(scene, seen);
  }
  return endOf(scene, absorb(scene, seen));
}

/**
 * Older than what we hold: it tells of what our own write replaced, or that what stands there was put back. That it
 * equals what we hold now says nothing of what stood there then.
 */
function observePast(scene: Scene, seen: Seen, canRead: boolean, isNews: boolean): EndState {
  const past = lookBack(scene, [heardFrom(seen)]);
  if (past.since.length > 0 && canRead) return askForRead(scene, seen);
  if (mergeOverlooked(scene, past) > 0) return 'applied';
  return isNews || past.overlooked.length > 0 ? 'merged' : 'echo';
}

function noNews(scene: Scene, seen: Seen, o: Observation, order: string): EndState {
  const { link } = scene;
  for (const field of Object.keys(seen.fields)) noteSettled(link, field);
  const end = takeNoNews(scene, heardFrom(seen)) > 0 ? 'applied' : 'echo';
  if (!o.isComplete) return end;
  if (order === 'newer') link.gotVersion = seen.version!;
  link.gotAtMs = Math.max(link.gotAtMs, seen.atMs);
  noteLook(scene, seen);
  return end;
}

/** Our last write, which nobody has looked at since, may be later than this. */
const mayBeBefore = ({ wrote }: Link, seen: Seen): boolean =>
  wrote !== undefined && wrote.seen === undefined && !isAfter(seen, wrote.base);

function askForRead({ link, around }: Scene, seen: Seen): EndState {
  wantRead(link, seen);
  if (around.rules.remembersHeard()) keepHeard(link, heardFrom(seen));
  return 'merged';
}

function observeDead(scene: Scene, o: Observation, seen: Seen, dead: Moment): EndState {
  const { link, around } = scene;
  if (o.life === 'undeleted') {
    revive(scene, o);
    wantRead(link);
    return 'applied';
  }
  const isLater = isAfter(seen, dead);
  if (!around.rules.provesLife(link, { atMs: seen.atMs, isLater })) return 'echo';
  wantRead(link);
  return 'merged';
}

function observeDeath(scene: Scene, o: Observation): EndState {
  if (isOurWithdrawal(scene, o)) return foretell(scene, o);
  return o.authorship !== 'other' && settleWithdrawal(scene) ? 'merged' : takeDeletion(scene, o);
}

/** Our own request under way tells of itself: what it means for the record, its settlement says. */
function isOurWithdrawal(scene: Scene, { authorship }: Observation): boolean {
  const { lane, record } = scene;
  const { pending } = lane;
  return pending?.record === record.id && authorship !== 'other' && isWithdrawal(scene, pending);
}

function foretell({ link }: Scene, o: Observation): EndState {
  link.doomed = momentOf(o);
  return 'merged';
}

/** While a request on this copy is under way, only its settlement can tell what an event means. */
function observeUnderWay(scene: Scene, o: Observation, seen: Seen): EndState {
  const { lane, link, around } = scene;
  const pending = lane.pending!;
  if (isProofOf(scene, pending, seen) && pending.isDoubtful === true && o.isComplete) {
    return endOf(scene, settleWritten(scene, pending, { ...o, observation: o }));
  }
  if (seen.authorship === 'hub') {
    if (hasLanded(scene, pending, seen)) pending.toldAs ??= momentOf(seen);
    return 'echo';
  }
  const order = compareVersions(seen.version, pending.baseVersion);
  if (order === 'older' || order === 'equal') return 'echo';
  if (around.rules.remembersHeard()) keepHeard(link, heardFrom(seen));
  return 'merged';
}

export function endOf({ link }: Scene, merged: Merged): EndState {
  if (link.parked?.cause === 'unsettled') return 'parked';
  if (merged.applied > 0) return 'applied';
  return merged.noted > 0 ? 'merged' : 'echo';
}
