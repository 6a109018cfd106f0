import type { Clock, Random } from '../../shared/ports/index.ts';

export interface SeededRandom extends Random {
  /** Uniform in 0 … below-1. */
  integer(below: number): number;
  chance(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** An independent stream; taking from it does not disturb this one. */
  fork(): SeededRandom;
}

/** mulberry32: 32 bits of state, good enough to choose faults with, and the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function seededRandom(seed: number, clock?: Clock): SeededRandom {
  const next = mulberry32(seed);
  let issued = 0;
  const random: SeededRandom = {
    next,
    id() {
      issued += 1;
      const time = (clock?.now() ?? 0).toString(36).padStart(9, '0');
      const tail = Math.floor(next() * 60_466_176)
        .toString(36)
        .padStart(5, '0');
      return `${time}${issued.toString(36).padStart(4, '0')}${tail}`;
    },
    integer: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    pick(values) {
      if (values.length === 0) throw new RangeError('nothing to pick from');
      return values[Math.floor(next() * values.length)]!;
    },
    fork: () => seededRandom(Math.floor(next() * 4_294_967_296), clock),
  };
  return random;
}
