import { fileOf } from './attachment.ts';
import { isAfter, isBefore, isLongBefore, momentOf, type Timed } from './moments.ts';
import { unpark } from './parking.ts';
import { capabilityOf } from './places.ts';
import { currentValue } from './projection.ts';
import { actorOf, type Scene, setValue } from './scene.ts';
import type { EndState, Link, Moment, Parked, RecordChange, Root } from './state.ts';
import { heirOf, succeed } from './succession.ts';
import { MAX_ABSENCES } from './timing.ts';
import { judgeUnlooked } from './unlooked.ts';
import { compareVersions } from './versions.ts';
import { wantRead } from './want-read.ts';

/** `isGuess`: when that was is but the hub's word. */
type End = Timed & { readonly isGuess?: true };

/**
 * A deletion the vendor vouches for. What has lived on since says nothing by it any more: should it be out of sight,
 * that is no proof. Where what we hold may be later, or it may be a merge, it is read first.
 */
export function takeDeletion(scene: Scene, moment: End): EndState {
  const { link } = scene;
  if (link.dead !== undefined) return takeLaterEnd(scene, moment, link.dead);
  return isKnownAlive(link, (life) => isLongBefore(moment, life)) ? 'echo' : takeEnd(scene, moment);
}

/** Later than its death for certain: it has been back, unseen, and may have gone on as another this time. */
function takeLaterEnd(scene: Scene, moment: End, dead: Moment): EndState {
  keepTold(scene);
  if (!mayBeMerged(scene) || !isLongBefore(dead, moment)) return 'echo';
  scene.link.dead = deathOf(scene.link, moment);
  return takeEnd(scene, moment);
}

function takeEnd(scene: Scene, moment: End): EndState {
  const { link } = scene;
  link.doomed = { ...momentOf(moment), ...(moment.isGuess && { isGuess: true }) };
  if (isOutlived(link, moment) || !isBelievedDead(scene)) {
    // A look that shows the life before it tells nothing.
    wantRead(link, isLate(link, moment) ? undefined : moment);
    // What refused a write may be gone, or have gone on as another: it is looked at all the same.
    unpark(scene, ({ cause }) => cause === 'rejected' || cause === 'unsettled');
    return 'merged';
  }
  die(scene, moment);
  return 'applied';
}

/** A deletion beyond doubt. It answers what was asked about the copy; left standing, that would be asked for ever. */
export function die(scene: Scene, moment: Timed): void {
  const { link, around } = scene;
  const told = endTold(link);
  delete link.doomed;
  delete link.needsRead;
  delete link.doubts;
  if (link.dead !== undefined) {
    keepTold(scene);
    return;
  }
  link.dead = deathOf(link, moment);
  const heir = heirOf(scene);
  if (heir !== undefined) {
    keepTold(scene);
    succeed(scene, heir, told);
    return;
  }
  // Nobody writes it any more, nor looks for it, nor waits to see what is under it.
  const isRoot = scene.record.kind !== 'comment';
  const own = link.parked;
  unpark(scene, (parked) => (parked === own ? isMoot(parked) : isRoot && parked.cause === 'unseen'));
  endLife(scene, Math.min(moment.atMs, around.nowMs));
  keepTold(scene);
}

/** When it died, by its vendor's own word. */
function endTold(link: Link): Moment | undefined {
  const { doomed } = link;
  if (doomed === undefined || doomed.isGuess === true || isOutlived(link, doomed)) return undefined;
  return doomed;
}

/** What dies with its record is looked at should it come back; what a request of ours came as is known once that has settled. */
export function keepTold(scene: Scene): void {
  const { record, lane } = scene;
  if (record.deleted !== undefined || lane.pending?.record === record.id) return;
  judgeUnlooked(scene);
  // It is written no more.
  unpark(scene, ({ cause }) => cause === 'unsettled');
}

/** That there is a second copy of its record, or may be, is for people to sort out still. */
const isMoot = ({ cause }: Parked): boolean => cause !== 'doubtful';

/** What the death of a copy does to its record is its connection's to say (`DeletionPolicies`). */
export function endLife(scene: Scene, atMs: number): void {
  const { record, place } = scene;
  if (record.deleted !== undefined) return;
  const policy = place.connection.mapping?.deletions?.[record.kind];
  const isIgnored = policy === 'ignore' && isHeld(scene);
  if (policy === 'close') close(scene, atMs);
  else if (!isIgnored && isMortal(scene)) {
    record.deleted = { atMs, source: place.connection.id };
    note(scene, 'deleted');
  }
}

/** Of a file that is gone before its bytes came there is nothing to go on with. */
const isHeld = ({ record }: Scene): boolean =>
  record.kind !== 'attachment' || fileOf(record).content !== undefined;

/** Where the copy is in the bin, and another's is named for it, it is reopened with that one. */
export function close({ tree, record, link, place }: Scene, atMs: number): void {
  const status = currentValue(record, 'status');
  if (status === 'closed') return;
  (link.binned ?? link).closedFrom = status;
  const provenance = { fromMs: atMs, toMs: atMs, source: place.connection.id, actor: actorOf(place) };
  setValue(tree, record, 'status', 'closed', provenance);
}

