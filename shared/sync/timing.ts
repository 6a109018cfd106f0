/** Bounds of the engine, each in milliseconds unless its name says otherwise. */
export const TIMING = {
  /** An accepted row that nobody has finished by then is sent again, each time after twice as long, within these. */
  reenqueueAfterMs: 30_000,
  reenqueueCapMs: 480_000,
  /** A wake this long past its time has lost its message: a worker lives 30 s, a send is at most a few. */
  overdueAfterMs: 60_000,
  /** Events that nobody has published by then are published by the sweeper. */
  republishAfterMs: 10_000,
  /** What fails at the sweeper comes back after as long as it has waited already, within these. */
  sweptAgainMs: 60_000,
  sweptAgainCapMs: 900_000,
  /** What a worker keeps back to commit and re-wake before its function is stopped. */
  reserveMs: 3_000,
  /** Closed rows outlive the vendor's last redelivery by this. */
  redeliveryMarginMs: 3_600_000,
  /** A transfer that would outlast its function is given up so long before. */
  transferReserveMs: 30_000,
  /** What a function had sent to the content store when it was stopped has landed by then, or never does. */
  landingMs: 60_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
  maxAttempts: 5,
  /** Work parked because a vendor was away is tried again by the sweeper after this. */
  drainAfterMs: 60_000,
  unseenCapMs: 3_600_000,
  /** Another contact of the same address is being made there; its copy is looked for after this. */
  matchAgainMs: 2_000,
  /** A read that answered with an older state than one already seen is repeated after this. */
  staleReadMs: 1_000,
  /** A worker that keeps losing its root to others comes back after this, and up to as long again. */
  crowdedMs: 1_000,
  /** Who waits for another's copy and found no room among those it wakes looks for it this often. */
  unlistedMs: 300_000,
  /** What a vendor refuses a name for is heard of by then, whatever a look that was a moment behind has shown. */
  retoldMs: 900_000,
  idempotencySeconds: 86_400,
  /** SQS delays a message at most this long; a later wake is sent on by its own early message. */
  maxDelayMs: 900_000,
  /** A row waits this long for a creation that it may be the echo of. */
  creationDoubtMs: 600_000,
  /** The hub's clock and a vendor's are never further apart. */
  clocksApartMs: 600_000,
} as const;

/** A copy out of sight is looked for this often, at doubling intervals; then only on replay. */
export const MAX_ABSENCES = 8;
/** How many a root lists as waiting for its copy: an item has an end, and one worker wakes them all. */
export const MOST_DEPENDENTS = 200;
/** How often a copy's field may come back changed from our own write before it parks. */
export const MAX_UNSETTLED = 4;
/** Attempts at one commit before the message goes back to its queue. */
export const MAX_CONFLICTS = 12;

/** When something that was due at `dueMs` and failed now is due again: behind all that waits already. */
export function backLaterMs(dueMs: number, nowMs: number): number {
  const waitedMs = Math.max(TIMING.sweptAgainMs, nowMs - dueMs);
  return nowMs + Math.min(waitedMs, TIMING.sweptAgainCapMs);
}
