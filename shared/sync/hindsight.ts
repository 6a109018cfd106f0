import type { FieldValue } from '../domain/record.ts';
import { intervalOf, momentOf, ruleOn, type Seen, sameToVendor } from './merge.ts';
import { clampInterval } from './policy.ts';
import { currentValue, interpret } from './projection.ts';
import { actorOf, type Scene, setValue } from './scene.ts';
import { markSent } from './sent.ts';
import type { Heard, Interval, Link, Moment } from './state.ts';
import { compareVersions, same } from './versions.ts';

const NEVER: Moment = { atMs: Number.NEGATIVE_INFINITY };
const HEARD_KEPT = 8;

export function keepHeard(link: Link, heard: Heard): void {
  link.heard = [...(link.heard ?? []), heard].slice(-HEARD_KEPT);
}

export const heardFrom = (seen: Seen): Heard => ({
  fields: { ...seen.fields },
  atMs: seen.atMs,
  authorship: seen.authorship,
  ...(seen.version === undefined ? {} : { version: seen.version }),
  ...(seen.fieldTimesMs === undefined ? {} : { fieldTimesMs: { ...seen.fieldTimesMs } }),
  ...(seen.isExact === undefined ? {} : { isExact: seen.isExact }),
});

/**
 * What a value heard of late means, by the states known around it:
 * - `known`: older than a state that was judged, or the same as it;
 * - `overwritten`: stood there between the state our write was decided on and that write's landing;
 * - `put-back`: stood there before that state, whose value was therefore set after it, and taken for an old one;
 * - `said-again`: a person set what stood there anyway;
 * - `since`: later than what we hold, whose value, should it stand there still, was set after it.
 */
export type Verdict = 'known' | 'overwritten' | 'put-back' | 'said-again' | 'since';

export function verdictOf(scene: Scene, field: string, heard: Heard): Verdict {
  if (heard.authorship === 'hub') return 'known';
  const { written, since, met, got } = scene.link;
  const is = (value: FieldValue | undefined) => sameToVendor(scene, field, heard.fields[field], value);
  const again = heard.isExact === true && heard.authorship === 'other' ? 'said-again' : 'known';
  const ours = written?.[field];
  if (ours !== undefined) {
    if (!isAfter(heard, ours.stood ?? met ?? NEVER)) return 'known';
    if (isBefore(heard, ours.base)) {
      // By its time alone our own value may be our own landing: functions' clocks differ by up to a second.
      const mayBeOurs = !isPlaced(heard, ours.base) && is(ours.value);
      return ours.was === undefined || is(ours.was) || mayBeOurs ? 'known' : 'put-back';
    }
    if (ours.seen === undefined || !isAfter(heard, ours.seen)) {
      if (is(ours.value)) return again;
      return is(ours.was) || isVersionOf(heard, ours.base) ? 'known' : 'overwritten';
    }
  }
  if (!isAfter(heard, since?.[field] ?? met ?? NEVER)) return 'known';
  return is(got[field]) ? again : 'since';
}

const isPlaced = (heard: Heard, moment: Moment): boolean =>
  compareVersions(heard.version, moment.version) !== 'unknown';

const isVersionOf = (heard: Heard, moment: Moment): boolean =>
  compareVersions(heard.version, moment.version) === 'equal';

function isAfter(heard: Moment, moment: Moment): boolean {
  const order = compareVersions(heard.version, moment.version);
  return order === 'unknown' ? heard.atMs > moment.atMs : order === 'newer';
}

function isBefore(heard: Moment, moment: Moment): boolean {
  const order = compareVersions(heard.version, moment.version);
  return order === 'unknown' ? heard.atMs < moment.atMs : order === 'older';
}

/** A value that people set, as far as is known last, and that we overlooked. */
interface Overlooked {
  readonly field: string;
  readonly value: FieldValue;
  readonly when: Interval;
  /** Whether what stands there now was set before or after it, nobody can tell. */
  readonly isDoubtful: boolean;
}
export interface Hindsight {
  readonly overlooked: readonly Overlooked[];
  /** What stood there after what we hold: should our value stand there again, somebody put it back. */
  readonly since: readonly { readonly field: string; readonly value: FieldValue; readonly atMs: number }[];
}

