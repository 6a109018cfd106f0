import type { Random } from '../ports/index.ts';

/** At least what the vendor asked for, and up to a fifth more, so that not everybody comes back at once. */
export function spreadMs(atLeastMs: number, random: Random): number {
  return Math.ceil(atLeastMs * (1 + random.next() / 5));
}