/** Closed by the deletion that is undone now, and by nobody else since. */
function reopen({ tree, record, link, place, around }: Scene): void {
  const { closedFrom } = link;
  delete link.closedFrom;
  const isOurs = record.provenance.status?.source === place.connection.id;
  if (closedFrom === undefined || !isOurs || currentValue(record, 'status') !== 'closed') return;
  const now = { fromMs: around.nowMs, toMs: around.nowMs };
  setValue(tree, record, 'status', closedFrom, {
    ...now,
    source: place.connection.id,
    actor: actorOf(place),
  });
}

/** An event says only that it is gone; where it went on as another object, only a read says. */
export function mayBeMerged({ place, record, around }: Pick<Scene, 'place' | 'record' | 'around'>): boolean {
  const capability = capabilityOf(place, record.kind);
  return capability?.canMerge === true && capability.canRead && around.rules.asksForSurvivor();
}

/**
 * Not to be found, and announced to be deleted. Whose objects may be merged says of a deleted one that it is, and what
 * goes on for it: while that answer is out of sight it is looked for, and the deletion believed only in the end. So is one
 * that by its time was over: what is out of sight lives then as likely as not.
 */
export function isBelievedDead(scene: Scene): boolean {
  const { doomed, absences = 0 } = scene.link;
  if (doomed === undefined) return false;
  const isPast = doomed.isGuess !== true && isOutlived(scene.link, doomed);
  return absences >= MAX_ABSENCES || !(isPast || mayBeMerged(scene));
}

/**
 * Never before the last of its life that was seen: a read, and a deletion of our own, have no time of the source's to
 * tell, and the hub's clock may be far from its.
 */
export function deathOf(link: Link, moment: Timed): NonNullable<Link['dead']> {
  const isOlder = compareVersions(moment.version, link.gotVersion) === 'older';
  const version = isOlder ? link.gotVersion : (moment.version ?? link.gotVersion);
  return momentOf({ atMs: Math.max(moment.atMs, link.gotAtMs), version });
}

/**
 * A refusal tells it: whatever was seen of the copy before is over, by any clock. Where its vendor has told of its end, when
 * that was is known.
 */
export function findGone(scene: Scene): EndState {
  const { link, around } = scene;
  const told = link.doomed;
  const atMs = Math.max(around.nowMs, link.gotAtMs, link.revived?.atMs ?? 0);
  const end = takeDeletion(scene, { atMs, isGuess: true });
  if (link.doomed !== undefined && told !== undefined && !isOutlived(link, told)) link.doomed = told;
  return end;
}

/** Something of such a time has been seen, or the copy is known to have come back then. */
function isKnownAlive(
  { gotAtMs: atMs, gotVersion: version, revived }: Link,
  isThen: (life: Timed) => boolean,
) {
  return isThen({ atMs, version }) || (revived !== undefined && isThen(revived));
}

/**
 * A comment deleted anywhere is deleted. A root dies with the copy it came from, or, where all are ours, with
 * any: a case thrown away must not take the customer's conversation with it.
 */
function isMortal({ record, link, tree }: Scene): boolean {
  if (link.origin === 'theirs' || record.kind === 'comment') return true;
  const links = Object.values(tree.root.lanes).map((lane) => lane.link);
  return !links.some((other) => other.origin === 'theirs' && other.externalId !== undefined);
}

const isLate = (link: Link, moment: Timed): boolean => isKnownAlive(link, (life) => isBefore(moment, life));

/** Or in one moment, as far as stamps tell, it died and came back: which came last only a look says. */
const isOutlived = (link: Link, moment: Timed): boolean =>
  isLate(link, moment) || (link.revived !== undefined && !isAfter(moment, link.revived));

/** Told to be back of a copy not known to be dead: a deletion before that, still to be looked at, is over. */
export function noteReturn(scene: Scene, moment: Timed): void {
  const { link } = scene;
  link.revived = momentOf(moment);
  lookUpAnew(scene);
  if (link.doomed !== undefined && isBefore(link.doomed, moment)) delete link.doomed;
}

/** An undelete event, or a read that saw life later than the deletion: the same record goes on. */
export function revive(scene: Scene, moment: Timed): void {
  const { link } = scene;
  delete link.dead;
  link.revived = momentOf(moment);
  lookUpAnew(scene);
  bringBack(scene);
}

/** Whom it names may have been merged while it was in the bin; or it itself, and what was being made in it moved. */
function lookUpAnew(scene: Scene): void {
  const { record, lane } = scene;
  const { referred, pending } = lane;
  if (record.kind === 'comment') return;
  if (referred !== undefined) lane.referred = { ...referred, isOld: true };
  if (pending?.change.kind === 'comment' && mayBeMerged(scene)) pending.isAstray = true;
}

/** A record that died here, or through the hub, by whichever copy, is brought back by any of its copies here. */
export function bringBack(scene: Scene): void {
  const { record, place } = scene;
  reopen(scene);
  if (record.deleted === undefined) return;
  if (record.deleted.source !== place.connection.id && record.deleted.source !== 'hub') return;
  delete record.deleted;
  if (record.kind !== 'comment') followMerges(record);
  note(scene, 'restored');
}

/** Its copies that were merged into others while it was dead are looked at: they go on as those. */
function followMerges({ lanes }: Root): void {
  for (const { link } of Object.values(lanes))
    if (link.dead !== undefined && link.mergedInto !== undefined) wantRead(link);
}

function note({ tree, record, place }: Scene, what: RecordChange['what']): void {
  tree.changes.push({
    record: record.id,
    kind: record.kind,
    what,
    fields: {},
    source: place.connection.id,
    actor: actorOf(place),
  });
}
