import type { Fields, FieldValue } from '../domain/record.ts';
import { ruleFor } from '../mapping/index.ts';
import type { Authorship, Observation, Version } from '../ports/mapping.ts';
import { askAbout } from './asked.ts';
import { keepInDoubt } from './doubt.ts';
import { heldIn, sameToVendor, saysTheSame } from './held.ts';
import { meet } from './meeting.ts';
import { isOfMoment, momentOf } from './moments.ts';
import { park } from './parking.ts';
import { documentOf } from './places.ts';
import { clampInterval } from './policy.ts';
import { currentValue, hasVisibility, interpret, project } from './projection.ts';
import { withdrawQuestion } from './question.ts';
import { type Edit, ruleOn } from './ruling.ts';
import { actorOf, type Scene, setValue } from './scene.ts';
import { isGiven, markSent } from './sent.ts';
import type { Interval, Unshown, Values, Written } from './state.ts';
import { isVendors, neverSettles, noteSettled, noteUnsettled } from './unsettled.ts';
import { compareVersions, isEmpty, same } from './versions.ts';

/** A whole or partial state of one copy, as it is judged. */
export interface Seen {
  readonly fields: Fields;
  readonly authorship: Authorship;
  readonly version?: Version | undefined;
  /** By the source's own clock: it orders this source's states, whatever the hub's clocks say. */
  readonly atMs: number;
  readonly fieldTimesMs?: Readonly<Record<string, number>> | undefined;
  /** By the hub's clock: nothing told of can be later. Absent: seen just now. */
  readonly receivedAtMs?: number | undefined;
  /** The fields are those that changed at `atMs`: the time is theirs, not a bound. */
  readonly isExact?: boolean;
  /** Fields a person is known to have set, though the last to write there was somebody else. */
  readonly theirs?: readonly string[];
  /** Fields of which the vendor has said that a person set what stands there. */
  readonly said?: readonly string[];
}

/** An observation out of an event, and when that came. */
export type Received = Observation & Pick<Seen, 'receivedAtMs'>;

export function seenOf(observation: Received): Seen {
  const { authorship, atMs, receivedAtMs, version, fieldTimesMs } = observation;
  return { fields: rawOf(observation), authorship, atMs, receivedAtMs, version, fieldTimesMs };
}

/** The visibility of a comment or a file is judged like any field; what arrives whole without one is internal. */
export function rawOf(observation: Observation): Values {
  if (!hasVisibility(observation.kind)) return { ...observation.fields };
  const { visibility, isComplete } = observation;
  if (visibility === undefined && !isComplete) return { ...observation.fields };
  return { ...observation.fields, visibility: visibility ?? 'internal' };
}

export type Judgement = 'echo' | 'normalised' | 'late' | 'edit';
export interface Merged {
  /** Fields whose edit is now the record's. */
  readonly applied: number;
  /** Fields whose edit lost, or was noted without spreading. */
  readonly noted: number;
}

/** Field by field against *got*: never against *sent*, never against the record. */
export function judge(scene: Scene, field: string, seen: Seen): Judgement {
  const { link, around } = scene;
  // Nothing to compare with yet: a read under the lease will say.
  if (link.unbased?.includes(field)) return 'echo';
  const value = seen.fields[field] ?? null;
  if (same(value, around.rules.baseline(link)[field])) return 'echo';
  if (isNormalised(scene, field, seen)) return 'normalised';
  // A request is given up only once it can land no more: where nobody says that we did it, a person did.
  if (seen.authorship !== 'hub' || seen.theirs?.includes(field) === true) return 'edit';
  const isLate = landingLate(scene, field).some(
    (request) => field in request && sameToVendor(scene, field, request[field], value),
  );
  return isLate ? 'late' : 'edit';
}

/** A creation never writes to an object that is there: it may have made this copy, or makes another. */
function landingLate({ link }: Scene, field: string): readonly Values[] {
  const { superseded = [], creations = [], got, written } = link;
  const last = written?.[field]?.at(-1);
  const isUnseen = !(field in got) || (last?.isFirst === true && last.seen === undefined);
  return isUnseen ? [...superseded, ...creations] : superseded;
}

function isNormalised(scene: Scene, field: string, seen: Seen): boolean {
  const { sent, wrote, unshown } = scene.link;
  if (!(field in sent)) return false;
  // What had become something else since has been put back by somebody.
  const isStillOurs = sameToVendor(scene, field, sent[field], heldIn(scene.link, field));
  if (isStillOurs && sameToVendor(scene, field, sent[field], seen.fields[field])) return true;
  if (seen.authorship !== 'hub' || wrote === undefined || !(field in wrote.fields)) return false;
  if (seen.theirs?.includes(field) === true) return false;
  // Where nobody told the write's own version, it is what the first look at it shows.
  if (wrote.version === undefined) return unshown?.[field] === 'written';
  return compareVersions(seen.version, wrote.version) === 'equal';
}

