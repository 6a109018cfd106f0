import type { World } from '../world.ts';
import { replaysIn } from '../worlds/replaying.ts';
import type { Breach } from './families.ts';

/** Invariant 5, of replays in bulk: each came to an end with every piece accounted for, one at a time, none twice. */
export function replaysEnd(world: World): readonly Breach[] {
  const { overlapping } = world.chronicle;
  return [
    ...overlapping.map((what) => ({ invariant: 5, what })),
    ...replaysIn(world).flatMap(({ id, state, total, replayed, gone, failed }) => {
      const sum = replayed + gone + failed;
      const isEnded = state === 'done' ? sum === total : state === 'cancelled' && sum <= total;
      return isEnded
        ? []
        : [{ invariant: 5, what: `replay ${id} is ${state} with ${sum} of ${total} pieces accounted for` }];
    }),
  ];
}
