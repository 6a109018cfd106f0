import type { FieldValue } from '../domain/record.ts';
import { heldIn, sameToVendor } from './held.ts';
import { intervalOf, knownByMs, type Seen } from './merge.ts';
import { isAfter, isBefore, isLongBefore, isOfMoment, momentOf, type Timed } from './moments.ts';
import { mergeOverlooked, type Overlooked, type Past } from './overlooked.ts';
import { capabilityOf } from './places.ts';
import { clampInterval } from './policy.ts';
import type { Scene } from './scene.ts';
import { isSetByAPerson } from './set-by.ts';
import type { Heard, Link, Moment, Written } from './state.ts';
import { compareVersions } from './versions.ts';

const NEVER: Moment = { atMs: Number.NEGATIVE_INFINITY };

/**
 * What a value heard of late means, by the states known around it:
 * - `known`: older than a state that was judged, or the same as it;
 * - `overwritten`: stood there between the state our write was decided on and that write's landing;
 * - `still`: what our write was decided on stood there after that, before its landing, or again after it;
 * - `put-back`: stood there before that state, whose value was therefore set after it, and taken for an old one;
 * - `said-again`: a person set what stood there anyway;
 * - `since`: later than what we hold, whose value, should it stand there still, was set after it.
 */
export type Verdict = 'known' | 'overwritten' | 'still' | 'put-back' | 'said-again' | 'since';

export function verdictOf(scene: Scene, field: string, heard: Heard): Verdict {
  if (heard.authorship === 'hub') return 'known';
  const { since, met } = scene.link;
  const writes = writesOf(scene.link, field);
  const is = (value: FieldValue | undefined) => sameToVendor(scene, field, heard.fields[field], value);
  const isHeld = is(heldIn(scene.link, field));
  const isOurs = writes.some(({ value, seen }) => is(value) && isSetAt(heard, field, seen));
  const again = !isOurs && isSetByAPerson(scene.link, heard, field) ? 'said-again' : 'known';
  if (writes.some((write, at) => isWithin(heard, write, writes[at + 1]) && is(write.value))) return again;
  const ours = writeAround(scene.link, field, heard);
  if (ours === undefined && writes.length > 0) return 'known';
  if (ours !== undefined) {
    // It stood there before, and a person has set it since: something else was there in between.
    const wasAgain = ours.stood !== undefined && isAfter(heard, ours.stood) ? again : 'known';
    if (isBefore(heard, ours.base) && ours.was === undefined) return 'known';
    if (isBefore(heard, ours.base)) return is(ours.was) ? wasAgain : 'put-back';
    if (ours.seen === undefined || !isAfter(heard, ours.seen)) {
      if (ours.isFirst === true) return isOpen(scene, field, ours) && !isHeld ? 'since' : 'known';
      if (isWhatWeSaw(scene.link, field, ours, heard) && isHeld) return 'known';
      if (!is(ours.was)) return isTold(scene.link, field, heard, { ours, is }) ? 'known' : 'overwritten';
      return isAfter(heard, ours.base) ? 'still' : wasAgain;
    }
    if (ours !== writes.at(-1)) return 'known';
  }
  if (!isAfter(heard, since?.[field] ?? met ?? NEVER)) return 'known';
  if (!isHeld) return 'since';
  return tellsOfChange(scene.link, field, heard) ? again : 'known';
}

/** A whole state of a copy never looked at tells of none: what stands empty there may have been so from its making on. */
const tellsOfChange = (link: Link, field: string, { isExact }: Heard): boolean =>
  heldIn(link, field) !== undefined || isExact === true;

/** By the field's own time, which is then our write's: who was last there may have set another in the same second. */
const isSetAt = ({ isExact, fieldTimesMs }: Heard, field: string, seen: Moment | undefined): boolean =>
  seen !== undefined && isExact !== true && fieldTimesMs?.[field] === seen.atMs;

const writesOf = ({ written }: Link, field: string): readonly Written[] => written?.[field] ?? [];

/**
 * The last write of ours that what is heard may have to do with: it is later than what stood there before that write,
 * or, since several may share a vendor's second, no earlier than what that write was decided on.
 */
function writeAround(link: Link, field: string, heard: Heard): Written | undefined {
  return writesOf(link, field).findLast(
    ({ stood, base }) => isAfter(heard, stood ?? link.met ?? NEVER) || !isBefore(heard, base),
  );
}

/**
 * It is the state that our write was decided on, or what the first look that included it has shown. Or, told of the moment
 * of the former, it is what an earlier write of ours was decided on and had not replaced before that: several may share a
 * vendor's second. Or it is what a later one was decided on, told of the moment since when that is known to have stood.
 */
const isTold = (link: Link, field: string, heard: Heard, { ours, is }: Placed): boolean => {
  if (isVersionOf(heard, ours.base) || wasShown(ours, heard, is)) return true;
  const writes = writesOf(link, field);
  const later = writes.slice(writes.indexOf(ours) + 1);
  const stoodThen = (write: Written, at: number) =>
    isOfMoment(heard, write.base) || (heard.isExact !== true && isWithin(heard, write, writes[at + 1]));
  return (
    (!isAfter(heard, ours.base) && writes.some((write, at) => is(write.was) && stoodThen(write, at))) ||
    later.some(({ was, stood }) => is(was) && isOfMoment(heard, stood ?? NEVER))
  );
};