/** Takes in a state that is known to be current: every field gets its judgement, then *got* is that state. */
export function absorb(scene: Scene, seen: Seen): Merged {
  const { link } = scene;
  const merged = absorbFields(scene, seen);
  if (seen.version !== undefined) link.gotVersion = seen.version;
  noteLook(scene, seen);
  link.gotAtMs = Math.max(link.gotAtMs, seen.atMs);
  return merged;
}

/** The same of some fields alone, which says nothing of when any other was looked at. */
export function absorbFields(scene: Scene, seen: Seen): Merged {
  const before: Values = { ...scene.link.got };
  const ends = Object.keys(seen.fields).map((field) => absorbField(scene, field, seen, before));
  const count = (end: Absorbed) => ends.filter((each) => each === end).length;
  return { applied: count('applied'), noted: count('noted') };
}

/** Undefined where it was no news. */
type Absorbed = 'applied' | 'noted' | undefined;

function absorbField(scene: Scene, field: string, seen: Seen, before: Values): Absorbed {
  const { link } = scene;
  if (link.unbased?.includes(field)) {
    const isApplied = meet(scene, field, seen.fields, intervalOf(scene, field, seen));
    noteSince(scene, field, seen);
    return isApplied ? 'applied' : undefined;
  }
  const judgement = judge(scene, field, seen);
  if (judgement !== 'edit') noteSettled(link, field);
  link.got[field] = seen.fields[field] ?? null;
  if (judgement === 'late') takeLate(scene, field, seen);
  const isApplied = judgement === 'edit' && takeOrPark(scene, field, seen, before);
  if (judgement !== 'echo') noteSince(scene, field, seen);
  if (isApplied) return 'applied';
  return judgement === 'echo' ? undefined : 'noted';
}

/** Written over; and kept, where we are the last hand there for a write of other fields: a person may have set it before. */
function takeLate(scene: Scene, field: string, seen: Seen): void {
  const { sent, wrote } = scene.link;
  const why = 'a request given up would have set it, and a person may have: nobody can tell';
  if (wrote !== undefined && wrote.seen === undefined && !(field in wrote.fields))
    keepInDoubt(scene, seen, [field], why);
  delete sent[field];
}

function noteSince({ link }: Scene, field: string, seen: Seen): void {
  const atMs = seen.fieldTimesMs?.[field] ?? seen.atMs;
  link.since = { ...link.since, [field]: momentOf({ ...seen, atMs }) };
}

function takeOrPark(scene: Scene, field: string, seen: Seen, before: Values): boolean {
  const ours = noteUnsettled(scene, field, seen);
  if (!isVendors(ours, seen) || !neverSettles(scene.link, field))
    return takeEdit(scene, field, { seen, before, ours });
  const reason = `the vendor keeps changing what is written to ${field}`;
  keepInDoubt(scene, seen, [field], `${reason}; whether a person changed it now nobody can tell`);
  park(scene, { cause: 'unsettled', reason, fault: 'vendor' });
  // Once it is written again, it lacks what the record holds.
  delete scene.link.sent[field];
  return false;
}

interface Met {
  readonly seen: Seen;
  readonly before: Values;
  /** The request of ours that may have come back as it: then it is perhaps nobody's. */
  readonly ours: Unshown | undefined;
}

/** An edit, merged three-way on *got*. True when it is now the record's. */
function takeEdit(scene: Scene, field: string, { seen, before, ours }: Met): boolean {
  const value = meaningOf(scene, { ...before, ...seen.fields })[field];
  if (value === undefined) {
    if (isRefilled(scene, field)) delete scene.link.sent[field];
    return false;
  }
  withdrawQuestion(scene, field);
  if (saysTheSame(scene, field, value, seen.fields[field])) {
    markSent(scene, field);
    return false;
  }
  const when = intervalOf(scene, field, seen);
  const base = meaningOf(scene, before)[field];
  const edit = { value, ...when, isUnsettled: ours !== undefined, base };
  if (hasDiverged(scene, field, before) || hasMovedOn(scene, field, ours)) return contest(scene, field, edit);
  take(scene, field, ours === undefined ? edit : asOldAsOurs(scene, field, edit), value);
  return true;
}

/** Emptied there, a required field says nothing, and has what it is to hold written again. */
function isRefilled({ record, link, place }: Scene, field: string): boolean {
  const rule = ruleFor(documentOf(place), record.kind, field);
  return rule?.required === true && rule.direction === 'both' && isEmpty(link.got[field]);
}

