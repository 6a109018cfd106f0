/**
 * What a connection has taught about when it speaks. Counted are looks that found something new, not events: a
 * conversation comes in bursts, and each of its messages says little about the next conversation.
 */
export interface Pulse {
  readonly lookedAtMs: number;
  readonly lastEventAtMs?: number;
  /** By hour of the week, in UTC: looks made in it, and those that found something. */
  readonly hours: Readonly<Record<number, readonly [looks: number, found: number]>>;
  /** −ln of the probability that a connection which works as ever is silent for as long as this one now is. */
  readonly surprise: number;
}

/** A connection that works is taken for silent in fewer than one of ten thousand silences. */
export const FALSE_ALARM = 1e-4;
const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
/** Four weeks of six looks an hour; older ones fade. */
const MEMORY_LOOKS = 24;
/** A look that comes later than this says nothing about its hour. */
const MAX_GAP_MS = 20 * 60_000;

/** What one more look has found: when the newest event came, if ever. */
export function looked(
  before: Pulse | undefined,
  { nowMs, lastEventAtMs }: { readonly nowMs: number; readonly lastEventAtMs: number | undefined },
): Pulse {
  const newest = lastEventAtMs ?? before?.lastEventAtMs;
  const last = newest === undefined ? {} : { lastEventAtMs: newest };
  if (before === undefined) return { lookedAtMs: nowMs, hours: {}, surprise: 0, ...last };
  const isFound = newest !== undefined && newest > before.lookedAtMs;
  const isUsable = nowMs - before.lookedAtMs <= MAX_GAP_MS;
  const hour = Math.floor(nowMs / HOUR_MS) % WEEK_HOURS;
  const surprise = isFound ? 0 : before.surprise + (isUsable ? surpriseAt(before, hour) : 0);
  const hours = isUsable ? { ...before.hours, [hour]: learned(before.hours[hour], isFound) } : before.hours;
  return { lookedAtMs: nowMs, hours, surprise, ...last };
}

function learned(
  [looks, found]: readonly [number, number] = [0, 0],
  isFound: boolean,
): readonly [number, number] {
  const kept = Math.min(1, (MEMORY_LOOKS - 1) / Math.max(1, looks));
  return [looks * kept + 1, found * kept + (isFound ? 1 : 0)];
}

/** As if one quiet week more had been seen, so that few looks teach no certainty; an hour never seen teaches nothing. */
function surpriseAt({ hours }: Pulse, hour: number): number {
  const [looks, found] = hours[hour] ?? [0, 0];
  return -Math.log(1 - found / (looks + 2));
}

/** Since when it is silent, where chance does not explain it. */
export function silentSince(pulse: Pulse | undefined): number | undefined {
  const isSilent = pulse !== undefined && pulse.surprise > -Math.log(FALSE_ALARM);
  return isSilent ? pulse.lastEventAtMs : undefined;
}
