import type { ConnectionId, ExternalId, RecordId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Merged, RemoteState } from '../ports/integration.ts';
import { isUnmarked } from './creating.ts';
import { close, deathOf, die } from './deletion.ts';
import { loadRoot, placementOf } from './desk.ts';
import { foldInto } from './fold.ts';
import { makerOf } from './identify.ts';
import { claimKey, parkedKey, rootKey } from './keys.ts';
import { isBefore, momentOf } from './moments.ts';
import { project } from './projection.ts';
import { newLink, type Scene, treeOf } from './scene.ts';
import type { ReadTaken } from './settlement.ts';
import { around, laneOf, organizationOf, rewake, type Shift, sceneOf } from './shift.ts';
import type { Claim, Lane, Link, Parked, Root, Tombstone, Values } from './state.ts';
import { takeUp } from './take-up.ts';
import { backLaterMs, TIMING } from './timing.ts';
import { judgeUnlooked } from './unlooked.ts';
import { forgetAsking, isPast, isPastDeath } from './want-read.ts';

/**
 * The vendor merged this record's object into another of its kind: the link follows what goes on. Nobody knows that
 * one yet: it is this record's copy now. It is another record's, and no other system may hold both: the two are one.
 * Else each keeps its own conversation; what is said in this one goes on to the object they share, and its ticket is
 * closed.
 */
export async function meetSurvivor(shift: Shift, record: Root, merged: Merged): Promise<void> {
  const { session, message } = shift;
  const survivor = merged.mergedInto;
  shift.isDirty = true;
  noteEnd(laneOf(shift).link, merged.mergedAt);
  if (record.deleted !== undefined) return dieAs(shift, record, survivor);
  const organization = organizationOf(shift);
  const keyOf = (id: ExternalId) => claimKey(organization, message.connection, record.kind, id);
  const held = await session.get<Claim | Tombstone>(keyOf(survivor));
  const holder =
    held === undefined ? await creatorOf(shift, record, survivor) : 'dead' in held ? undefined : held.root;
  const other = holder && (await loadRoot(session, organization, holder));
  // What was made for another record that one learns first, by its own creation.
  const madeMs = held === undefined ? unmadeUntilMs(shift, other) : 0;
  if (madeMs > 0) return rewake(shift, madeMs);
  const isNews = judgeUnlooked(sceneOf(shift, record));
  if (await isAnothersPast(shift, record, held)) return passOn(shift, record, survivor);
  const isFree = other === undefined || other.id === record.id;
  const isShared = !isFree && mayHoldBoth(shift, record, other);
  // A fold saves another tree than this one.
  const heardMs = isNews ? around(shift).nowMs : 0;
  const busyMs =
    isFree || isShared ? 0 : Math.max(heardMs, busyUntilMs(shift, record), busyUntilMs(shift, other));
  if (busyMs > 0) return rewake(shift, busyMs);
  const next = linkTo(shift, survivor);
  await bury(shift, record, isFree || isShared ? next.parked : undefined);
  if (isFree) {
    session.put(keyOf(survivor), { root: record.id, record: record.id } satisfies Claim);
    laneOf(shift).link = { ...next, needsRead: true, got: toldBefore(shift, record) };
    return;
  }
  if (isShared) return share(shift, record, other, next);
  const fold = { younger: { root: record.id, record: record.id }, olderId: other.id };
  await foldInto(shift.desk, session, shift.place, { kind: record.kind, externalId: survivor }, fold);
  throw new ConflictError('two records of one object were folded; look again');
}

/** Whether anybody has told of it or not: what is told of its life is before that, or tells that it is back. */
function noteEnd(link: Link, end: Merged['mergedAt']): void {
  const { doomed } = link;
  if (end === undefined) return;
  if (doomed === undefined || doomed.isGuess === true || isBefore(doomed, end)) link.doomed = momentOf(end);
}

/** Nobody knows the survivor yet: of another record it is all the same, where it bears that one's mark, or is what was asked for it. */
async function creatorOf(shift: Shift, record: Root, survivor: ExternalId): Promise<RecordId | undefined> {
  const remote = await shift.integration.read?.({ kind: record.kind, externalId: survivor });
  if (remote?.state !== 'present') return undefined;
  const { desk, session, place } = shift;
  const living = await makerOf(desk, session, place, remote.observation, undefined);
  return living === record.id ? undefined : living;
}

