import { describe, expect, it } from 'vitest';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { createLeases, spreadMs, update } from '../../../shared/resilience/index.ts';
import { memoryStore, seededRandom, skewed, virtualClock } from '../../memory/index.ts';

function world() {
  const clock = virtualClock();
  const store = memoryStore({ clock });
  return { clock, store, leases: createLeases({ store, clock, random: seededRandom(1, clock) }) };
}

describe('lease', () => {
  it('goes to one of many who ask at once', async () => {
    const { leases } = world();

    const got = await Promise.all(Array.from({ length: 8 }, () => leases.acquire('l', 1_000)));

    expect(got.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('is anybody’s after its time, and again when it was released', async () => {
    const { leases, clock } = world();
    const first = await leases.acquire('l', 1_000);
    expect(await leases.acquire('l', 1_000)).toBeUndefined();
    clock.advance(1_000);
    const second = await leases.acquire('l', 1_000);
    expect(second).toBeDefined();

    await leases.release(second!);

    expect(await leases.acquire('l', 1_000)).toBeDefined();
    expect(first).toBeDefined();
  });

  it('stands to its end for holders whose clocks are five minutes behind the store’s', async () => {
    const { clock, store } = world();
    const late = skewed(clock, -300_000);
    const leases = createLeases({ store, clock: late, random: seededRandom(1, clock) });
    await leases.acquire('l', 1_000);

    expect(await leases.acquire('l', 1_000)).toBeUndefined();
  });

  it('is not released by a holder who overslept it', async () => {
    const { leases, clock } = world();
    const slow = await leases.acquire('l', 1_000);
    clock.advance(1_000);
    await leases.acquire('l', 10_000);

    await leases.release(slow!);

    expect(await leases.acquire('l', 1_000)).toBeUndefined();
  });
});

describe('optimistic update', () => {
  const key = { pk: 'p', sk: 's' };

  it('loses no increment of many made at once', async () => {
    const { store } = world();
    const add = () =>
      update<number, number>(store, key, (count = 0) => ({ answer: count, write: { data: count + 1 } }));

    await Promise.all(Array.from({ length: 5 }, add));

    expect((await store.get<number>('p', 's'))?.data).toBe(5);
  });

  it('decides again when what it remembered was old', async () => {
    const { store } = world();
    const known = new Map([['p s', { version: 7, data: 70 }]]);
    await store.commit([{ put: { ...key, data: 1 }, expect: 0 }]);

    await update<number, void>(
      store,
      key,
      (data = 0) => ({ answer: undefined, write: { data: data + 1 } }),
      known,
    );

    expect((await store.get<number>('p', 's'))?.data).toBe(2);
    expect(known.get('p s')).toEqual({ version: 2, data: 2 });
  });

  it('gives up on an item that never stands still, and passes on any other failure', async () => {
    const { store } = world();
    const restless = async () => {
      const item = await store.get<number>('p', 's');
      await store.commit([{ put: { ...key, data: 0 }, expect: item?.version ?? 0 }]);
    };
    const contested = {
      ...store,
      commit: store.commit.bind(store),
      get: async (pk: string, sk: string) => {
        const item = await store.get(pk, sk);
        await restless();
        return item;
      },
    };
    const away = {
      ...contested,
      get: async () => {
        throw new ProviderUnavailableError('away');
      },
    };
    const write = () => ({ answer: undefined, write: { data: 1 } });

    await expect(update(contested as never, key, write)).rejects.toMatchObject({ code: 'conflict' });
    await expect(update(away as never, key, write)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});

describe('coming back', () => {
  it('waits at least as long as the vendor asked, and at most a fifth longer', () => {
    expect(spreadMs(1_000, { next: () => 0, id: () => '' })).toBe(1_000);
    expect(spreadMs(1_000, { next: () => 0.999_999, id: () => '' })).toBe(1_200);
  });
});
