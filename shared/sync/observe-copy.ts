import type { Observation } from '../ports/mapping.ts';
import { comparable } from './adopt.ts';
import { fill } from './creation.ts';
import { keepTold, noteReturn, revive, takeDeletion } from './deletion.ts';
import { heardFrom, keepHeard } from './heard.ts';
import { lookBack, takeNoNews, type Verdict, verdictOf } from './hindsight.ts';
import { absorb, judge, type Merged, noteLook, type Seen, seenOf } from './merge.ts';
import { isAfter, momentOf } from './moments.ts';
import { mergeOverlooked } from './overlooked.ts';
import { capabilityOf } from './places.ts';
import { hasLanded, isProofOf } from './proof.ts';
import type { Scene } from './scene.ts';
import { settleWritten } from './settlement.ts';
import type { EndState, Heard, Link, Moment } from './state.ts';
import { noteSettled } from './unsettled.ts';
import { compareVersions, pick } from './versions.ts';
import { wantRead } from './want-read.ts';
import { isWithdrawal, settleWithdrawal } from './withdrawal.ts';

/** One observation of a copy we know. */
export function observeCopy(scene: Scene, told: Observation): EndState {
  const o = comparable(scene, told);
  // By what the vendor said: a whole state of which only a part can be compared is no list of what changed.
  const seen: Seen = { ...seenOf(o), isExact: !told.isComplete };
  const { link, record, around, place } = scene;
  if (o.life === 'deleted') return observeDeath(scene, o);
  if (link.dead !== undefined) return observeDead(scene, o, seen, link.dead);
  if (o.life === 'undeleted') noteReturn(scene, o);
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
    const isUncertain = (order === 'unknown' && mayBeBefore(link, seen)) || tellsOfUnbased(link, told);
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

/** What it says of a pair without a base only a read can compare, and one that is older would give it the wrong one. */
const tellsOfUnbased = ({ unbased }: Link, { fields, isComplete }: Observation): boolean =>
  !isComplete && unbased?.some((field) => field in fields) === true;

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
  if (!around.rules.provesLife(link, { atMs: seen.atMs, isLater }))
    return observeLife(scene, heardFrom(seen));
  wantRead(link);
  return 'merged';
}

const TELLS_OF_AN_EDIT: readonly Verdict[] = ['since', 'overwritten', 'put-back'];

/**
 * It was set there before the copy died, or put back, and is told of only now. What stood there anyway nobody is taken to
 * have set again; yet what stood there before that is no news after it.
 */
function observeLife(scene: Scene, heard: Heard): EndState {
  const { link, around, tree } = scene;
  const told = Object.keys(heard.fields).map((field) => ({ field, verdict: verdictOf(scene, field, heard) }));
  const set = told.filter(({ verdict }) => TELLS_OF_AN_EDIT.includes(verdict)).map(({ field }) => field);
  for (const { field, verdict } of told) if (verdict === 'said-again') noteSaidAgain(scene, field, heard);
  if (set.length === 0 || !around.rules.remembersHeard()) return 'echo';
  const before = tree.changes.length;
  keepHeard(link, { ...heard, fields: pick(heard.fields, set) });
  keepTold(scene);
  return tree.changes.length > before ? 'applied' : 'merged';
}

/** What dies with its record is looked at should it come back: that shows whatever was put back. */
function noteSaidAgain(scene: Scene, field: string, heard: Heard): void {
  const { link, record } = scene;
  const since = link.since?.[field];
  if (record.deleted !== undefined || (since !== undefined && !isAfter(heard, since))) return;
  link.since = { ...link.since, [field]: momentOf(heard) };
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
  const heard = heardFrom(seen);
  const order = compareVersions(seen.version, pending.baseVersion);
  // It is no news of what stands there; yet what stood there after what was known may have been put back since.
  if (order === 'equal' || (order === 'older' && !tellsOfThePast(scene, heard))) return 'echo';
  if (around.rules.remembersHeard()) keepHeard(link, heard);
  return 'merged';
}

function tellsOfThePast(scene: Scene, heard: Heard): boolean {
  const { overlooked, since } = lookBack(scene, [heard]);
  return overlooked.length > 0 || since.length > 0;
}

export function endOf({ link }: Scene, merged: Merged): EndState {
  if (link.parked?.cause === 'unsettled') return 'parked';
  if (merged.applied > 0) return 'applied';
  return merged.noted > 0 ? 'merged' : 'echo';
}
