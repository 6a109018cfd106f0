import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../../shared/errors.ts';
import type { Item, Store, Write } from '../../../../shared/ports/index.ts';
import { longValues, whole } from '../../../../shared/sync/index.ts';
import { memoryStore, virtualClock } from '../../../memory/index.ts';

const PK = 'acme#root#r1';
const LONG = 'long '.repeat(500);
const OTHER = 'other '.repeat(500);

/** Two functions over one table, each with its own recollection of it; and how often the table was asked. */
function tableOf() {
  const clock = virtualClock();
  const kept = memoryStore({ clock });
  const asked = { reads: 0, commits: [] as (readonly Write[])[] };
  const counted: Store = {
    ...facade(kept),
    get(pk, sk) {
      asked.reads += 1;
      return kept.get(pk, sk);
    },
    list(pk, options) {
      asked.reads += 1;
      return kept.list(pk, options);
    },
    commit(writes) {
      asked.commits.push(writes);
      return kept.commit(writes);
    },
  };
  const keys = () => kept.items().map(({ sk }) => sk);
  return { clock, kept, asked, keys, one: longValues(counted), other: longValues(counted) };
}

const put = (sk: string, data: unknown, expect: number, more: Partial<Item> = {}): Write => ({
  put: { pk: PK, sk, data, ...more },
  expect,
});
const bytesOf = (item: Item | undefined): number => JSON.stringify(item?.data).length;

