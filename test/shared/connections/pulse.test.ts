import { describe, expect, it } from 'vitest';
import { looked, type Pulse, silentSince } from '../../../shared/connections/pulse.ts';
import { seededRandom } from '../../memory/index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LOOK_MS = 10 * MINUTE_MS;
/** A Monday at midnight, UTC. */
const MONDAY_MS = Date.UTC(2026, 0, 5);

/** Conversations an hour: on working days from nine to five, and now and then at other times. */
const office = (atMs: number): number => {
  const [day, hour] = [new Date(atMs).getUTCDay(), new Date(atMs).getUTCHours()];
  return day >= 1 && day <= 5 && hour >= 9 && hour < 17 ? 12 : 0.05;
};

interface Life {
  readonly pulse: Pulse;
  readonly alarms: number;
  readonly looks: number;
}

/** Looks every ten minutes at a connection whose conversations come by chance, in bursts of messages. */
function live(seed: number, days: number, rate: (atMs: number) => number, from?: Pulse): Life {
  const random = seededRandom(seed);
  let pulse = from;
  let lastEventAtMs: number | undefined;
  let [alarms, looks] = [0, 0];
  const startMs = from?.lookedAtMs ?? MONDAY_MS;
  for (let nowMs = startMs + LOOK_MS; nowMs <= startMs + days * DAY_MS; nowMs += LOOK_MS) {
    if (random.chance(1 - Math.exp((-rate(nowMs) * LOOK_MS) / HOUR_MS)))
      lastEventAtMs = nowMs - random.integer(LOOK_MS);
    const wasSilent = silentSince(pulse) !== undefined;
    pulse = looked(pulse, { nowMs, lastEventAtMs });
    looks += 1;
    if (!wasSilent && silentSince(pulse) !== undefined) alarms += 1;
  }
  return { pulse: pulse!, alarms, looks };
}

describe('pulse: a connection against its own past', () => {
  it('is not taken for silent at night or at the weekend, when it never speaks', () => {
    const { alarms } = live(1, 56, office);

    expect(alarms).toBe(0);
  });

  it('is taken for silent within hours of a working day, and says since when', () => {
    const { pulse } = live(1, 28, office);
    const hours = 24 * 7 + 11;
    const dead = live(2, hours / 24, () => 0, pulse).pulse;

    expect(silentSince(live(2, 9.5 / 24, () => 0, pulse).pulse)).toBeUndefined();
    expect(silentSince(live(2, 11 / 24, () => 0, pulse).pulse)).toBe(pulse.lastEventAtMs);
    expect(silentSince(dead)).toBe(pulse.lastEventAtMs);
  });

  it('has spoken again with its next event', () => {
    const { pulse } = live(1, 28, office);
    const dead = live(2, 1, () => 0, pulse).pulse;
    const nowMs = dead.lookedAtMs + LOOK_MS;

    expect(silentSince(dead)).toBeDefined();
    expect(silentSince(looked(dead, { nowMs, lastEventAtMs: nowMs - 1 }))).toBeUndefined();
  });

  it('is never silent that never spoke, nor in its first week', () => {
    expect(live(1, 60, () => 0).alarms).toBe(0);
    expect(live(3, 6, () => 6).alarms).toBe(0);
  });

  it('learns nothing from looks that came late', () => {
    const { pulse } = live(1, 28, office);
    const late = looked(pulse, { nowMs: pulse.lookedAtMs + 3 * DAY_MS, lastEventAtMs: pulse.lastEventAtMs });

    expect(late).toEqual({ ...pulse, lookedAtMs: late.lookedAtMs });
  });

  it('raises no false alarm in more than one of ten thousand looks, over many lives', () => {
    const rates = [office, () => 0.3, () => 2, () => 20, (atMs: number) => office(atMs) / 10];
    const lives = Array.from({ length: 20 }, (_, seed) => live(seed + 10, 56, rates[seed % rates.length]!));
    const alarms = lives.reduce((sum, life) => sum + life.alarms, 0);
    const looks = lives.reduce((sum, life) => sum + life.looks, 0);

    expect(alarms / looks).toBeLessThanOrEqual(1e-4);
  });
});
