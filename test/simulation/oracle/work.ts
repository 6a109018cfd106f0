import type { World } from '../world.ts';
import type { Breach } from './families.ts';

/** Invariant 2, of work: one message acts for a lane, and no two functions ask for the same thing at once. */
export function oneAtWork({ chronicle }: World): readonly Breach[] {
  return [
    ...chronicle.strays.slice(0, 3).map((what) => ({
      invariant: 2,
      what: `${what}: a message acted that was not the wake`,
    })),
    ...chronicle.doubled.slice(0, 3).map((what) => ({
      invariant: 2,
      what: `${what}: two functions had a request under way at once`,
    })),
  ];
}