describe('long values', () => {
  it('stand beside their item once, however often it holds them', async () => {
    const { one, kept, keys } = tableOf();
    const data = { fields: { a: LONG, b: LONG }, links: [{ sent: LONG, got: OTHER }], short: 'x' };

    await one.commit([put('root', data, 0)]);

    expect(keys()).toHaveLength(3);
    expect(bytesOf(kept.items()[0])).toBeLessThan(500);
    expect((await one.get(PK, 'root'))?.data).toEqual(data);
    expect(whole(kept.items())).toEqual([{ pk: PK, sk: 'root', version: 1, data }]);
  });

  it('cost a read its second call, and a commit that leaves them alone nothing', async () => {
    const { one, asked } = tableOf();
    await one.commit([put('root', { text: LONG, at: 1 }, 0)]);

    await one.get(PK, 'root');
    await one.commit([put('root', { text: LONG, at: 2 }, 1)]);
    await one.commit([put('root', { text: LONG, at: 3 }, 2)]);

    expect(asked.reads).toBe(2);
    expect(asked.commits.slice(1).map((writes) => writes.length)).toEqual([1, 1]);
  });

  it('leave in the commit that no longer holds them, and with their item', async () => {
    const { one, keys, asked } = tableOf();
    await one.commit([put('root', { text: LONG, kept: OTHER }, 0)]);

    await one.commit([put('root', { text: 'short', kept: OTHER }, 1)]);

    expect(keys()).toHaveLength(2);
    expect(asked.commits.at(-1)).toHaveLength(2);
    await one.commit([{ remove: { pk: PK, sk: 'root' }, expect: 2 }]);
    expect(keys()).toEqual([]);
  });

  it('are each item’s own, so that what one gives up another keeps', async () => {
    const { one } = tableOf();
    await one.commit([put('root', { text: LONG }, 0), put('child#1', { text: LONG }, 0)]);
    await one.commit([put('root', { text: 'short' }, 1)]);

    expect((await one.get(PK, 'child#1'))?.data).toEqual({ text: LONG });
    expect((await one.list(PK)).map(({ sk }) => sk)).toEqual(['child#1', 'root']);
  });

  it('go by the condition of their item: of two writers one wins, and nothing of the other stays', async () => {
    const { one, other, keys } = tableOf();
    await one.commit([put('root', { text: LONG }, 0)]);
    await Promise.all([one.get(PK, 'root'), other.get(PK, 'root')]);

    await one.commit([put('root', { text: OTHER }, 1)]);
    await expect(other.commit([put('root', { text: 'third '.repeat(500) }, 1)])).rejects.toThrow(
      ConflictError,
    );

    expect(keys()).toHaveLength(2);
    expect((await other.get(PK, 'root'))?.data).toEqual({ text: OTHER });
    await other.commit([put('root', { text: LONG }, 2)]);
    expect((await one.get(PK, 'root'))?.data).toEqual({ text: LONG });
    expect(keys()).toHaveLength(2);
  });

  it('are looked up by whoever writes an item without having read it', async () => {
    const { one, other, keys } = tableOf();
    await one.commit([put('root', { text: LONG, kept: OTHER }, 0)]);

    await other.commit([put('root', { text: 'short', kept: OTHER }, 1)]);
    await other.commit([{ remove: { pk: PK, sk: 'root' }, expect: 2 }]);

    expect(keys()).toEqual([]);
  });

  it('take a text that looks like a reference for a text', async () => {
    const { one, kept, keys } = tableOf();
    await one.commit([put('root', { text: LONG }, 0)]);
    const { text: reference } = kept.items()[0]!.data as { readonly text: string };
    const data = { text: reference, again: LONG, begun: reference.slice(0, 18), also: [reference] };

    await one.commit([put('root', data, 1)]);

    expect((await one.get(PK, 'root'))?.data).toEqual(data);
    expect(keys()).toHaveLength(4);
  });

  it('are cut between characters where one item cannot hold them', async () => {
    const { one, keys } = tableOf();
    const text = `x${'😀'.repeat(130_000)}`;

    await one.commit([put('root', { text }, 0)]);

    expect(keys().length).toBeGreaterThan(2);
    expect((await one.get<{ text: string }>(PK, 'root'))?.data.text === text).toBe(true);
    await one.commit([put('root', { text: 'short' }, 1)]);
    expect(keys()).toEqual(['root']);
  });

  it('are the largest first of an item past 200 KB, however short each is', async () => {
    const { one, kept } = tableOf();
    const texts = Array.from({ length: 400 }, (_, at) => `${at} ${'y'.repeat(500 + at)}`);

    await one.commit([put('root', { texts }, 0)]);

    const inside = JSON.stringify(kept.items().find(({ sk }) => sk === 'root')?.data);
    expect(inside.length).toBeLessThan(260 * 1024);
    expect(inside).toContain(texts[0]);
    expect(inside).not.toContain(texts[399]);
    expect((await one.get(PK, 'root'))?.data).toEqual({ texts });
  });

  it('stay in their item where a transaction has no room for them, the largest moving first', async () => {
    const { one, kept } = tableOf();
    const writes = Array.from({ length: 99 }, (_, at) => put(`child#${at}`, { text: `${at}${LONG}` }, 0));

    await one.commit(writes);

    expect(kept.items()).toHaveLength(100);
    expect(await one.list(PK)).toHaveLength(99);
    await expect(one.commit([...writes, put('a', {}, 0), put('b', {}, 0)])).rejects.toThrow(
      'at most 100 writes',
    );
  });

  it('that found no room to leave are read by nobody, and are taken as they are when they come again', async () => {
    const { one, other, keys } = tableOf();
    await one.commit([put('root', { texts: [LONG, OTHER] }, 0)]);
    const more = Array.from({ length: 98 }, (_, at) => put(`child#${at}`, {}, 0));

    await one.commit([put('root', {}, 1), ...more]);

    expect(keys()).toHaveLength(100);
    expect(await other.list(PK)).toHaveLength(99);
    await other.commit([put('root', { texts: [LONG, OTHER] }, 2)]);
    expect((await one.get(PK, 'root'))?.data).toEqual({ texts: [LONG, OTHER] });
    await expect(one.commit([put('root', { texts: ['third '.repeat(500)] }, 1)])).rejects.toThrow(
      ConflictError,
    );
  });

  it('are read as they stand where a list for reading names their item, once it is there no more not at all', async () => {
    const { one, kept } = tableOf();
    const listed = { list: 'acme#tickets', atMs: 1 };
    await one.commit([put('root', { text: LONG }, 0, { listed }), put('child#1', { at: 1 }, 0, { listed })]);
    const stale = await kept.page('acme#tickets', { limit: 5 });
    const behind = longValues({ ...facade(kept), page: async <Data>() => stale as { items: Item<Data>[] } });
    const pageOf = async () =>
      (await behind.page('acme#tickets', { limit: 5 })).items.map(({ data }) => data);

    await one.commit([put('root', { text: OTHER }, 1, { listed })]);
    expect(await pageOf()).toEqual([{ text: OTHER }, { at: 1 }]);

    await one.commit([put('root', { text: LONG }, 2)]);
    expect(await pageOf()).toEqual([{ at: 1 }]);
    await one.commit([{ remove: { pk: PK, sk: 'root' }, expect: 3 }]);
    expect(await pageOf()).toEqual([{ at: 1 }]);
  });

  it('missing from a read that fell into a commit are read again; missing for good, it says so', async () => {
    const { one, kept } = tableOf();
    await one.commit([put('root', { text: LONG }, 0), put('child#1', { text: OTHER }, 0)]);
    let torn = 0;
    const isTorn = (sk: string) => sk.includes(' ') && torn-- > 0;
    const tearing = longValues({
      ...facade(kept),
      get: async (pk, sk) => (isTorn(sk) ? undefined : kept.get(pk, sk)),
      list: async (pk, options) => (await kept.list<never>(pk, options)).filter(({ sk }) => !isTorn(sk)),
    });

    torn = 1;
    expect((await tearing.get(PK, 'root'))?.data).toEqual({ text: LONG });
    torn = 2;
    expect(await tearing.list(PK)).toMatchObject([{ data: { text: OTHER } }, { data: { text: LONG } }]);
    torn = 1_000;
    await expect(tearing.get(PK, 'root')).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('stay in items that expire, and leave one that begins to', async () => {
    const { one, clock, keys } = tableOf();
    const expiresAt = Math.ceil(clock.now() / 1000) + 60;
    const data = { text: LONG, like: 'deskbridge-value:x.1' };

    await one.commit([put('root', data, 0)]);
    await one.commit([put('root', data, 1, { expiresAt })]);

    expect(keys()).toEqual(['root']);
    expect((await one.get(PK, 'root'))?.data).toEqual(data);
    clock.advance(120_000);
    await one.commit([put('root', data, 0)]);
    expect(keys()).toHaveLength(3);
  });

  it('of other partitions stay where they are: a sealed body has a place of its own', async () => {
    const { one, kept } = tableOf();
    const row = { pk: 'acme#inbox#c1#e1', sk: 'row', data: { body: LONG } };

    await one.commit([{ put: row, expect: 0 }]);

    expect(kept.items()).toEqual([{ ...row, version: 1 }]);
    expect((await one.get(row.pk, row.sk))?.data).toEqual(row.data);
  });
});

/** A memory store's methods are its class's: a copy of it needs them named. */
function facade(store: Store): Store {
  return {
    get: (pk, sk) => store.get(pk, sk),
    list: (pk, options) => store.list(pk, options),
    commit: (writes) => store.commit(writes),
    due: (list, untilMs, limit) => store.due(list, untilMs, limit),
    page: (list, options) => store.page(list, options),
  };
}
