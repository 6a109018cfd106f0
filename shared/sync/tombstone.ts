import type { Observation } from '../ports/mapping.ts';
import { isAfter, isBefore, momentOf } from './moments.ts';
import type { Taken } from './observe.ts';
import type { Tombstone } from './state.ts';

/**
 * A deletion, or news of a life that has ended since: nothing is made of either. An object that was merged away died by
 * the hub's own clock: whether it was brought back before that, nobody can tell.
 */
export function isOver(o: Observation, tombstone: Tombstone | undefined): boolean {
  if (o.life === 'deleted' || tombstone === undefined) return o.life === 'deleted';
  const isMerged = tombstone.wasOf !== undefined;
  if (o.life === 'undeleted') return !isMerged && isBefore(o, tombstone.dead);
  return isMerged || !isAfter(o, tombstone.dead);
}

/** Dead before it was known: there is nothing to delete, but its earlier lives may yet be announced. */
export function bury(o: Observation, tombstone: Tombstone | undefined): Taken {
  const isKnown = tombstone !== undefined && (tombstone.wasOf !== undefined || !isAfter(o, tombstone.dead));
  const claims = [{ kind: o.kind, externalId: o.externalId, claim: { dead: momentOf(o) } }];
  return { end: 'filtered', trees: [], claims: isKnown ? [] : claims };
}
