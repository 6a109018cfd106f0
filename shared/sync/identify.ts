import type { OrganizationId, RecordId } from '../domain/ids.ts';
import { referredKind } from '../domain/record.ts';
import type { Observation } from '../ports/mapping.ts';
import {
  commentsCreatedAs,
  commentUnderWay,
  createdAs,
  creatingAt,
  isOurCreation,
  isUnmarked,
  speakersAt,
} from './creating.ts';
import { type Desk, loadChild, loadRoot } from './desk.ts';
import { claimKey, rootOf } from './keys.ts';
import type { Identity } from './observe.ts';
import type { Place } from './places.ts';
import type { Named } from './projection.ts';
import type { Session } from './session.ts';
import type { Child, Claim, Root, Tombstone } from './state.ts';
import { isOver, tellsOfReturn } from './tombstone.ts';

type Find = (
  kind: Observation['kind'],
  externalId: Observation['externalId'] | undefined,
) => Promise<Claim | Tombstone | undefined> | undefined;

const claimsAt =
  ({ rules }: Desk, session: Session, { connection: { organization, id } }: Place): Find =>
  (kind, externalId) =>
    externalId === undefined || !rules.claims()
      ? undefined
      : session.get<Claim | Tombstone>(claimKey(organization, id, kind, externalId));

function parentIn(o: Observation, claimOf: Find): ReturnType<Find> {
  if (o.kind === 'comment') return claimOf('ticket', o.rootExternalId);
  return o.kind === 'attachment' && o.parent !== undefined
    ? claimOf(o.parent.kind, o.parent.externalId)
    : undefined;
}

/**
 * What hung on an object that was merged away is of the record whose copy that was, and is told of no more. What goes on
 * for it may be another conversation's.
 */
async function whoseItWas(
  session: Session,
  organization: OrganizationId,
  held: Claim | Tombstone | undefined,
): Promise<Claim | undefined> {
  if (held === undefined || !('dead' in held)) return held;
  const root = held.wasOf && (await loadRoot(session, organization, held.wasOf));
  return root && { root: root.id, record: root.id };
}

/** Whom an object names, by what that id is claimed for: who was merged away goes by another by now. */
export async function whomItNames(
  session: Session,
  organization: OrganizationId,
  held: Claim | Tombstone | undefined,
): Promise<Named | undefined> {
  const { record } = (await whoseItWas(session, organization, held)) ?? {};
  return record && { record, ...(held !== undefined && 'dead' in held ? { isOld: true } : {}) };
}

export interface Identified extends Identity {
  /** The mark on the object names another record than its claim: the younger is to fold into the older. */
  readonly toFold?: { readonly younger: Claim; readonly olderId: RecordId };
}

/** Who an observed object is: by its claim first, read strongly; by our own mark on it where it has none. */
export async function identify(
  desk: Desk,
  session: Session,
  place: Place,
  o: Observation,
): Promise<Identified> {
  const { organization } = place.connection;
  const claimOf = claimsAt(desk, session, place);
  const referred = referredKind(o.kind);
  const [held, parentHeld, referredHeld] = await Promise.all([
    claimOf(o.kind, o.externalId),
    parentIn(o, claimOf),
    referred === undefined ? undefined : claimOf(referred, o.refersTo),
  ]);
  const own = alive(held);
  const parent = await whoseItWas(session, organization, parentHeld);
  const named = await whomItNames(session, organization, referredHeld);
  const refers = named === undefined ? {} : { referred: named };
  const returned = await returnedRecord(session, place, o, buried(held).tombstone);
  if (returned !== undefined)
    return { root: returned, ...refers, ...buried(held), isKnown: true, isUnclaimed: true };
  const marked = await markedRecord(session, place, o, buried(held).tombstone);
  if (marked !== undefined) {
    const markedId = marked.child?.id ?? marked.root.id;
    if (own === undefined) return { ...marked, ...refers, ...buried(held), isKnown: true, isUnclaimed: true };
    // The claim may name a record that was folded since.
    if ((await livingIdOf(session, organization, own.record, o.kind)) === markedId)
      return { ...marked, ...refers, ...backOf(own), isKnown: true };
    return { ...marked, ...refers, isKnown: true, toFold: { younger: own, olderId: markedId } };
  }
  const claimed = own === undefined ? undefined : await recordOf(session, organization, own, o.kind);
  if (claimed !== undefined) {
    const olderId = await olderOf(desk, session, place, o, claimed);
    const toFold = olderId === undefined ? {} : { toFold: { younger: own!, olderId } };
    return { ...claimed, ...refers, ...backOf(own), isKnown: true, ...toFold };
  }
  const back = (await isBack(session, place, o, parentHeld)) ? ({ isParentBack: true } as const) : undefined;
  if (o.kind === 'attachment') return { ...parentId(parent), ...buried(held), isKnown: false, ...back };
  const root = parent === undefined ? undefined : await loadRoot(session, organization, parent.root);
  const created = await createdRecord(desk, session, place, o, root);
  if (created !== undefined) return { ...created, ...refers };
  if (back !== undefined && commentUnderWay(root?.lanes[place.connection.id]) === undefined)
    return { ...refers, ...buried(held), isKnown: false, ...back };
  return { ...refers, ...buried(held), isKnown: false, ...(root === undefined ? {} : { root }) };
}

