import { describe, expect, it } from 'vitest';
import { ConflictError, InvariantError } from '../../shared/errors.ts';
import type { Item, Store, Write } from '../../shared/ports/index.ts';

export interface StoreWorld {
  readonly store: Store;
  /** The clock the store's expiry goes by, epoch milliseconds. */
  now(): number;
  close?(): Promise<void>;
}

let worlds = 0;

/**
 * Every implementation of the storage port; keys are fresh per test, so one table may serve them all. Where texts
 * move out of their item, `keepsTexts` is false: they do not make it too large.
 */
export function describeStore(
  name: string,
  make: () => Promise<StoreWorld>,
  { keepsTexts = true }: { readonly keepsTexts?: boolean } = {},
): void {
  describe(`store ${name}: contract`, () => {
    const rule = (title: string, holds: (world: StoreWorld & { readonly pk: string }) => Promise<void>) => {
      it(title, async () => {
        const world = await make();
        worlds += 1;
        try {
          await holds({ ...world, pk: `${name}-${process.pid}-${worlds}` });
        } finally {
          await world.close?.();
        }
      });
    };

    rule('gives back what was put, at version one', async ({ store, pk }) => {
      const data = { text: 'ü', number: 1.5, yes: true, nothing: null, list: [1, { deep: 'x' }] };
      await store.commit([{ put: { pk, sk: 'a', data }, expect: 0 }]);

      expect(await store.get(pk, 'a')).toEqual({ pk, sk: 'a', version: 1, data });
      expect(await store.get(pk, 'b')).toBeUndefined();
    });

    rule(
      'refuses what would come back as something else, and leaves out what is undefined',
      async (world) => {
        const { store, pk } = world;
        for (const odd of [new Date(0), Number.NaN, Number.POSITIVE_INFINITY, Uint8Array.of(1), new Map()]) {
          const write: Write = { put: { pk, sk: 'a', data: { deep: [{ odd }] } }, expect: 0 };
          await expect(store.commit([write])).rejects.toThrow(InvariantError);
        }
        const data = { odd: undefined, half: '\ud800', list: [{ none: undefined }] };

        await store.commit([{ put: { pk, sk: 'a', data }, expect: 0 }]);

        expect((await store.get(pk, 'a'))?.data).toStrictEqual({ half: '\ud800', list: [{}] });
      },
    );

    rule('reads many at once as it reads each alone', async ({ store, pk }) => {
      await store.commit(Array.from({ length: 100 }, (_, at) => put(pk, `k${at}`, 0)));
      await store.commit([put(pk, 'k7', 1)]);

      const keys = Array.from({ length: 130 }, (_, at) => `k${at}`);
      const found = await Promise.all(keys.map((sk) => store.get(pk, sk)));

      expect(found.map((item) => item?.version ?? 0)).toEqual(
        keys.map((_, at) => (at >= 100 ? 0 : at === 7 ? 2 : 1)),
      );
      expect(found[5]).toEqual(await store.get(pk, 'k5'));
    });

    rule('counts versions by one for each write', async ({ store, pk }) => {
      await store.commit([put(pk, 'a', 0)]);
      await store.commit([put(pk, 'a', 1)]);
      await store.commit([put(pk, 'a', 2)]);

      expect((await store.get(pk, 'a'))?.version).toBe(3);
    });

    rule('refuses a write whose version has moved on, and one whose item exists', async ({ store, pk }) => {
      await store.commit([put(pk, 'a', 0)]);

      await expectConflict(store.commit([put(pk, 'a', 0)]));
      await expectConflict(store.commit([put(pk, 'a', 2)]));
      await expectConflict(store.commit([put(pk, 'b', 1)]));
      await expectConflict(store.commit([{ remove: { pk, sk: 'a' }, expect: 2 }]));
    });

    rule('does all of a transaction or none of it', async ({ store, pk }) => {
      await store.commit([put(pk, 'a', 0)]);

      await expectConflict(store.commit([put(pk, 'b', 0), put(pk, 'a', 5)]));
      expect(await store.get(pk, 'b')).toBeUndefined();
      await expectConflict(store.commit([put(pk, 'b', 0), { check: { pk, sk: 'a' }, expect: 0 }]));
      expect(await store.get(pk, 'b')).toBeUndefined();
      await store.commit([
        put(pk, 'b', 0),
        { check: { pk, sk: 'a' }, expect: 1 },
        { check: { pk, sk: 'never' }, expect: 0 },
      ]);

      expect(await store.get(pk, 'b')).toBeDefined();
    });

    rule('lets one of many concurrent writers win', async ({ store, pk }) => {
      const attempts = await Promise.allSettled(
        Array.from({ length: 8 }, () => store.commit([put(pk, 'a', 0)])),
      );

      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(ConflictError);
      }
    });

    rule('refuses two writes of one item in a transaction as an error of ours', async ({ store, pk }) => {
      await store.commit([put(pk, 'a', 0)]);
      const twice: Write[] = [put(pk, 'a', 1), { check: { pk, sk: 'a' }, expect: 1 }];

      await expect(store.commit(twice)).rejects.toThrow(InvariantError);

      expect((await store.get(pk, 'a'))?.version).toBe(1);
    });

    rule('removes, and takes a new item in its place at version one', async ({ store, pk }) => {
      await store.commit([put(pk, 'a', 0)]);
      await store.commit([{ remove: { pk, sk: 'a' }, expect: 1 }]);
      expect(await store.get(pk, 'a')).toBeUndefined();

      await store.commit([put(pk, 'a', 0)]);

      expect((await store.get(pk, 'a'))?.version).toBe(1);
    });

    rule('treats an expired item as absent, removed or not', async ({ store, pk, now }) => {
      const expiresAt = Math.floor(now() / 1000) - 10;
      await store.commit([{ put: { pk, sk: 'a', data: {}, expiresAt }, expect: 0 }]);

      expect(await store.get(pk, 'a')).toBeUndefined();
      expect(await store.list(pk)).toEqual([]);
      await store.commit([{ check: { pk, sk: 'a' }, expect: 0 }, put(pk, 'b', 0)]);
      await store.commit([put(pk, 'a', 0)]);

      expect((await store.get(pk, 'a'))?.version).toBe(1);
    });

    rule(
      'lists a partition in order of sort keys, by prefix, from after a key, up to a limit',
      async (world) => {
        const { store, pk } = world;
        await store.commit(['c#2', 'c#1', 'd#1', 'c#10'].map((sk) => put(pk, sk, 0)));

        const keys = async (options?: Parameters<Store['list']>[1]) =>
          (await store.list(pk, options)).map(({ sk }) => sk);

        expect(await keys()).toEqual(['c#1', 'c#10', 'c#2', 'd#1']);
        expect(await keys({ prefix: 'c#' })).toEqual(['c#1', 'c#10', 'c#2']);
        expect(await keys({ prefix: 'c#', after: 'c#1' })).toEqual(['c#10', 'c#2']);
        expect(await keys({ prefix: 'c#', after: 'c#1', limit: 1 })).toEqual(['c#10']);
      },
    );

    rule('lists a partition whole, however large', async ({ store, pk }) => {
      const text = 'x'.repeat(100_000);
      for (let at = 0; at < 15; at += 1) {
        await store.commit([{ put: { pk, sk: `k#${at + 10}`, data: { text } }, expect: 0 }]);
      }

      expect(await store.list(pk)).toHaveLength(15);
    });

    rule('takes a hundred writes in one transaction', async ({ store, pk }) => {
      await store.commit(Array.from({ length: 100 }, (_, at) => put(pk, `k${at}`, 0)));

      expect(await store.list(pk)).toHaveLength(100);
    });

    rule(
      'refuses an item over 350 KB as an error of ours, its names and structure with it',
      async (world) => {
        const { store, pk } = world;
        const field = 'a'.repeat(1_000);
        const named = Object.fromEntries(Array.from({ length: 360 }, (_, at) => [`${field}${at}`, at]));
        const listed = Array.from({ length: 200_000 }, () => 7);
        const texts = keepsTexts
          ? [{ text: 'x'.repeat(360 * 1024) }, { letters: 'ü'.repeat(178 * 1024) }]
          : [];
        for (const data of [named, { listed }, ...texts]) {
          await expect(store.commit([{ put: { pk, sk: 'a', data }, expect: 0 }])).rejects.toThrow(
            InvariantError,
          );
        }

        await store.commit([{ put: { pk, sk: 'a', data: { letters: 'ü'.repeat(173 * 1024) } }, expect: 0 }]);

        expect((await store.get(pk, 'a'))?.version).toBe(1);
      },
    );

    rule(
      'refuses a transaction over 4 MB, and one of more than 100 writes, as errors of ours',
      async (world) => {
        const { store, pk } = world;
        const large = { text: 'x'.repeat(340 * 1024) };
        const thirteen = Array.from({ length: 13 }, (_, at) => ({
          put: { pk, sk: `large${at}`, data: large },
          expect: 0,
        }));
        const tooMany = Array.from({ length: 101 }, (_, at) => put(pk, `k${at}`, 0));

        await expect(store.commit(thirteen)).rejects.toThrow(InvariantError);
        await expect(store.commit(tooMany)).rejects.toThrow(InvariantError);
        expect(await store.list(pk)).toEqual([]);
        await store.commit(thirteen.slice(0, 11));

        expect(await store.list(pk)).toHaveLength(11);
      },
    );

    rule('names what is due, oldest first, up to a limit and a time', async ({ store, pk, now }) => {
      const list = `due-${pk}`;
      const at = (sk: string, atMs: number): Write => ({
        put: { pk, sk, data: {}, due: { list, atMs } },
        expect: 0,
      });
      await store.commit([
        at('late', now() + 60_000),
        at('second', now() - 1_000),
        at('first', now() - 5_000),
      ]);

      await eventually(async () => {
        const due = await store.due(list, now(), 10);
        expect(due.map(({ sk }) => sk)).toEqual(['first', 'second']);
      });
      expect(await store.due(list, now(), 1)).toMatchObject([{ pk, sk: 'first', atMs: expect.any(Number) }]);
    });

    rule('takes an item off its lists when a write no longer places it there', async ({ store, pk, now }) => {
      const [list, atMs] = [`off-${pk}`, now() - 1_000];
      const place = { list, atMs };
      await store.commit([{ put: { pk, sk: 'a', data: {}, due: place, listed: place }, expect: 0 }]);
      await eventually(async () => expect(await store.due(list, now(), 10)).toHaveLength(1));

      await store.commit([put(pk, 'a', 1)]);

      await eventually(async () => {
        expect(await store.due(list, now(), 10)).toEqual([]);
        expect((await store.page(list, { limit: 10 })).items).toEqual([]);
      });
    });

    rule('pages a list, newest first, until there is no next', async ({ store, pk }) => {
      const list = `page-${pk}`;
      await store.commit(
        [1, 2, 3, 4, 5].map((at) => ({
          put: { pk, sk: `s${at}`, data: { at }, listed: { list, atMs: 1_000 * at } },
          expect: 0,
        })),
      );

      await eventually(async () => {
        const seen = await wholeList(store, list);
        expect(seen.map(({ data }) => data)).toEqual([5, 4, 3, 2, 1].map((at) => ({ at })));
      });
    });

    rule('refuses to go on from what no page gave', async ({ store, pk }) => {
      const attempt = store.page(`page-${pk}`, { limit: 1, next: 'rubbish' });

      await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' });
    });
  });
}

function put(pk: string, sk: string, expect: number): Write {
  return { put: { pk, sk, data: { wrote: expect + 1 } }, expect };
}

async function expectConflict(commit: Promise<void>): Promise<void> {
  await expect(commit).rejects.toMatchObject({ code: 'conflict' });
}

async function wholeList(store: Store, list: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const page = await store.page(list, { limit: 2, ...(next === undefined ? {} : { next }) });
    expect(page.items.length).toBeLessThanOrEqual(2);
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return items;
}

/** Secondary indexes lag; a rule about one holds within five seconds. */
async function eventually(holds: () => Promise<void>): Promise<void> {
  await expect.poll(async () => holds().then(() => 'holds', String), { timeout: 5_000 }).toBe('holds');
}
