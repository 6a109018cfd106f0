/**
 * Counts a limit so that it holds in every span of its window, wherever that begins: for a vendor that slides its
 * window and for one that starts a new one on the minute. A bucket that refills while it is full of `tokens` would
 * let twice as many through within one window.
 */

/** A window is counted in so many slots: what was leased frees itself slot by slot, not all at once. */
export const SLOTS = 100;

/** Tokens leased, by the slot in which the last of them may be spent, oldest first. */
export type Leased = readonly (readonly [endSlot: number, tokens: number])[];

export function slotOf(atMs: number, windowMs: number): number {
  return Math.floor((atMs * SLOTS) / windowMs);
}

/** The end of a slot is the beginning of the next. */
export function endOf(slot: number, windowMs: number): number {
  return ((slot + 1) * windowMs) / SLOTS;
}

export function sumFrom(leased: Leased, slot: number): number {
  return leased.reduce((sum, [end, tokens]) => (end >= slot ? sum + tokens : sum), 0);
}

export function withLease(leased: Leased, [slot, tokens]: Leased[number], oldest: number): Leased {
  const kept = leased.filter(([end]) => end >= oldest);
  const same = kept.find(([end]) => end === slot)?.[1] ?? 0;
  const others = kept.filter(([end]) => end !== slot);
  return [...others, [slot, same + tokens] as const].sort(([a], [b]) => a - b);
}
