import type { VendorLimit } from '../ports/index.ts';

/** Poll and backfill may not take the last of it: live traffic keeps this share. */
export const LIVE_SHARE = 0.3;
/** A function leases this part of a window at once, and spends it without asking again. */
const SLICE_SHARE = 0.2;

export type Priority = 'live' | 'bulk';

/** A token bucket at rest. Blocks come from the vendor's own word and outrank the hub's counting. */
export interface Bucket {
  readonly tokens: number;
  readonly refilledAtMs: number;
  readonly blockedUntilMs: number;
  readonly bulkBlockedUntilMs: number;
}

export type Take =
  | { readonly taken: number; readonly bucket: Bucket }
  | { readonly taken: 0; readonly retryAfterMs: number };

export function fullBucket(limit: VendorLimit, nowMs: number): Bucket {
  return { tokens: capacityOf(limit), refilledAtMs: nowMs, blockedUntilMs: 0, bulkBlockedUntilMs: 0 };
}

export function capacityOf(limit: VendorLimit): number {
  return limit.burst ?? limit.tokens;
}

/** Never so much that bulk could not take its one token from a full bucket. */
function liveShareOf(limit: VendorLimit): number {
  return Math.max(0, Math.min(capacityOf(limit) * LIVE_SHARE, capacityOf(limit) - 1));
}

export function sliceOf(limit: VendorLimit): number {
  return Math.max(1, Math.floor(limit.tokens * SLICE_SHARE));
}

/** Takes up to one slice, or tells when there will be a token. */
export function take(bucket: Bucket, limit: VendorLimit, nowMs: number, priority: Priority): Take {
  const blockedUntilMs = Math.max(bucket.blockedUntilMs, priority === 'bulk' ? bucket.bulkBlockedUntilMs : 0);
  if (blockedUntilMs > nowMs) return { taken: 0, retryAfterMs: blockedUntilMs - nowMs };
  const tokens = refilled(bucket, limit, nowMs);
  const floor = priority === 'bulk' ? liveShareOf(limit) : 0;
  const taken = Math.min(sliceOf(limit), Math.floor(tokens - floor));
  if (taken >= 1) return { taken, bucket: { ...bucket, tokens: tokens - taken, refilledAtMs: nowMs } };
  const missing = floor + 1 - tokens;
  return { taken: 0, retryAfterMs: Math.max(1, Math.ceil((missing * limit.windowMs) / limit.tokens)) };
}

function refilled(bucket: Bucket, limit: VendorLimit, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - bucket.refilledAtMs);
  return Math.min(capacityOf(limit), bucket.tokens + (elapsedMs * limit.tokens) / limit.windowMs);
}

/** The vendor said: not before then. Whatever the hub had counted is gone. */
export function blocked(bucket: Bucket, untilMs: number): Bucket {
  return { ...bucket, tokens: 0, blockedUntilMs: Math.max(bucket.blockedUntilMs, untilMs) };
}

/** Of a long allowance (Salesforce: 24 hours): what is left near its end belongs to live traffic, then to nobody. */
export const USAGE = { bulkStopsAt: 0.9, allStopsAt: 0.99, recheckMs: 300_000 };

export function corrected(bucket: Bucket, used: number, max: number, nowMs: number): Bucket | undefined {
  const share = max > 0 ? used / max : 1;
  const untilMs = nowMs + USAGE.recheckMs;
  if (share >= USAGE.allStopsAt) return { ...blocked(bucket, untilMs), bulkBlockedUntilMs: untilMs };
  // Written once per half of its time, not with every answer.
  const isKnown = bucket.bulkBlockedUntilMs - nowMs > USAGE.recheckMs / 2;
  return share >= USAGE.bulkStopsAt && !isKnown ? { ...bucket, bulkBlockedUntilMs: untilMs } : undefined;
}