/** It was another record's copy, merged on in its turn: what hangs on it stays that one's. */
async function isAnothersPast(shift: Shift, { id }: Root, held?: Claim | Tombstone): Promise<boolean> {
  if (held === undefined || !('dead' in held) || held.wasOf === undefined) return false;
  const whose = await loadRoot(shift.session, organizationOf(shift), held.wasOf);
  return whose !== undefined && whose.id !== id;
}

/** The next read tells what that one was merged into, as it tells any copy. */
async function passOn(shift: Shift, record: Root, survivor: ExternalId): Promise<void> {
  const next = linkTo(shift, survivor);
  await bury(shift, record, next.parked);
  laneOf(shift).link = {
    ...borrowed(shift, next),
    needsRead: true,
    got: toldBefore(shift, record),
  };
}

/** A second copy beside what is gone is one beside what goes on for it, unless that is the one. */
function besideAs({ parked, besides = [] }: Link, survivor: ExternalId): Pick<Link, 'parked' | 'besides'> {
  const others = besides.filter((each) => each !== survivor);
  return parked?.cause === 'doubtful' && others.length > 0 ? { parked, besides: others } : {};
}

type LinkTo = Link & { readonly externalId: ExternalId };
/**
 * What it came after is remembered: a creation that made it, sent twice, may land yet, for its key is free again. So is who
 * shared that: an unknown comment that is told of as there may be theirs.
 */
function linkTo(shift: Shift, survivor: ExternalId): LinkTo {
  const { link } = laneOf(shift);
  const { former = [], externalId, isBorrowed, sharers } = link;
  const own = externalId === undefined || isBorrowed === true ? [] : [externalId];
  return {
    ...newLink('theirs'),
    externalId: survivor,
    linkedAtMs: around(shift).nowMs,
    former: [...former, ...own],
    ...(sharers === undefined ? {} : { sharers }),
    ...besideAs(link, survivor),
  };
}

/**
 * What this system has told of the record and is not written there: where the survivor says something else, be it that
 * there is nothing, that is news.
 */
function toldBefore(shift: Shift, record: Root): Values {
  const { link, place, referred } = sceneOf(shift, record);
  const written = project(record, newLink('theirs'), place, referred, around(shift).nowMs) ?? {};
  const isTold = (field: string) => record.provenance[field]?.source === place.connection.id;
  return Object.fromEntries(
    Object.entries(link.got).filter(([field]) => !(field in written) && isTold(field)),
  );
}

/** A dead record takes no living object over; what goes on for its own is looked at should it live again (`revive`). */
function dieAs(shift: Shift, record: Root, survivor: ExternalId): void {
  laneOf(shift).link.mergedInto = survivor;
  die(sceneOf(shift, record), { atMs: around(shift).nowMs });
}

/**
 * A request under way would find its record folded: when to look again. Its fate is told once nothing of it can land any
 * more, at once or, where its lane stands aside, nobody knows when: that is looked for ever more seldom. Of a connection
 * that was removed nobody tells it.
 */
function busyUntilMs(shift: Shift, { lanes }: Root): number {
  const { nowMs } = around(shift);
  const others = Object.entries(lanes).filter(
    ([id]) => id !== shift.message.connection && shift.places.has(id as ConnectionId),
  );
  return Math.max(0, ...others.map(([, lane]) => settledByMs(lane, nowMs)));
}

function settledByMs({ pending, wake }: Lane, nowMs: number): number {
  if (pending === undefined) return 0;
  const { settleAtMs } = pending;
  const againMs = wake === undefined ? backLaterMs(settleAtMs, nowMs) : nowMs + TIMING.crowdedMs;
  return Math.max(settleAtMs, againMs);
}

/** A creation given up may be known for what it made at any time, or never. */
function unmadeUntilMs(shift: Shift, other: Root | undefined): number {
  const lane = other?.lanes[shift.message.connection];
  if (lane === undefined || lane.link.externalId !== undefined) return 0;
  const { nowMs } = around(shift);
  const sinceMs = laneOf(shift).link.doomed?.atMs ?? nowMs;
  return settledByMs(lane, nowMs) || backLaterMs(sinceMs, nowMs);
}

