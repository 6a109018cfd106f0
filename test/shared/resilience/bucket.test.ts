import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VendorLimit } from '../../../shared/ports/index.ts';
import {
  blocked,
  capacityOf,
  corrected,
  fullBucket,
  type Priority,
  sliceOf,
  take,
  USAGE,
} from '../../../shared/resilience/index.ts';

const api: VendorLimit = { name: 'api', tokens: 25, windowMs: 1_000, per: 'connection' };
const perChannel: VendorLimit = { name: 'post', tokens: 1, windowMs: 1_000, per: 'place' };

describe('token bucket: taking', () => {
  it('gives out one slice at a time, and never more than it holds', () => {
    const first = take(fullBucket(api, 0), api, 0, 'live');

    expect(first).toMatchObject({ taken: sliceOf(api), bucket: { tokens: 25 - sliceOf(api) } });
  });

  it('tells when there will be a token, and has one then', () => {
    const spent = { ...fullBucket(perChannel, 0), tokens: 0 };

    const refused = take(spent, perChannel, 0, 'live');
    expect(refused).toEqual({ taken: 0, retryAfterMs: 1_000 });

    expect(take(spent, perChannel, 1_000, 'live')).toMatchObject({ taken: 1 });
    expect(take(spent, perChannel, 999, 'live')).toMatchObject({ taken: 0 });
  });

  it('keeps a share for live traffic that bulk cannot take', () => {
    const low = { ...fullBucket(api, 0), tokens: 7 };

    expect(take(low, api, 0, 'bulk')).toMatchObject({ taken: 0 });
    expect(take(low, api, 0, 'live')).toMatchObject({ taken: 5 });
  });

  it('lets bulk take the one token of a full bucket of one', () => {
    expect(take(fullBucket(perChannel, 0), perChannel, 0, 'bulk')).toMatchObject({ taken: 1 });
  });

  it('never hands out more in a span than its capacity and what refills in it', () => {
    const step = fc.record({ afterMs: fc.nat(2_000), bulk: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let [bucket, nowMs, given] = [fullBucket(api, 0), 0, 0];
        for (const { afterMs, bulk } of steps) {
          nowMs += afterMs;
          const taken = take(bucket, api, nowMs, (bulk ? 'bulk' : 'live') satisfies Priority);
          if ('bucket' in taken) bucket = taken.bucket;
          given += taken.taken;
        }

        expect(given).toBeLessThanOrEqual(capacityOf(api) + (nowMs * api.tokens) / api.windowMs + 1e-6);
      }),
    );
  });
});

describe('token bucket: the vendor’s own word', () => {
  it('gives nothing before the time the vendor named', () => {
    const bucket = blocked(fullBucket(api, 0), 30_000);

    expect(take(bucket, api, 29_999, 'live')).toEqual({ taken: 0, retryAfterMs: 1 });
    expect(take(bucket, api, 30_000, 'live')).toMatchObject({ taken: 5 });
  });

  it('does not shorten a block by a later, shorter one', () => {
    expect(blocked(blocked(fullBucket(api, 0), 30_000), 5_000).blockedUntilMs).toBe(30_000);
  });

  it('stops bulk near the end of an allowance, and everybody at it', () => {
    const nearly = corrected(fullBucket(api, 0), 91, 100, 0);
    const gone = corrected(fullBucket(api, 0), 99, 100, 0);

    expect(take(nearly!, api, 0, 'bulk')).toEqual({ taken: 0, retryAfterMs: USAGE.recheckMs });
    expect(take(nearly!, api, 0, 'live')).toMatchObject({ taken: 5 });
    expect(take(gone!, api, 0, 'live')).toMatchObject({ taken: 0 });
  });

  it('writes nothing while there is plenty, nor with every answer once it is known', () => {
    const nearly = corrected(fullBucket(api, 0), 91, 100, 0)!;

    expect(corrected(fullBucket(api, 0), 10, 100, 0)).toBeUndefined();
    expect(corrected(nearly, 92, 100, 1_000)).toBeUndefined();
  });
});