/** An edit of what the record has otherwise. True when it is now the record's, at least in part. */
export function contest(scene: Scene, field: string, edit: Edit): boolean {
  const kept = resolveConflict(scene, field, edit);
  if (kept !== undefined) take(scene, field, edit, kept);
  return kept !== undefined;
}

function take(scene: Scene, field: string, { value, fromMs, toMs }: Edit, kept: FieldValue): void {
  const { tree, record, place, link } = scene;
  setValue(tree, record, field, kept, { fromMs, toMs, source: place.connection.id, actor: actorOf(place) });
  if (same(kept, value)) markSent(scene, field);
  else delete link.sent[field];
}

const meaningOf = ({ record, place, referred, around }: Scene, raw: Values): Fields =>
  interpret(record, raw, place, referred, around.nowMs);

/** The record holds something that this copy's editor cannot have seen. */
function hasDiverged(scene: Scene, field: string, before: Values): boolean {
  const { record, link, place, around, referred } = scene;
  const projected = project(record, link, place, referred, around.nowMs);
  const [base, ours] = [meaningOf(scene, before)[field], currentValue(record, field)];
  // A default that is still to be written is nobody's word.
  if (isEmpty(ours) && isEmpty(base === undefined ? before[field] : base)) return false;
  if (projected !== undefined && field in projected)
    return !isGiven({ ...link, got: before }, field, projected[field]);
  if (!(field in before)) return false;
  // Given what the record holds still, and since the words have changed, cannot be given any more.
  if (field in link.sent && sameToVendor(scene, field, link.sent[field], before[field])) return false;
  return base !== undefined && !same(base, ours);
}

/** A request given up may have come back as it, and the record has since been changed to something else, or back. */
function hasMovedOn(scene: Scene, field: string, ours: Unshown | undefined): boolean {
  if (ours !== 'given-up') return false;
  const { record, link, place, around, referred } = scene;
  const asked = link.superseded?.findLast((request) => field in request);
  const projected = project(record, link, place, referred, around.nowMs) ?? {};
  return asked !== undefined && field in projected && !same(asked[field], projected[field]);
}

export function intervalOf(scene: Scene, field: string, seen: Seen): Interval {
  const exact = seen.fieldTimesMs?.[field] ?? (seen.isExact === true ? seen.atMs : undefined);
  const fromMs = exact ?? scene.link.gotAtMs;
  return clampInterval(fromMs, exact ?? seen.atMs, knownByMs(scene, seen));
}

/** What our own write may have come back as says perhaps no more than what we wrote, and may be as old. */
function asOldAsOurs({ record }: Scene, field: string, edit: Edit): Edit {
  return { ...edit, fromMs: Math.min(edit.fromMs, record.provenance[field]?.fromMs ?? edit.fromMs) };
}

/** The latest a thing seen can have happened, by the hub's clock. */
export const knownByMs = ({ around: { nowMs } }: Scene, { receivedAtMs = nowMs }: Seen): number =>
  Math.min(receivedAtMs, nowMs);

/**
 * Asks the policy; what does not stand goes to the journal. The value the record is to have now; undefined where it
 * keeps its own, which is then written to this copy again, unless a person has to decide first.
 */
function resolveConflict(scene: Scene, field: string, edit: Edit): FieldValue | undefined {
  const ruling = ruleOn(scene, field, edit);
  if (ruling.winner === 'edit') return edit.value;
  if (ruling.winner === 'nobody') {
    askAbout(scene, field, edit.value);
    return undefined;
  }
  if (ruling.winner === 'merge' && !same(ruling.value, currentValue(scene.record, field)))
    return ruling.value;
  delete scene.link.sent[field];
  return undefined;
}

/** A state has been looked at: it includes every write of ours, whose values were first seen to stand in it. */
export function noteLook(scene: Scene, seen: Seen): void {
  const { link } = scene;
  if (link.wrote !== undefined) link.wrote.seen ??= momentOf(seen);
  for (const [field, writes] of Object.entries(link.written ?? {})) {
    const last = writes.at(-1)!;
    if (last.seen === undefined) {
      last.seen = momentOf(seen);
      noteSince(scene, field, seen);
    }
    if (isOfMoment(seen, last.seen)) noteShown(scene, field, seen, last);
  }
}

const SHOWN_KEPT = 8;

function noteShown(scene: Scene, field: string, { fields }: Seen, last: Written): void {
  const { value, shown = [] } = last;
  const isKnown = [value, ...shown].some((each) => sameToVendor(scene, field, each, fields[field]));
  if (field in fields && !isKnown) last.shown = [...shown, fields[field] ?? null].slice(-SHOWN_KEPT);
}
