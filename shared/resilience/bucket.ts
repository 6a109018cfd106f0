import type { OrganizationId } from '../domain/ids.ts';
import type { VendorLimit } from '../ports/index.ts';
import type { Fading, Priority, Wait } from './fairness.ts';
import { QUOTA, type QuotaRules } from './quota-rules.ts';
import { type Leased, slotOf, sumFrom } from './window.ts';

/** One vendor limit at rest: what the hub has leased of it, what the vendor said of it, and who waits for it. */
export interface Bucket {
  readonly leased: Leased;
  readonly told?: Told;
  /** Leased lately: the vendor may not have counted it yet. */
  readonly flying: Fading;
  readonly blockedUntilMs: number;
  /** What each organization has drawn within a window, and live traffic within a tenth of one. */
  readonly drawn: Readonly<Record<OrganizationId, Fading>>;
  readonly live: Fading;
  /** What was drawn evenly, within a tenth of a window. */
  readonly paced: Readonly<Record<Priority, Fading>>;
  /** When bulk last drew: without it, live traffic has nobody to go before. */
  readonly bulkAtMs?: number;
  readonly waits: readonly Wait[];
}

interface Told {
  readonly max: number;
  /** What it counts and we do not: other users of the account. */
  readonly foreign: number;
  readonly atMs: number;
}

export const EMPTY: Bucket = {
  leased: [],
  flying: { count: 0, atMs: 0 },
  blockedUntilMs: 0,
  drawn: {},
  live: { count: 0, atMs: 0 },
  paced: { live: { count: 0, atMs: 0 }, bulk: { count: 0, atMs: 0 } },
  waits: [],
};

/** Left to whoever else uses the account between two answers of the vendor. */
export const OTHERS_SHARE = 1 / 200;
/** A token leased longer ago is spent, and its call counted by the vendor. */
const FLIGHT_MS = 10_000;

export function allowanceOf(limit: VendorLimit, { told }: Bucket): number {
  return told === undefined ? limit.tokens : told.max - Math.ceil(told.max * OTHERS_SHARE);
}

/** Spent, leased, or taken by others: as far as the hub knows. */
export function usedOf(bucket: Bucket, limit: VendorLimit, nowMs: number, rules = QUOTA): number {
  const own = ownOf(bucket, limit, nowMs, rules);
  return (
    own +
    foreignOf(bucket, { isAlone: own === 0, ageShare: (nowMs - (bucket.told?.atMs ?? 0)) / limit.windowMs })
  );
}

export function ownOf(
  { leased }: Bucket,
  { windowMs }: VendorLimit,
  nowMs: number,
  rules: QuotaRules,
): number {
  return sumFrom(leased, slotOf(nowMs, windowMs) - rules.heldSlots);
}

/** Others are taken to go on as they do, until nothing of ours is left whose end would let us ask again. */
function foreignOf({ told }: Bucket, given: { isAlone: boolean; ageShare: number }): number {
  if (told === undefined) return 0;
  return given.isAlone ? told.foreign * Math.max(0, 1 - given.ageShare) : told.foreign;
}

export function flightMs({ windowMs }: VendorLimit): number {
  return Math.min(FLIGHT_MS, windowMs / 10);
}