const wasShown = ({ seen, shown }: Written, heard: Heard, is: Placed['is']): boolean =>
  seen !== undefined && isOfMoment(heard, seen) && shown?.some(is) === true;

interface Placed {
  readonly ours: Written;
  readonly is: (value: FieldValue | undefined) => boolean;
}

/** Between what a write was decided on and its landing, as far as can be told: several may share a vendor's second. */
function isWithin(heard: Heard, { base, seen }: Written, next: Written | undefined): boolean {
  const until = seen ?? next?.base;
  return !isBefore(heard, base) && (until === undefined || !isAfter(heard, until));
}

/** What we made stands there, as far as is known, and we have written nothing since: anything else came after it. */
const isOpen = (scene: Scene, field: string, made: Written): boolean =>
  writesOf(scene.link, field).at(-1) === made &&
  sameToVendor(scene, field, made.value, heldIn(scene.link, field));

/** Of the very moment of the first look that included our last write. */
const isWhatWeSaw = (link: Link, field: string, ours: Written, heard: Heard): boolean =>
  ours.seen !== undefined && writesOf(link, field).at(-1) === ours && !isBefore(heard, ours.seen);

const isVersionOf = (heard: Heard, moment: Moment): boolean =>
  compareVersions(heard.version, moment.version) === 'equal';

export interface Since extends Timed {
  readonly field: string;
  readonly value: FieldValue;
  /** By its vendor's word a person was the last there, and, where that is said of the field itself, set it. */
  readonly isTheirs: boolean;
  readonly isSaid: boolean;
}
export interface Hindsight extends Past {
  /** What stood there after what we hold: should our value stand there again, somebody put it back. */
  readonly since: readonly Since[];
}

const PASSED_OVER: readonly Verdict[] = ['known', 'still', 'since'];
const CASTS_DOUBT: readonly Verdict[] = ['overwritten', 'still'];

/** Judges what was heard of the past; nothing is changed but our knowledge of when our own writes landed. */
export function lookBack(scene: Scene, heard: readonly Heard[]): Hindsight {
  const fields = new Set(heard.flatMap((each) => Object.keys(each.fields)));
  const overlooked: Overlooked[] = [];
  const replaced: Overlooked[] = [];
  const doubtful: string[] = [];
  const since: Since[] = [];
  for (const field of fields) {
    const told = inTime(scene, field, heard);
    noteLanding(scene, field, told);
    const judged = told.map((each) => ({ heard: each, verdict: verdictOf(scene, field, each) }));
    const last = judged.findLast(({ verdict }) => !PASSED_OVER.includes(verdict));
    if (last !== undefined) overlooked.push(overlookedIn(scene, field, last));
    replaced.push(...replacedIn(scene, field, judged), ...maybePutBack(scene, field, judged));
    const isUnseen = ({ heard: each }: Judged) => writeAround(scene.link, field, each)!.seen === undefined;
    if (judged.some((each) => CASTS_DOUBT.includes(each.verdict) && isUnseen(each))) doubtful.push(field);
    const later = judged.findLast(({ verdict }) => verdict === 'since')?.heard;
    if (later !== undefined) {
      const isTheirs = later.authorship === 'other';
      const isSaid = isSetByAPerson(scene.link, later, field);
      since.push({ field, value: later.fields[field] ?? null, ...momentOf(later), isTheirs, isSaid });
    }
  }
  return { overlooked, replaced, doubtful, since };
}

interface Judged {
  readonly heard: Heard;
  readonly verdict: Verdict;
}

/** What a write of ours may have replaced before somebody set the next: that went over ours, then, and not over theirs. */
function replacedIn(scene: Scene, field: string, judged: readonly Judged[]): readonly Overlooked[] {
  const isSet = ({ verdict }: Judged) => !PASSED_OVER.includes(verdict);
  const isReplaced = ({ heard }: Judged, later: readonly Judged[]) => {
    const untilNext = later.slice(0, later.findIndex(isSet) + 1);
    return untilNext.some((each) => mayBeOver(scene, field, heard, each.heard));
  };
  return judged
    .filter((each, at) => isSet(each) && isReplaced(each, judged.slice(at + 1)))
    .map((each) => overlookedIn(scene, field, each));
}

/**
 * Something else is told of the moment that our write was decided on: that came after what we went over, or before it, and
 * then that had been put back. Stamps may be whole seconds.
 */
function maybePutBack(scene: Scene, field: string, judged: readonly Judged[]): readonly Overlooked[] {
  const replaced = new Map<Written, Overlooked>();
  for (const { heard, verdict } of judged) {
    if (verdict !== 'overwritten') continue;
    const ours = writeAround(scene.link, field, heard)!;
    if (ours.was === undefined || !isToldAtDecision(ours, heard)) continue;
    const when = clampInterval(ours.base.atMs, ours.base.atMs, knownByMs(scene, heard));
    replaced.set(ours, { field, value: ours.was, when });
  }
  return [...replaced.values()];
}

