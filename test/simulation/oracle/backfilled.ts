import type { World } from '../world.ts';
import { jobsOf } from '../worlds/backfilling.ts';
import type { Breach } from './families.ts';

/**
 * Invariant 5, of backfills: where a job has brought something of a kind, no later one has brought it all with nothing:
 * what a vendor shows to nobody is not what it does not have.
 */
export function nothingIsNoProof(world: World): readonly Breach[] {
  const jobs = jobsOf(world).filter(({ direction }) => direction !== 'out');
  return jobs.flatMap(({ id, state, connection, exports }, at) =>
    exports.flatMap(({ kind, records }) => {
      const isVain = state === 'done' && records === 0;
      const earlier = jobs.slice(0, at).filter((job) => job.connection === connection);
      const hasBrought = earlier.some((job) =>
        job.exports.some((each) => each.kind === kind && each.read > 0),
      );
      if (!isVain || !hasBrought) return [];
      return [{ invariant: 5, what: `backfill ${id} is done without any ${kind}, of which there were some` }];
    }),
  );
}
