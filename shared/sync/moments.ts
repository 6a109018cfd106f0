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

export const isAfter = (one: Timed, other: Timed): boolean => placeOf(one, other) === 'newer';
export const isBefore = (one: Timed, other: Timed): boolean => placeOf(one, other) === 'older';