/** Of the moment that it was decided on, and what stood there then had stood there before. */
const isToldAtDecision = ({ stood, base }: Written, heard: Heard): boolean =>
  isOfMoment(heard, base) && (stood === undefined || isBefore(stood, base));

/** Told of later, it shows that our write had landed by then, or may have. */
function mayBeOver(scene: Scene, field: string, earlier: Heard, later: Heard): boolean {
  const ours = writeAround(scene.link, field, earlier);
  if (ours === undefined || writeAround(scene.link, field, later) !== ours) return ours !== undefined;
  if (isBefore(later, ours.base)) return false;
  if (!isAfter(earlier, ours.base) && isAfter(later, ours.base)) return true;
  return sameToVendor(scene, field, later.fields[field], ours.value);
}

/** What was told of a field; of one moment what our write was decided on comes last, for a look showed it. */
function inTime(scene: Scene, field: string, heard: readonly Heard[]): readonly Heard[] {
  const isShown = (each: Heard) =>
    writesOf(scene.link, field).some(
      ({ was, base }) => isOfMoment(each, base) && sameToVendor(scene, field, each.fields[field], was),
    );
  return heard
    .filter((each) => field in each.fields)
    .sort((a, b) => a.atMs - b.atMs || Number(isShown(a)) - Number(isShown(b)));
}

/**
 * Our own write, told of under its own moment. Where nobody says who did it, a write on a condition is the first that
 * followed what it was decided on: what stands there again later was put there by somebody.
 */
function noteLanding(scene: Scene, field: string, told: readonly Heard[]): void {
  const ours = writesOf(scene.link, field).at(-1);
  if (ours === undefined) return;
  const isFirst = capabilityOf(scene.place, scene.record.kind)?.hasConditionalWrites === true;
  const over = told.find((each) => isOver(scene, field, ours, each));
  const landed = told.find(
    (each) =>
      (each.authorship === 'hub' || (isFirst && each.authorship === 'unknown')) &&
      isAfter(each, ours.base) &&
      sameToVendor(scene, field, each.fields[field], ours.value),
  );
  if (over !== undefined && (landed === undefined || isBefore(over, landed))) noteSeen(ours, over, ours.base);
  else if (landed !== undefined) noteSeen(ours, landed, momentOf(landed));
}

/** Set over our write: on the condition that the copy was still what it was decided on, that could not follow this. */
function isOver(scene: Scene, field: string, { base, value, was, ...ours }: Written, heard: Heard): boolean {
  const isEither = [value, was].some((each) => sameToVendor(scene, field, heard.fields[field], each));
  return ours.isConditional === true && !isEither && heard.authorship !== 'hub' && isLongBefore(base, heard);
}

function noteSeen(ours: Written, told: Heard, seen: Moment): void {
  if (ours.seen === undefined || isBefore(told, ours.seen)) ours.seen = seen;
}

function overlookedIn(scene: Scene, field: string, { heard, verdict }: Judged): Overlooked {
  const ours = writeAround(scene.link, field, heard);
  const about = { field, ...(ours?.was === undefined ? {} : { base: ours.was }) };
  if (verdict === 'put-back') {
    const { base, was } = ours!;
    const when = clampInterval(heard.atMs, base.atMs, knownByMs(scene, heard));
    return { ...about, value: was ?? null, when };
  }
  return { ...about, value: heard.fields[field] ?? null, when: intervalOf(scene, field, heard) };
}

/** An event shows what we hold: it may tell when our own write landed, or that a person has said it again all the same. */
export function takeNoNews(scene: Scene, told: Heard): number {
  const { link } = scene;
  const past = lookBack(scene, [told]);
  for (const { field } of past.overlooked) link.since = { ...link.since, [field]: momentOf(told) };
  return mergeOverlooked(scene, past);
}

/** What stands there and stood there before, with something else in between, was put back: an edit like any. */
export function notePutBack(scene: Scene, { since }: Hindsight, seen: Seen): void {
  const { link } = scene;
  for (const { field, value, atMs } of since) {
    if (!(field in seen.fields)) continue;
    if (!sameToVendor(scene, field, seen.fields[field], heldIn(link, field))) continue;
    link.got[field] = value;
    link.gotAtMs = Math.max(link.gotAtMs, atMs);
  }
}

/** Fields in which a person was heard to set what stands there: whoever wrote to the copy last, that is no late landing. */
export function theirsIn(
  scene: Scene,
  { since }: Hindsight,
  { fields }: Seen,
): Required<Pick<Seen, 'theirs' | 'said'>> {
  const standing = since.filter(({ field, value }) => sameToVendor(scene, field, value, fields[field]));
  const names = (some: readonly Since[]) => some.map(({ field }) => field);
  return {
    theirs: names(standing.filter(({ isTheirs }) => isTheirs)),
    said: names(standing.filter(({ isSaid }) => isSaid)),
  };
}
