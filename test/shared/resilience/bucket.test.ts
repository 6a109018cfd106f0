import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrganizationId } from '../../../shared/domain/index.ts';
import type { VendorLimit } from '../../../shared/ports/index.ts';
import {
  type Ask,
  type Bucket,
  blocked,
  corrected,
  EMPTY,
  type Priority,
  QUOTA,
  type QuotaRules,
  SLOTS,
  take,
} from '../../../shared/resilience/index.ts';

const api: VendorLimit = { name: 'api', tokens: 100, windowMs: 10_000, per: 'connection' };
const post: VendorLimit = { name: 'post', tokens: 1, windowMs: 1_000, per: 'place' };
const day: VendorLimit = { name: 'api', tokens: 1_000, windowMs: 86_400_000, per: 'connection' };
const acme = 'acme' as OrganizationId;
const ask = (nowMs: number, priority: Priority = 'live', more: Partial<Ask> = {}): Ask => ({
  organization: acme,
  priority,
  nowMs,
  ...more,
});

/** Takes one by one, as long as there is something. */
function drain(limit: VendorLimit, from: Bucket, each: (asked: number) => Ask, most = 1_000): Bucket {
  let bucket = from;
  for (let asked = 0; asked < most; asked += 1) {
    const taken = take(bucket, limit, each(asked));
    if (!('untilMs' in taken)) return taken.bucket ?? bucket;
    bucket = taken.bucket;
  }
  return bucket;
}

describe('token bucket: taking', () => {
  it('gives slices while there is plenty, and one by one when it is scarce', () => {
    const scarce = drain(api, EMPTY, () => ask(0), 10);

    expect(take(EMPTY, api, ask(0, 'live', { wanted: 8 }))).toMatchObject({ taken: 8 });
    expect(take(EMPTY, api, ask(0, 'live', { wanted: 80 }))).toMatchObject({ taken: 10 });
    expect(take(scarce, api, ask(0, 'live', { wanted: 8 }))).toMatchObject({ taken: 1 });
  });

  it('tells when there will be a token, and has one then', () => {
    const spent = drain(post, EMPTY, () => ask(0));
    const refused = take(spent, post, ask(0));
    const { retryAfterMs } = refused as { retryAfterMs: number };

    expect(refused).toMatchObject({ taken: 0 });
    expect(take(spent, post, ask(retryAfterMs - 20))).toMatchObject({ taken: 0 });
    expect(take(spent, post, ask(retryAfterMs))).toMatchObject({ taken: 1 });
  });

  it('lets bulk take the one token of a full bucket of one', () => {
    expect(take(EMPTY, post, ask(0, 'bulk'))).toMatchObject({ taken: 1 });
  });

  it('spreads bulk over the window, though nothing else is there', () => {
    const drawn = drain(api, EMPTY, () => ask(0, 'bulk'));

    expect(sum(drawn)).toBeLessThanOrEqual(11);
  });

  it('remembers no organization that has not drawn for long', () => {
    const many = drain(
      day,
      EMPTY,
      (at) => ask(at * 10, 'live', { organization: `o${at}` as OrganizationId }),
      60,
    );
    const taken = take(many, day, ask(12 * day.windowMs));

    expect(Object.keys((taken as { bucket: Bucket }).bucket.drawn)).toEqual([acme]);
  });
});

