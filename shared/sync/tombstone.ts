import type { Observation } from '../ports/mapping.ts';
import { isAfter, isBefore, isLongBefore, momentOf } from './moments.ts';
import type { Taken } from './observe.ts';
import type { Tombstone } from './state.ts';
import { TIMING } from './timing.ts';

/**
 * A deletion, or news of a life that has ended since: nothing is made of either. An object that was merged away died by
 * the hub's own clock: what came after that its vendor's word says, or a time that is later by any clock; of an undeletion
 * told of with neither nobody can tell whether it was before.
 */
export function isOver(o: Observation, tombstone: Tombstone | undefined): boolean {
  if (o.life === 'deleted' || tombstone === undefined) return o.life === 'deleted';
  const { wasOf, told, dead } = tombstone;
  const end = wasOf === undefined ? dead : told;
  if (o.life === 'undeleted') return end !== undefined && isBefore(o, end);
  return !isAfter(o, end ?? { atMs: dead.atMs + TIMING.clocksApartMs });
}

/** What was set later than the merge, and hangs there still, tells that what was merged away is back: else it had been moved. */
export function tellsOfReturn({ life, atMs }: Observation, tombstone: Tombstone): boolean {
  const { told, wasOf } = tombstone;
  return (
    wasOf !== undefined &&
    told !== undefined &&
    life !== 'deleted' &&
    isLongBefore({ atMs: told.atMs }, { atMs })
  );
}

/** Dead before it was known: there is nothing to delete, but its earlier lives may yet be announced. */
export function bury(o: Observation, tombstone: Tombstone | undefined): Taken {
  const claim = buriedAs(o, tombstone);
  const claims = claim === undefined ? [] : [{ kind: o.kind, externalId: o.externalId, claim }];
  return { end: 'filtered', trees: [], claims };
}

function buriedAs(o: Observation, tombstone: Tombstone | undefined): Tombstone | undefined {
  const dead = momentOf(o);
  if (tombstone?.wasOf === undefined)
    return tombstone === undefined || isAfter(o, tombstone.dead) ? { dead } : undefined;
  const { told } = tombstone;
  const isTold = o.life === 'deleted' && (told === undefined || isAfter(o, told));
  return isTold ? { ...tombstone, told: dead } : undefined;
}