/** In whose lines what tells of an unknown object may stand: a comment's in those of all who speak where it hangs. */
export async function linesFor(
  desk: Desk,
  session: Session,
  place: Place,
  o: Observation,
  { root, isKnown }: Identity,
): Promise<readonly Root[]> {
  if (isKnown) return [];
  const own = root === undefined ? [] : [root];
  if (o.kind !== 'comment' || !isUnmarked(place, o.kind)) return own;
  const { organization } = place.connection;
  const parent = await whoseItWas(session, organization, await parentIn(o, claimsAt(desk, session, place)));
  const spokenAt = parent && (await loadRoot(session, organization, parent.root));
  const speakers = await speakersAt(session, place, spokenAt);
  return [...own, ...speakers.filter(({ id }) => id !== root?.id)];
}

const parentId = (parent: Claim | undefined): Pick<Identity, 'parent'> =>
  parent === undefined ? {} : { parent };
const buried = (held: Claim | Tombstone | undefined): Pick<Identity, 'tombstone'> =>
  held !== undefined && 'dead' in held ? { tombstone: held } : {};

/**
 * Whether what it hangs on, and was merged away, is to be looked for again. One of ours is not, whose record has another for
 * its own by now: back or not, what is said there is that record's, and a second copy is only what its vendor says is back.
 */
async function isBack(
  session: Session,
  { connection }: Place,
  o: Observation,
  parent: Claim | Tombstone | undefined,
): Promise<boolean> {
  if (parent === undefined || !('dead' in parent) || !tellsOfReturn(o, parent)) return false;
  if (parent.isOurs !== true) return true;
  const root = await loadRoot(session, connection.organization, parent.wasOf!);
  return root?.lanes[connection.id]?.link.isBorrowed === true;
}

const backOf = (own: Claim | undefined): Pick<Identity, 'back'> =>
  own?.back === undefined ? {} : { back: own.back };

const alive = (claim: Claim | Tombstone | undefined): Claim | undefined =>
  claim === undefined || 'dead' in claim ? undefined : claim;

/** Claimed by its id alone, and shown whole only now: what a doubtful creation of ours made, by its looks. */
async function olderOf(
  desk: Desk,
  session: Session,
  place: Place,
  o: Observation,
  { root, child }: Found,
): Promise<RecordId | undefined> {
  const record = child ?? root;
  if (record.unread !== place.connection.id) return undefined;
  const created = await createdAs(desk, session, place, o, root);
  const older = created && (await livingIdOf(session, place.connection.organization, created, o.kind));
  return older === record.id ? undefined : older;
}

/** The record whose creation made this object: by our mark on it, or by what was asked for where the vendor keeps none. */
export async function makerOf(
  desk: Desk,
  session: Session,
  place: Place,
  o: Observation,
  root: Root | undefined,
): Promise<RecordId | undefined> {
  const named = o.marker ?? (await createdAs(desk, session, place, o, root));
  return named && livingIdOf(session, place.connection.organization, named, o.kind);
}

