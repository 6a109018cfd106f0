import type { OrganizationId } from '../domain/ids.ts';
import type { VendorLimit } from '../ports/index.ts';
import { allowanceOf, type Bucket, usedOf } from './bucket.ts';
import { faded, type Taker } from './fairness.ts';
import type { QuotaRules } from './quota-rules.ts';

/** Others' use of an account comes and goes by this part of it, and live traffic must not be what gives way. */
const FOREIGN_SWING = 0.1;
/** Who is alone waits for no more than this for what it has spent at once. */
const SHORT_MS = 300_000;

export interface Ask extends Taker {
  readonly nowMs: number;
  /** How many the asker expects to spend before it asks again, where it knows. */
  readonly wanted?: number;
}

/** A bucket as one asker finds it. */
export interface View {
  readonly bucket: Bucket;
  readonly limit: VendorLimit;
  readonly ask: Ask;
  readonly rules: QuotaRules;
}

/** What this one may have of it then. */
export function roomAt(view: View, atMs: number): number {
  const { bucket, limit, ask, rules } = view;
  if (bucket.blockedUntilMs > atMs) return 0;
  const allowance = allowanceOf(limit, bucket);
  const kept = ask.priority === 'bulk' ? keptOf(view, atMs) : 0;
  const room = allowance - usedOf(bucket, limit, atMs, rules) - kept;
  const paceRoom = isPaced(view, atMs)
    ? paceOf(view) - faded(bucket.paced[ask.priority], atMs, limit.windowMs / 10)
    : room;
  return Math.min(room, paceRoom) - aheadOf(view, atMs);
}

function paceOf({ bucket, limit, ask, rules }: View): number {
  const ours = Math.max(0, allowanceOf(limit, bucket) - (bucket.told?.foreign ?? 0));
  return Math.max(1, Math.ceil(ours * rules.paceShare[ask.priority]));
}

/** Draws evenly: bulk always, live traffic of whoever holds much once half is spent and others would wait for it. */
export function isPaced(view: View, atMs: number): boolean {
  const { bucket, ask, limit, rules } = view;
  if (ask.priority === 'bulk') return true;
  const allowance = allowanceOf(limit, bucket);
  if (usedOf(bucket, limit, atMs, rules) < allowance / 2) return false;
  const others = Object.keys(bucket.drawn).filter((each) => each !== ask.organization).length;
  if (others === 0) return limit.windowMs > SHORT_MS;
  return drawnBy(view, atMs)(ask.organization) > allowance / (others + 2) / 2;
}

/** What bulk leaves for live traffic. */
export function keptOf({ bucket, limit, rules }: View, atMs: number): number {
  const swing = (bucket.told?.foreign ?? 0) * FOREIGN_SWING;
  return rules.liveReserve(allowanceOf(limit, bucket), faded(bucket.live, atMs, limit.windowMs / 10)) + swing;
}

function drawnBy({ bucket, limit }: View, atMs: number) {
  return (organization: OrganizationId): number => {
    const known = bucket.drawn[organization];
    return known === undefined ? 0 : faded(known, atMs, limit.windowMs);
  };
}

/** Kept for those who were refused and come before this one. */
function aheadOf(view: View, atMs: number): number {
  const { bucket, ask, rules } = view;
  const drawn = drawnBy(view, atMs);
  return bucket.waits.reduce(
    (sum, wait) => (wait.untilMs > atMs && rules.goesBefore(wait, ask, drawn) ? sum + wait.tokens : sum),
    0,
  );
}
