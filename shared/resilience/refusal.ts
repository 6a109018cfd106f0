import { allowanceOf, type Bucket } from './bucket.ts';
import { isSame, type Wait } from './fairness.ts';
import { keptOf, roomAt, type View } from './room.ts';
import { endOf, SLOTS, slotOf } from './window.ts';

/** However long the window, somebody looks again: the vendor may have been mended, or raised. */
const RECHECK_MS = 300_000;
/** Nobody comes back sooner than this part of the window, so that a flood of waiting calls does not become one of asking. */
const PATIENCE_SHARE = 1 / 20;
const MAX_PATIENCE_MS = 60_000;
/** A message that was told to wait comes by a queue that counts in seconds. */
const LATENESS_MS = 1_000;

/** When to come back; `bucket` where others are to give way until then. */
export interface Refusal {
  readonly taken: 0;
  readonly retryAfterMs: number;
  readonly bucket?: Bucket;
}

export function refusal(view: View): Refusal {
  const { bucket, limit, ask } = view;
  const patienceMs = Math.min(limit.windowMs * PATIENCE_SHARE, MAX_PATIENCE_MS);
  const retryAfterMs =
    bucket.blockedUntilMs > ask.nowMs
      ? bucket.blockedUntilMs - ask.nowMs
      : Math.ceil(Math.min(RECHECK_MS, Math.max(patienceMs, roomInMs(view))));
  const waits = waiting(view, retryAfterMs);
  return { taken: 0, retryAfterMs, ...(waits && { bucket: { ...bucket, waits } }) };
}

function roomInMs(view: View): number {
  const { windowMs } = view.limit;
  const { nowMs } = view.ask;
  const from = slotOf(nowMs, windowMs);
  for (let slot = from; slot <= from + 2 * SLOTS; slot += 1) {
    const atMs = endOf(slot, windowMs);
    if (roomAt(view, atMs) >= 1) return atMs - nowMs;
  }
  return windowMs;
}

/** The waits with this one in it; undefined where nobody would give way to it, or it stands there already. */
function waiting(view: View, retryAfterMs: number): readonly Wait[] | undefined {
  const { bucket, limit, ask } = view;
  const { nowMs, organization, priority } = ask;
  const isAlone = Object.keys(bucket.drawn).every((each) => each === organization);
  const { bulkAtMs = Number.NEGATIVE_INFINITY } = bucket;
  const isBehindBulk = priority === 'live' && nowMs - bulkAtMs < limit.windowMs;
  if (isAlone && !isBehindBulk) return undefined;
  const current = bucket.waits.filter(({ untilMs }) => untilMs > nowMs);
  const known = current.find((wait) => isSame(wait, ask));
  const most = Math.max(1, Math.ceil(allowanceOf(limit, bucket) * PATIENCE_SHARE));
  const least = priority === 'bulk' ? keptOf(view, nowMs) : 0;
  const tokens = Math.min(least + most, (known?.tokens ?? least) + 1);
  const untilMs = Math.ceil(nowMs + retryAfterMs * 1.2 + LATENESS_MS);
  const isKnown = known?.tokens === tokens && untilMs - known.untilMs < (retryAfterMs + LATENESS_MS) / 2;
  if (isKnown) return undefined;
  const others = current.filter((wait) => wait !== known);
  return [...others, { organization, priority, tokens, untilMs: Math.max(untilMs, known?.untilMs ?? 0) }];
}
