import type { VendorLimit } from '../ports/index.ts';
import { type Bucket, flightMs, OTHERS_SHARE, ownOf, usedOf } from './bucket.ts';
import { faded } from './fairness.ts';
import { clamp, QUOTA, type QuotaRules, type Usage } from './quota-rules.ts';
import { SLOTS, slotOf, withLease } from './window.ts';

/** The vendor said: not before then. It counts more than we do, so what follows is drawn evenly, not at once. */
export function blocked(
  bucket: Bucket,
  limit: VendorLimit,
  given: { untilMs: number; nowMs: number },
): Bucket {
  const untilMs = Math.max(bucket.blockedUntilMs, given.untilMs);
  if (bucket.told !== undefined) return { ...bucket, blockedUntilMs: untilMs };
  const missing = Math.floor(limit.tokens / 2 - usedOf(bucket, limit, untilMs));
  if (missing < 1) return { ...bucket, blockedUntilMs: untilMs };
  const oldest = slotOf(given.nowMs, limit.windowMs) - SLOTS - 1;
  const leased = withLease(bucket.leased, [slotOf(untilMs, limit.windowMs), missing], oldest);
  return { ...bucket, leased, blockedUntilMs: untilMs };
}

/** The vendor's own count beside ours; undefined where it says nothing worth writing down. */
export function corrected(
  bucket: Bucket,
  limit: VendorLimit,
  usage: Usage & { readonly nowMs: number },
  rules: QuotaRules = QUOTA,
): Bucket | undefined {
  const { used, max, atMs, nowMs } = usage;
  const { told } = bucket;
  const isOld = told !== undefined && told.atMs >= atMs;
  if (isOld || max < 1 || !rules.isHeard(usage)) return undefined;
  const counted = ownOf(bucket, limit, nowMs, rules) - faded(bucket.flying, nowMs, flightMs(limit));
  const next = { ...bucket, told: { max, foreign: Math.max(0, used - Math.max(0, counted)), atMs } };
  const difference = Math.abs(usedOf(next, limit, nowMs, rules) - usedOf(bucket, limit, nowMs, rules));
  // The nearer the end, the finer: far from it, a write for each answer would cost more than it tells.
  const least = clamp((max - used) / 10, 1, Math.max(1, max * OTHERS_SHARE));
  return told?.max !== max || difference >= least ? next : undefined;
}
