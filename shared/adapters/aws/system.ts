import { randomInt, randomUUID } from 'node:crypto';
import type { Clock, Random } from '../../ports/index.ts';

/** The only real clock of the runtime code. */
export const systemClock: Clock = { now: () => Date.now() };

const RESOLUTION = 2 ** 48 - 1;

export const systemRandom: Random = {
  next: () => randomInt(RESOLUTION) / RESOLUTION,
  /** 48 bits of time, then 80 of chance: sorts by time, and nobody guesses the next. */
  id: () => Date.now().toString(16).padStart(12, '0') + chance(),
};

/** The digits of a UUID v4 beside its version: Node asks the system for many of them at once. */
function chance(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-12);
}
