import { goesBefore } from './fairness.ts';
import { SLOTS } from './window.ts';

export interface Usage {
  readonly used: number;
  readonly max: number;
  readonly atMs: number;
}

/** What each rule keeps is shown by taking it away (test/shared/resilience/quota). */
export interface QuotaRules {
  /** Slots after its last one in which a lease still counts: a window begins within a slot, and a call travels. */
  readonly heldSlots: number;
  goesBefore: typeof goesBefore;
  /** Tokens that bulk leaves for live traffic. */
  liveReserve(allowance: number, liveLately: number): number;
  /**
   * An allowance is drawn evenly, by bulk always, by live traffic once half of it is spent: at most so much of it in
   * a tenth of its window. Else whoever comes when it is gone waits for the whole window to pass.
   */
  readonly paceShare: Readonly<Record<'live' | 'bulk', number>>;
  isHeard(usage: Usage): boolean;
}

export const QUOTA: QuotaRules = {
  heldSlots: SLOTS + 1,
  goesBefore,
  liveReserve: (allowance, liveLately) =>
    Math.min(allowance - 1, Math.ceil(clamp(liveLately / 3, allowance * 0.02, allowance * 0.3))),
  paceShare: { live: 0.12, bulk: 0.105 },
  isHeard: () => true,
};

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