/** Whose id this is by now: its record's, or that's it was folded into; nobody's where the organization has none such. */
export async function livingIdOf(
  session: Session,
  organization: OrganizationId,
  id: RecordId,
  kind: Observation['kind'],
): Promise<RecordId | undefined> {
  const found = await recordOf(session, organization, { root: rootOf(id), record: id }, kind);
  return found?.child?.id ?? found?.root.id;
}

/** At a vendor that keeps no mark of ours: a creation of ours, under way or in doubt, that this object must be. */
async function createdRecord(
  desk: Desk,
  session: Session,
  place: Place,
  o: Observation,
  root: Root | undefined,
): Promise<Identity | undefined> {
  const { organization, id } = place.connection;
  if (o.kind === 'comment') return createdComment(session, place, o, root);
  if (!isUnmarked(place, o.kind)) return undefined;
  const creating = await creatingAt(desk.deps.store, place, o.kind);
  const { ours = [], others = [] } = Object.groupBy(creating, (each) =>
    isOurCreation(o, each, place) ? 'ours' : 'others',
  );
  for (const each of [...ours, ...others.filter(({ isDoubtful }) => isDoubtful === undefined)]) {
    const found = await loadRoot(session, organization, each.root);
    // One that has its copy by now has made that.
    if (found !== undefined && found.lanes[id]?.link.externalId === undefined)
      return { root: found, isKnown: ours.includes(each) };
  }
  return undefined;
}

/** Made for whoever speaks there; while one of those that share it has a creation under way, it may be that one's. */
async function createdComment(
  session: Session,
  place: Place,
  o: Observation,
  root: Root | undefined,
): Promise<Identity | undefined> {
  const { organization, id } = place.connection;
  const speakers = await speakersAt(session, place, root);
  for (const { root: speaker, record } of commentsCreatedAs(o, speakers, place)) {
    const child = await loadChild(session, organization, speaker, record);
    if (child !== undefined) return { root: speaker, child, isKnown: true };
  }
  const busy = speakers.find(({ lanes }) => commentUnderWay(lanes[id]) !== undefined);
  return busy === undefined || busy === root ? undefined : { root: busy, isKnown: false };
}

/** Merged away and taken out of the bin: of the record whose copy it was, where that has but shared another's since, or had made it. */
async function returnedRecord(
  session: Session,
  { connection: { id, organization } }: Place,
  o: Observation,
  tombstone: Tombstone | undefined,
): Promise<Root | undefined> {
  if (tombstone?.wasOf === undefined || isOver(o, tombstone)) return undefined;
  const root = await loadRoot(session, organization, tombstone.wasOf);
  const isOwn = root?.lanes[id]?.link.binned?.externalId === o.externalId;
  return isOwn || tombstone.isOurs === true ? root : undefined;
}

interface Found {
  readonly root: Root;
  readonly child?: Child;
}

/**
 * A mark counts only if it names a record of this organization whose copy here is this object, or none yet, or dead:
 * then this is the late landing of a creation given up, or sent twice. Beside a copy that lives it counts where a
 * creation may have made two, where that copy came after another, and on what died before it was known and is back:
 * anything else somebody has copied.
 */
async function markedRecord(
  session: Session,
  { connection: { id, organization } }: Place,
  o: Observation,
  tombstone: Tombstone | undefined,
): Promise<Found | undefined> {
  if (o.marker === undefined || (tombstone !== undefined && isOver(o, tombstone))) return undefined;
  const claim: Claim = { root: rootOf(o.marker), record: o.marker };
  const found = await recordOf(session, organization, claim, o.kind);
  if (found === undefined) return undefined;
  const link = found.child === undefined ? found.root.lanes[id]?.link : found.child.links[id];
  const isFree = link?.externalId === undefined || link.externalId === o.externalId;
  const mayBeTwo = [tombstone, link?.dead, link?.creations, link?.former].some((each) => each !== undefined);
  return isFree || mayBeTwo ? found : undefined;
}

async function recordOf(
  session: Session,
  organization: OrganizationId,
  claim: Claim,
  kind: Observation['kind'],
): Promise<Found | undefined> {
  const root = await loadRoot(session, organization, claim.root);
  if (root === undefined) return undefined;
  if (kind !== 'comment') return root.kind === kind ? { root } : undefined;
  const child = await loadChild(session, organization, root, claim.record);
  return child === undefined ? undefined : { root, child };
}
