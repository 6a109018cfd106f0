import type { Observation } from '../ports/mapping.ts';
import { isAfter, momentOf } from './moments.ts';
import type { Taken } from './observe.ts';
import type { Tombstone } from './state.ts';

/** A deletion, or news of a life that has ended since: nothing is made of either. */
export function isOver(o: Observation, tombstone: Tombstone | undefined): boolean {
  if (o.life !== undefined || tombstone === undefined) return o.life === 'deleted';
  return tombstone.mergedInto !== undefined || !isAfter(o, tombstone.dead);
}

/** Dead before it was known: there is nothing to delete, but its earlier life may yet be announced. */
export function bury(o: Observation, tombstone: Tombstone | undefined): Taken {
  const claims = [{ kind: o.kind, externalId: o.externalId, claim: { dead: momentOf(o) } }];
  return { end: 'filtered', trees: [], claims: tombstone === undefined ? claims : [] };
}
