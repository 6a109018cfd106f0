import type { Clock } from '../../shared/ports/index.ts';

export interface VirtualClock extends Clock {
  /** Moves time on; it never goes back. */
  advanceTo(atMs: number): void;
  advance(byMs: number): void;
}

/** 2026-01-01T00:00:00Z: a whole second, so that second-resolution stamps are exact at the start. */
export const START_MS = Date.UTC(2026, 0, 1);

export function virtualClock(startMs: number = START_MS): VirtualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advanceTo(atMs) {
      nowMs = Math.max(nowMs, atMs);
    },
    advance(byMs) {
      nowMs += Math.max(0, byMs);
    },
  };
}

/** The same moment as a function with a wrong clock tells it. */
export function skewed(clock: Clock, byMs: number): Clock {
  return { now: () => clock.now() + byMs };
}