/** Judges what was heard of the past; nothing is changed but our knowledge of when our own writes landed. */
export function lookBack(scene: Scene, heard: readonly Heard[]): Hindsight {
  const inTime = [...heard].sort((a, b) => a.atMs - b.atMs);
  const fields = new Set(inTime.flatMap((each) => Object.keys(each.fields)));
  const overlooked: Overlooked[] = [];
  const since: Hindsight['since'][number][] = [];
  for (const field of fields) {
    const told = inTime.filter((each) => field in each.fields);
    noteLanding(scene, field, told);
    const judged = told.map((each) => ({ heard: each, verdict: verdictOf(scene, field, each) }));
    const last = judged.findLast(({ verdict }) => verdict !== 'known' && verdict !== 'since');
    if (last !== undefined) overlooked.push(overlookedIn(scene, field, last));
    const later = judged.findLast(({ verdict }) => verdict === 'since')?.heard;
    if (later !== undefined) since.push({ field, value: later.fields[field] ?? null, atMs: later.atMs });
  }
  return { overlooked, since };
}

/** Our own write, told of under its own moment. */
function noteLanding(scene: Scene, field: string, told: readonly Heard[]): void {
  const ours = scene.link.written?.[field];
  const landed = told.find(
    (each) =>
      ours !== undefined &&
      each.authorship === 'hub' &&
      isAfter(each, ours.base) &&
      sameToVendor(scene, field, each.fields[field], ours.value),
  );
  if (ours === undefined || landed === undefined) return;
  if (ours.seen === undefined || isBefore(landed, ours.seen)) ours.seen = momentOf(landed);
}

function overlookedIn(
  scene: Scene,
  field: string,
  { heard, verdict }: { readonly heard: Heard; readonly verdict: Verdict },
): Overlooked {
  const ours = scene.link.written?.[field];
  if (verdict === 'put-back' && ours !== undefined) {
    const when = clampInterval(heard.atMs, ours.base.atMs, scene.around.nowMs);
    return { field, value: ours.was ?? null, when, isDoubtful: false };
  }
  const isDoubtful = verdict === 'overwritten' && ours?.seen === undefined;
  return { field, value: heard.fields[field] ?? null, when: intervalOf(scene, field, heard), isDoubtful };
}

/** What stands there and stood there before, with something else in between, was put back: an edit like any. */
export function notePutBack({ link, around }: Scene, { since }: Hindsight, seen: Seen): void {
  for (const { field, value, atMs } of since) {
    if (!(field in seen.fields) || !same(seen.fields[field], link.got[field])) continue;
    link.got[field] = value;
    link.gotAtMs = Math.max(link.gotAtMs, Math.min(atMs, around.nowMs));
  }
}

/**
 * Merges what we overlooked, at its own time. Where the field has been edited again since, that edit is the later
 * one, and what it replaced goes to the journal.
 */
export function mergeOverlooked(
  scene: Scene,
  { overlooked }: Hindsight,
  edited: ReadonlySet<string> = new Set(),
): number {
  let applied = 0;
  for (const each of overlooked) {
    if (mergeOne(scene, each, edited.has(each.field))) applied += 1;
  }
  return applied;
}

function mergeOne(
  scene: Scene,
  { field, value: raw, when, isDoubtful }: Overlooked,
  isEdited: boolean,
): boolean {
  const { link, record, place, around, requester, tree } = scene;
  const meaning = (fields: Link['got']) => interpret(record, fields, place, requester, around.nowMs)[field];
  const value = meaning({ ...link.got, [field]: raw });
  const standing = meaning(link.got);
  const ours = currentValue(record, field);
  if (value === undefined || same(value, ours)) return false;
  if (isEdited) {
    if (!same(value, standing)) noteLoss(scene, field, value, when, 'edited again before it was read');
    return false;
  }
  const was = link.written?.[field]?.was;
  const base = was === undefined ? undefined : meaning({ ...link.got, [field]: was });
  const ruling = ruleOn(scene, field, { value, base, ...when });
  const kept = ruling.winner === 'merge' ? ruling.value : ruling.winner === 'edit' ? value : ours;
  const isChanged = !same(kept, ours);
  if (isChanged) {
    setValue(tree, record, field, kept, { ...when, source: place.connection.id, actor: actorOf(place) });
    if (same(kept, value) && same(raw, link.got[field])) markSent(scene, field);
    else delete link.sent[field];
  }
  const known = [value, ours, currentValue(record, field)];
  if (isDoubtful && standing !== undefined && !known.some((each) => same(each, standing))) {
    noteLoss(scene, field, standing, when, 'nobody can tell whether it was set again after our write');
  }
  return isChanged;
}

function noteLoss(scene: Scene, field: string, lost: FieldValue, when: Interval, why: string): void {
  const { record, place, tree } = scene;
  tree.losses.push({
    record: record.id,
    field,
    lost,
    lostBy: actorOf(place),
    lostAtMs: when.toMs,
    kept: currentValue(record, field),
    keptBy: record.provenance[field]?.actor ?? 'hub',
    policy: 'newest',
    why,
  });
}
