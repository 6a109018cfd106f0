import type { Random } from '../ports/index.ts';

export interface BackoffSettings {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Exponential with full jitter: uniform between nothing and the bound, so that retries never come in step. */
export function backoffMs(attempt: number, settings: BackoffSettings, random: Random): number {
  const bound = Math.min(settings.capMs, settings.baseMs * 2 ** Math.max(0, attempt));
  return Math.floor(random.next() * bound);
}

/** At least what the vendor asked for, and up to a fifth more, so that not everybody comes back at once. */
export function spreadMs(atLeastMs: number, random: Random): number {
  return Math.ceil(atLeastMs * (1 + random.next() / 5));
}
