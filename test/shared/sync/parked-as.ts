import type { Parked } from '../../../shared/sync/state.ts';

/** Work set aside for this cause. */
export const parkedAs = (cause: Parked['cause'], more: Partial<Parked> = {}): Parked => ({
  id: `parked-${cause}`,
  cause,
  reason: 'r',
  fault: 'organization',
  atMs: 1,
  attempts: 0,
  ...more,
});
