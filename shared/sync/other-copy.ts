import type { Observation } from '../ports/mapping.ts';
import { bringBack, endLife, mayBeMerged, revive } from './deletion.ts';
import { judge, type Seen } from './merge.ts';
import { isAfter, isBefore, isLongBefore, momentOf, type Timed } from './moments.ts';
import { parkBeside, SECOND_COPY, unpark } from './parking.ts';
import { capabilityOf } from './places.ts';
import type { Scene } from './scene.ts';
import type { EndState, Link, Moment, Tombstone, Written } from './state.ts';
import { succeed } from './succession.ts';
import { wantRead } from './want-read.ts';

/** How an object is known that is not the copy its record has: by our mark alone, and dead before, or since when it is back. */
export interface Twin {
  readonly isUnclaimed?: true;
  readonly tombstone?: Tombstone;
  readonly back?: Moment;
}

/** Told to be so, or seen later than it died as the record's copy. */
export function isBack({ ends }: Link, o: Observation): boolean {
  const end = ends?.[o.externalId];
  return o.life === 'undeleted' || (o.life === undefined && end !== undefined && isAfter(o, end));
}

/** What is told of a copy that the record had before, unless it is brought back, or was: then it is a second one. */
export const isFormer = (link: Link, o: Observation): boolean =>
  link.former?.includes(o.externalId) === true &&
  !isBack(link, o) &&
  link.besides?.includes(o.externalId) !== true;

/**
 * An object of this record's that is not the copy it has here. What came before that copy is over; a second one beside
 * it is for people to sort out; and where it is dead, a creation given up, or sent twice, has landed after all.
 */
export function observeOther(scene: Scene, o: Observation, twin: Twin = {}): EndState {
  const { link } = scene;
  if (twin.tombstone?.wasOf === undefined && isFormer(link, o)) return 'echo';
  if (o.life === 'deleted') return twin.isUnclaimed === true ? takeDeath(scene, o) : letGo(scene, o, twin);
  if (twin.tombstone !== undefined || isFormerBack(scene, o)) return takeReturn(scene, o);
  if (link.dead === undefined || isBack(link, o)) return setAside(scene, o);
  return hasDiedWithFirst(scene, o) ? 'echo' : takeOver(scene, o);
}

/** With the first of two its ticket died: what is told of the second is nothing more to that, unless the first is back. */
const hasDiedWithFirst = ({ record, link, place }: Scene, { externalId }: Observation): boolean =>
  record.deleted?.source === place.connection.id && link.besides?.includes(externalId) === true;

/** What a root had before may have been merged into what it has: with that it lives, or is dead. */
const isFormerBack = ({ record, link }: Scene, o: Observation): boolean =>
  record.kind === 'comment' && isBack(link, o) && link.former?.includes(o.externalId) === true;

function setAside(scene: Scene, { externalId, atMs }: Observation): EndState {
  const { link } = scene;
  link.besides = [...new Set([...(link.besides ?? []), externalId])];
  link.toldBeside = { [externalId]: atMs, ...link.toldBeside };
  parkBeside(scene);
  return 'parked';
}

/** The answer to what people were asked: the record goes on with the other, where that was there to be chosen. */
function letGo(scene: Scene, o: Observation, { back }: Twin): EndState {
  const { link } = scene;
  if (back !== undefined && isBefore(o, back)) return 'echo';
  if (link.besides?.includes(o.externalId) !== true) return 'echo';
  const left = link.besides.filter((each) => each !== o.externalId);
  if (left.length > 0) link.besides = left;
  else {
    delete link.besides;
    unpark(scene, ({ code }) => code === SECOND_COPY);
  }
  if (isToBeSeen(scene)) {
    link.otherDied = momentOf(o);
    wantRead(link);
    return 'merged';
  }
  const seen = creationOf(link)?.seen;
  return seen !== undefined && wasAlone(o, madeMs(link, seen)) ? dieWith(scene, o) : 'merged';
}

/** Another died, and this one, by the first look at it, was not there yet: when that was. */
export function takeOtherDeath(scene: Scene, look: Seen): Moment | undefined {
  const { link } = scene;
  const { otherDied } = link;
  delete link.otherDied;
  if (otherDied === undefined) return undefined;
  const made = creationOf(link);
  if (made !== undefined) return wasAlone(otherDied, madeMs(link, made.seen ?? look)) ? otherDied : undefined;
  return isAsMade(scene, look) && wasAlone(otherDied, look.atMs) ? otherDied : undefined;
}

/** Nobody has changed it since we made it, as far as is known. */
const isAsMade = (scene: Scene, look: Seen): boolean =>
  look.authorship !== 'other' &&
  Object.keys(look.fields).every((field) => judge(scene, field, look) !== 'edit');

function isToBeSeen({ link, record, place }: Scene): boolean {
  const made = creationOf(link);
  if (made === undefined || made.seen !== undefined || link.dead !== undefined) return false;
  return capabilityOf(place, record.kind)?.canRead === true;
}

const creationOf = ({ written = {} }: Link): Written | undefined =>
  Object.values(written)
    .flat()
    .find(({ isFirst }) => isFirst === true);

/**
 * Deleted before the copy that the record has was made by us: its creation and its death are told late. When that was, by
 * the vendor's clock, only a look at it tells: the hub's may be far ahead.
 */
const wasAlone = ({ atMs }: Timed, bornMs: number): boolean => isLongBefore({ atMs }, { atMs: bornMs });

const madeMs = ({ linkedAtMs = 0 }: Link, seen: Timed): number => Math.min(linkedAtMs, seen.atMs);

function takeDeath(scene: Scene, o: Observation): EndState {
  unpark(scene, ({ cause }) => cause === 'doubtful');
  return dieWith(scene, o);
}

/**
 * Deleted while its creation's answer was lost: whoever did so meant the record, which the hub has made again since. It may
 * have been merged into another as well, and then the record goes on in the copy that it has.
 */
export function dieWith(scene: Scene, { atMs }: Timed): EndState {
  if (mayBeMerged(scene)) return 'merged';
  endLife(scene, Math.min(atMs, scene.around.nowMs));
  return 'applied';
}

/** And whoever brings it back means the record again, which may have died with it. */
function takeReturn(scene: Scene, o: Observation): EndState {
  if (scene.link.binned?.externalId === o.externalId) return takeBackOwn(scene, o, scene.link.binned);
  if (scene.link.dead === undefined) {
    bringBack(scene);
    return setAside(scene, o);
  }
  revive(scene, o);
  succeed(scene, o.externalId);
  return 'applied';
}

/** Since a merge the record has but shared another's copy: its own is that again, and goes on as it was. */
function takeBackOwn(scene: Scene, o: Observation, binned: Link): EndState {
  const { lane, link } = scene;
  const before = link.parked;
  unpark(scene, (each) => each === before && each.code !== SECOND_COPY);
  const { former = [], sharers, parked, besides } = link;
  lane.link = {
    ...binned,
    former: former.filter((each) => each !== o.externalId),
    ...(sharers === undefined ? {} : { sharers }),
    ...(besides === undefined ? {} : { besides }),
    ...(parked === undefined ? {} : { parked }),
  };
  revive({ ...scene, link: lane.link }, o);
  wantRead(lane.link);
  return 'applied';
}

function takeOver(scene: Scene, { externalId }: Observation): EndState {
  succeed(scene, externalId);
  return 'merged';
}
