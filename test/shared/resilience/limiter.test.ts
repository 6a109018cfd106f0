import { describe, expect, it } from 'vitest';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import type { VendorLimit } from '../../../shared/ports/index.ts';
import { createLimiter, type LimitScope } from '../../../shared/resilience/index.ts';
import { memoryStore, START_MS, virtualClock } from '../../memory/index.ts';

const api: VendorLimit = { name: 'api', tokens: 100, windowMs: 10_000, per: 'connection' };
const post: VendorLimit = { name: 'post', tokens: 1, windowMs: 1_000, per: 'place' };
const scope = (limit: VendorLimit, connection = 'c1', place?: string): LimitScope => ({
  connection: {
    id: connection as ConnectionId,
    organization: `of ${connection}` as OrganizationId,
    integration: 'model',
  },
  limit,
  ...(place === undefined ? {} : { place }),
});

function world() {
  const clock = virtualClock();
  const store = memoryStore({ clock });
  return { clock, store, limiter: () => createLimiter({ store, clock }) };
}

async function takeAll(limiters: readonly ReturnType<typeof createLimiter>[], at: LimitScope, calls: number) {
  const permits = await Promise.all(
    Array.from({ length: calls }, (_, call) => limiters[call % limiters.length]!.take(at, 'live')),
  );
  return permits.filter(({ isGranted }) => isGranted).length;
}

describe('limiter over functions', () => {
  it('grants no more than the limit, however many functions ask at once', async () => {
    const { limiter } = world();
    const functions = [limiter(), limiter(), limiter()];

    expect(await takeAll(functions, scope(api), 160)).toBeLessThanOrEqual(100);
  });

  it('spends a leased slice without asking the store again', async () => {
    const { limiter, store } = world();
    const one = limiter();
    await one.take(scope(api), 'live');
    const [before] = store.items();

    await one.take(scope(api), 'live');

    expect(store.items()[0]?.version).toBe(before?.version);
  });

  it('drops what is left of a slice when its window is over', async () => {
    const { limiter, clock, store } = world();
    const one = limiter();
    await one.take(scope(api), 'live');
    clock.advance(10_000);

    await one.take(scope(api), 'live');

    expect(store.items()[0]?.version).toBe(2);
  });

  it('counts each place and each connection for itself', async () => {
    const { limiter } = world();
    const one = limiter();

    expect(await one.take(scope(post, 'c1', 'C1'), 'live')).toEqual({ isGranted: true });
    expect(await one.take(scope(post, 'c1', 'C1'), 'live')).toMatchObject({ isGranted: false });
    expect(await one.take(scope(post, 'c1', 'C2'), 'live')).toEqual({ isGranted: true });
    expect(await one.take(scope(post, 'c2', 'C1'), 'live')).toEqual({ isGranted: true });
  });

  it('stops every function after the vendor refused one of them', async () => {
    const { limiter, clock } = world();
    const [one, other] = [limiter(), limiter()];
    await other.take(scope(post, 'c1', 'C1'), 'live');
    await one.throttled(scope(post, 'c1', 'C1'), 30_000);
    clock.advance(10_000);

    expect(await other.take(scope(post, 'c1', 'C1'), 'live')).toEqual({
      isGranted: false,
      retryAfterMs: 20_000,
    });
  });

  it('takes back the slice it holds when the vendor says the allowance is gone', async () => {
    const { limiter } = world();
    const one = limiter();
    await one.take(scope(api), 'live');

    await one.correct(scope(api), { limit: 'api', used: 100, max: 100, atMs: START_MS });

    expect(await one.take(scope(api), 'live')).toMatchObject({ isGranted: false });
  });
});