describe('token bucket: the vendor’s own word', () => {
  it('gives nothing before the time the vendor named, and draws evenly after it', () => {
    const bucket = blocked(EMPTY, api, { untilMs: 30_000, nowMs: 0 });

    expect(take(bucket, api, ask(29_999))).toEqual({ taken: 0, retryAfterMs: 1 });
    expect(take(bucket, api, ask(30_000))).toMatchObject({ taken: 1 });
    expect(sum(drain(api, bucket, () => ask(30_000))) - sum(bucket)).toBeLessThanOrEqual(api.tokens / 2);
  });

  it('does not shorten a block by a later, shorter one', () => {
    const long = blocked(EMPTY, api, { untilMs: 30_000, nowMs: 0 });

    expect(blocked(long, api, { untilMs: 5_000, nowMs: 0 }).blockedUntilMs).toBe(30_000);
  });

  it('counts what others use of the same account, and takes the vendor’s allowance for its own guess', () => {
    const told = corrected(EMPTY, day, { used: 600, max: 2_000, atMs: 0, nowMs: 0 })!;
    const drawn = drain(day, told, (at) => ask(at * 60_000, 'live'), 5_000);

    expect(sum(told)).toBe(0);
    expect(sum(drawn)).toBeLessThanOrEqual(1_390);
    expect(take(drawn, day, ask(5_000_000, 'bulk'))).toMatchObject({ taken: 0 });
  });

  it('stops everybody where the allowance is gone, and looks again within minutes', () => {
    const gone = corrected(EMPTY, day, { used: 2_000, max: 2_000, atMs: 0, nowMs: 0 })!;

    expect(take(gone, day, ask(0))).toEqual({ taken: 0, retryAfterMs: 300_000 });
  });

  it('writes nothing while it knows nothing new, nor of an answer older than the last', () => {
    const told = corrected(EMPTY, day, { used: 600, max: 2_000, atMs: 10, nowMs: 10 })!;

    expect(corrected(told, day, { used: 601, max: 2_000, atMs: 20, nowMs: 20 })).toBeUndefined();
    expect(corrected(told, day, { used: 900, max: 2_000, atMs: 9, nowMs: 20 })).toBeUndefined();
    expect(corrected(told, day, { used: 1_999, max: 2_000, atMs: 30, nowMs: 30 })).toBeDefined();
  });
});

interface Step {
  readonly afterMs: number;
  readonly bulk: boolean;
  readonly organization: number;
  readonly wanted: number;
  /** When within its life each token of the slice is spent. */
  readonly late: number;
}

/** The calls of a history, at the moments they are made. */
function callsOf(limit: VendorLimit, steps: readonly Step[], rules: QuotaRules): readonly number[] {
  let [bucket, nowMs] = [EMPTY, 0];
  const calls: number[] = [];
  for (const { afterMs, bulk, organization, wanted, late } of steps) {
    nowMs += afterMs;
    const asked = ask(nowMs, bulk ? 'bulk' : 'live', {
      organization: `o${organization}` as OrganizationId,
      wanted,
    });
    const taken = take(bucket, limit, asked, rules);
    bucket = taken.bucket ?? bucket;
    if (!('untilMs' in taken)) continue;
    for (let at = 0; at < taken.taken; at += 1) calls.push(nowMs + late * (taken.untilMs - 1e-6 - nowMs));
  }
  return calls.sort((a, b) => a - b);
}

function most(calls: readonly number[], windowMs: number): number {
  return Math.max(0, ...calls.map((from) => calls.filter((at) => at >= from && at < from + windowMs).length));
}

/** In every window that begins with a call, and so in every window. */
function neverAbove(rules: QuotaRules): void {
  const step = fc.record({
    afterMs: fc.oneof(fc.nat(40), fc.nat(2_000), fc.nat(15_000)),
    bulk: fc.boolean(),
    organization: fc.nat(3),
    wanted: fc.integer({ min: 1, max: 40 }),
    late: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const limit = fc.record({
    name: fc.constant('api'),
    tokens: fc.integer({ min: 1, max: 60 }),
    windowMs: fc.constantFrom(1_000, 10_000, 60_000),
    per: fc.constant('app' as const),
  });
  fc.assert(
    fc.property(limit, fc.array(step, { minLength: 30, maxLength: 150 }), (at, steps) => {
      expect(most(callsOf(at, steps, rules), at.windowMs)).toBeLessThanOrEqual(at.tokens);
    }),
    { seed: 1, numRuns: 300 },
  );
}

describe('token bucket: the limit in every window', () => {
  it('never lets more than the limit through in any span of its window', () => {
    expect(() => neverAbove(QUOTA)).not.toThrow();
  });

  it('would, if leases were forgotten a tenth of a window too soon', () => {
    expect(() => neverAbove({ ...QUOTA, heldSlots: SLOTS - SLOTS / 10 })).toThrow(/Property failed/);
  });
});

function sum({ leased }: Bucket): number {
  return leased.reduce((all, [, tokens]) => all + tokens, 0);
}
