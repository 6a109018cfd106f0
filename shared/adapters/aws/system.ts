import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random } from '../../ports/index.ts';

/** The only real clock of the runtime code. */
export const systemClock: Clock = { now: () => Date.now() };

const RESOLUTION = 2 ** 48 - 1;

export const systemRandom: Random = {
  next: () => randomInt(RESOLUTION) / RESOLUTION,
  /** 48 bits of time, then 80 of chance: sorts by time, and nobody guesses the next. */
  id: () => Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex'),
};
