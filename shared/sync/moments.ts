import type { Version } from '../ports/mapping.ts';
import type { Moment } from './state.ts';
import { compareVersions, type Order, orderOf } from './versions.ts';

/** What knows when it was: a state, an event, a write. */
export interface Timed {
  readonly atMs: number;
  readonly version?: Version | undefined;
}

export const momentOf = ({ atMs, version }: Timed): Moment =>
  version === undefined ? { atMs } : { atMs, version };

/** Versions order states of one source; where they say nothing, its times do. */
function placeOf(one: Timed, other: Timed): Order {
  const order = compareVersions(one.version, other.version);
  return order === 'unknown' ? orderOf(one.atMs, other.atMs) : order;
}

/** Stamps may be whole seconds, and an event's a moment later than its object's. */
export const STAMP_SLACK_MS = 1_000;

/** Earlier for certain, however stamps may blur. */
export function isLongBefore(one: Timed, other: Timed): boolean {
  const order = compareVersions(one.version, other.version);
  return order === 'unknown' ? one.atMs + STAMP_SLACK_MS <= other.atMs : order === 'older';
}

export const isAfter = (one: Timed, other: Timed): boolean => placeOf(one, other) === 'newer';
export const isBefore = (one: Timed, other: Timed): boolean => placeOf(one, other) === 'older';
/** As far as can be told. */
export const isOfMoment = (one: Timed, moment: Timed): boolean =>
  !isBefore(one, moment) && !isAfter(one, moment);