/** Late events of the object that is gone are about nothing any more, and so is what was set aside, or asked of people. */
async function bury(shift: Shift, { kind, id: wasOf }: Root, kept?: Parked): Promise<void> {
  const { link, doubtful = [] } = laneOf(shift);
  const { externalId, asked, parked, isBorrowed, doomed, origin } = link;
  for (const each of doubtful) each.wasMoved = true;
  if (parked !== undefined && parked !== kept) takeUp(shift.tree, parked.id);
  for (const { id } of Object.values(asked ?? {})) {
    // A fold saves another tree than this one, in the same session.
    if (takeUp(shift.tree, id)) shift.session.removeOnce(parkedKey(organizationOf(shift), id));
  }
  // What is another record's is that one's to bury: it may not have heard yet.
  if (externalId === undefined || isBorrowed === true) return;
  const key = claimKey(organizationOf(shift), shift.message.connection, kind, externalId);
  await shift.session.get(key);
  shift.session.put(key, {
    dead: deathOf(link, doomed ?? { atMs: around(shift).nowMs }),
    wasOf,
    ...(doomed === undefined || doomed.isGuess === true ? {} : { told: doomed }),
    ...(origin === 'ours' ? { isOurs: true } : {}),
  } satisfies Tombstone);
}

/** Another record's copy, for that one to take in: here it matters only whether anything can hang on it. */
export function takeShared({ link, around }: Scene, remote: RemoteState): ReadTaken {
  if (around.rules.isDeleted(remote)) {
    if (isPastDeath(link)) return 'stale';
    link.dead = momentOf({ atMs: around.nowMs });
  } else if (remote.state !== 'present') return 'absent';
  else if (isPast(link, remote.observation, 'news')) return 'stale';
  delete link.absences;
  forgetAsking(link);
  return 'taken';
}

function mayHoldBoth({ message }: Shift, record: Root, other: Root): boolean {
  return Object.entries(record.lanes).some(
    ([id, { link }]) => id !== message.connection && mayStand(link) && mayStand(other.lanes[id]?.link),
  );
}

/** There is a copy, or a creation given up or sent twice may have made one: its object may turn up yet. */
const mayStand = (link: Link | undefined): boolean =>
  link?.externalId !== undefined || link?.creations !== undefined;

function share(shift: Shift, record: Root, other: Root, next: LinkTo): void {
  tellSharer(shift, record, other);
  laneOf(shift).link = borrowed(shift, next);
  if (record.kind === 'ticket') close(sceneOf(shift, record), around(shift).nowMs);
}

const borrowed = (shift: Shift, next: LinkTo): Link => ({
  ...next,
  ...binnedIn(laneOf(shift).link),
  isBorrowed: true,
  mergedInto: next.externalId,
});

/** Somebody may take it out again: it is this record's then as it was, but for what was set aside, or still to be looked at. */
function binnedIn(link: Link): Pick<Link, 'binned'> {
  if (link.isBorrowed === true) return link.binned === undefined ? {} : { binned: link.binned };
  const { externalId, origin, sent, got, gotAtMs } = link;
  const { mapping, unbased, gotVersion, met, since, heard, wrote, written, unshown } = link;
  const { superseded, creations, unjudged, closedFrom, linkedAtMs, settledAtMs } = link;
  const seen = { mapping, unbased, gotVersion, met, since, heard, closedFrom };
  const asked = { wrote, written, unshown, superseded, creations, unjudged, linkedAtMs, settledAtMs };
  const known = Object.entries({ ...seen, ...asked });
  const kept = Object.fromEntries(known.filter(([, value]) => value !== undefined));
  return externalId === undefined ? {} : { binned: { externalId, origin, sent, got, gotAtMs, ...kept } };
}

/** Whoever hears of a comment at the shared object looks with its owner first. */
function tellSharer(shift: Shift, record: Root, other: Root): void {
  const { place, message, session } = shift;
  const { root } = treeOf(other);
  const held = root.lanes[message.connection]?.link;
  if (held === undefined || !isUnmarked(place, 'comment')) return;
  const sharers = new Set([...(held.sharers ?? []), record.id, ...(laneOf(shift).link.sharers ?? [])]);
  held.sharers = [...sharers];
  const organization = organizationOf(shift);
  session.put(rootKey(organization, root.id), root, placementOf(root, organization));
}
