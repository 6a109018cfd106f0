import type { Version } from '../ports/mapping.ts';
import type { Moment } from './state.ts';
import { compareVersions, type Order } from './versions.ts';

/** What knows when it was: a state, an event, a write. */
interface Timed {
  readonly atMs: number;
  readonly version?: Version | undefined;
}

export const momentOf = ({ atMs, version }: Timed): Moment =>
  version === undefined ? { atMs } : { atMs, version };

/** Versions order states of one source; where they say nothing, its times do. */
function orderOf(one: Timed, other: Timed): Order {
  const order = compareVersions(one.version, other.version);
  if (order !== 'unknown' || one.atMs === other.atMs) return order;
  return one.atMs > other.atMs ? 'newer' : 'older';
}

export const isAfter = (one: Timed, other: Timed): boolean => orderOf(one, other) === 'newer';
export const isBefore = (one: Timed, other: Timed): boolean => orderOf(one, other) === 'older';
