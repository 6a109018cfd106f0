import type { VendorLimit } from '../ports/index.ts';
import { allowanceOf, type Bucket, flightMs, usedOf } from './bucket.ts';
import { counted, faded, isSame, type Wait } from './fairness.ts';
import { clamp, QUOTA, type QuotaRules } from './quota-rules.ts';
import { type Refusal, refusal } from './refusal.ts';
import { type Ask, isPaced, roomAt, type View } from './room.ts';
import { endOf, SLOTS, slotOf, withLease } from './window.ts';

export type Take = { readonly taken: number; readonly untilMs: number; readonly bucket: Bucket } | Refusal;

const FIRST_SLICE = 5;
/** While there is plenty, unspent tokens cost nothing and writes do; when it is scarce, the other way round. */
const PLENTY = { slice: 25, slots: SLOTS / 4, forMs: 60_000 };
/** One item takes no more than some twenty conditional writes a second from many functions. */
const WRITES_PER_MS = 0.02;

/** Takes a slice, or tells when to come back. */
export function take(bucket: Bucket, limit: VendorLimit, ask: Ask, rules: QuotaRules = QUOTA): Take {
  const view = { bucket, limit, ask, rules };
  const room = Math.floor(roomAt(view, ask.nowMs));
  return room >= 1 ? granted(view, room) : refusal(view);
}

function granted(view: View, room: number): Take {
  const { bucket, limit, ask, rules } = view;
  const { nowMs, organization } = ask;
  const { windowMs } = limit;
  const allowance = allowanceOf(limit, bucket);
  const isPlenty = usedOf(bucket, limit, nowMs, rules) < allowance / 2 && bucket.waits.length === 0;
  const most = isPlenty ? Math.min(PLENTY.slice, allowance / 10) : allowance / (WRITES_PER_MS * windowMs);
  const wanted = ask.wanted ?? (isPlenty ? FIRST_SLICE : 1);
  const taken = Math.min(room, clamp(wanted, 1, Math.max(1, Math.floor(most))));
  const nowSlot = slotOf(nowMs, windowMs);
  // One token is spent at once.
  const life =
    isPlenty && taken > 1 ? Math.min(PLENTY.slots, Math.floor((PLENTY.forMs * SLOTS) / windowMs)) : 0;
  const endSlot = nowSlot + life;
  const memory = { nowMs, memoryMs: windowMs };
  const drawn = { ...bucket.drawn, [organization]: counted(bucket.drawn[organization], taken, memory) };
  const tenth = { nowMs, memoryMs: windowMs / 10 };
  const live = counted(bucket.live, ask.priority === 'live' ? taken : 0, tenth);
  const evenly = counted(bucket.paced[ask.priority], isPaced(view, nowMs) ? taken : 0, tenth);
  return {
    taken,
    untilMs: endOf(endSlot, windowMs),
    bucket: {
      ...bucket,
      flying: counted(bucket.flying, taken, { nowMs, memoryMs: flightMs(limit) }),
      leased: withLease(bucket.leased, [endSlot, taken], nowSlot - SLOTS - 1),
      drawn: remembered(drawn, { nowMs, windowMs, allowance }),
      live,
      paced: { ...bucket.paced, [ask.priority]: evenly },
      ...(ask.priority === 'bulk' && { bulkAtMs: nowMs }),
      waits: waitsAfter(bucket.waits, ask, taken),
    },
  };
}

/** Of an organization that has drawn next to nothing, nothing need be remembered. */
function remembered(
  drawn: Bucket['drawn'],
  { nowMs, windowMs, allowance }: { nowMs: number; windowMs: number; allowance: number },
): Bucket['drawn'] {
  const least = Math.max(0.05, allowance / 200);
  return Object.fromEntries(
    Object.entries(drawn).filter(([, fading]) => faded(fading, nowMs, windowMs) >= least),
  );
}

function waitsAfter(waits: readonly Wait[], ask: Ask, taken: number): readonly Wait[] {
  return waits.flatMap((wait) => {
    if (wait.untilMs <= ask.nowMs) return [];
    if (!isSame(wait, ask)) return [wait];
    return wait.tokens > taken ? [{ ...wait, tokens: wait.tokens - taken }] : [];
  });
}
