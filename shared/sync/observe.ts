import type { Observation } from '../ports/mapping.ts';
import { isUnmarked } from './creating.ts';
import { childFrom, fillOrLeave, rootFrom, shellFrom } from './creation.ts';
import { takeDeletion } from './deletion.ts';
import { momentOf } from './moments.ts';
import { observeCopy } from './observe-copy.ts';
import { isBack, isFormer, observeOther } from './other-copy.ts';
import { unpark } from './parking.ts';
import { capabilityOf, type Place } from './places.ts';
import type { Named } from './projection.ts';
import { lacksReference, type Referred, referredBy, rememberReferred } from './reference.ts';
import { type Scene, type Surroundings, sceneAt, type Tree, treeOf, treeWith } from './scene.ts';
import { settleWritten } from './settlement.ts';
import type { AnyRecord, Child, Claim, EndState, Moment, Root, Tombstone } from './state.ts';
import { bury, isOver } from './tombstone.ts';
import { awaitLook } from './unsettled.ts';
import { wantRead } from './want-read.ts';

/** What the claims, and the object's own mark, say an observation is about. */
export interface Identity {
  /** The root of the observed object, or of its parent. */
  readonly root?: Root;
  readonly child?: Child;
  /** The object itself is claimed, or carries the mark of a record that exists. */
  readonly isKnown: boolean;
  /** What it refers to. */
  readonly referred?: Named;
  /** Of an attachment that is unknown: what it hangs on. */
  readonly parent?: Claim;
  /** What it hangs on was merged away, and is back. */
  readonly isParentBack?: true;
  /** The object was deleted before it was ever seen. */
  readonly tombstone?: Tombstone;
  /** It was brought back then. */
  readonly back?: Moment;
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

function otherClaimOf(o: Observation, { record, link }: Scene, { tombstone, back }: Identity): NewClaim {
  const { claim, ...of } = claimOf(o, record);
  const since = tombstone !== undefined || isBack(link, o) ? momentOf(o) : back;
  return { ...of, claim: since === undefined ? claim : { ...(claim as Claim), back: since } };
}

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
    const claims =
      o.life === 'deleted' ? bury(o, identity.tombstone).claims : [otherClaimOf(o, scene, identity)];
    return taken(end, [tree], claims);
  }
  const end = isAdopted ? adopt(scene, o) : observeCopy(scene, o);
  const isNews = end !== 'echo' || lacksReference(tree, o);
  if (isNews) rememberReferred(tree, o, named.referred, place);
  const claims = isAdopted ? [claimOf(o, record)] : [];
  return taken(end, isNews ? [tree, ...named.trees] : [tree], isNews ? [...claims, ...named.claims] : claims);
}

/** An object with our mark that no link knows yet: the creation under way, or one whose answer was lost. */
export function adopt(scene: Scene, o: Observation): EndState {
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
  awaitLook(link, Object.keys(link.sent), 'written');
  wantRead(link);
  unpark(scene, ({ cause }) => cause === 'doubtful');
  lane.doubtful = lane.doubtful?.filter((each) => each.record !== record.id) ?? [];
  if (o.life === 'deleted') return takeDeletion(scene, o);
  return 'merged';
}
