import { describe, expect, it } from 'vitest';
import type { Item } from '../../../../shared/ports/index.ts';
import { longValues, whole } from '../../../../shared/sync/index.ts';
import { memoryStore, virtualClock } from '../../../memory/index.ts';

const PK = 'acme#root#r1';
const LONG = 'long '.repeat(500);
const CUT = 'x'.repeat(60_000);

async function kept(items: Readonly<Record<string, unknown>>, pk = PK) {
  const table = memoryStore({ clock: virtualClock() });
  const store = longValues(table);
  await store.commit(
    Object.entries(items).map(([sk, data]) => ({ put: { pk, sk, data }, expect: 0 as const })),
  );
  return { store, items: table.items() };
}

describe('items with their values beside them', () => {
  it('may be texts themselves, or nothing', async () => {
    const { store } = await kept({ text: LONG, nothing: null });

    expect((await store.get(PK, 'text'))?.data).toBe(LONG);
    expect((await store.get(PK, 'nothing'))?.data).toBeNull();
    expect((await store.list(PK)).map(({ data }) => data)).toEqual([null, LONG]);
  });

  it('are not shown while a part of one is missing', async () => {
    const { items } = await kept({ root: { text: CUT } });
    const parts = items.filter(({ sk }) => sk !== 'root');
    const without = (missing: Item) => items.filter((item) => item !== missing);

    expect(parts).toHaveLength(2);
    expect(whole(items)).toMatchObject([{ data: { text: CUT } }]);
    for (const part of parts) expect(whole(without(part))).toEqual([]);
  });

  it('take no text from where another’s of the same name stands', async () => {
    const [ours, theirs] = [
      await kept({ root: { text: LONG } }),
      await kept({ root: { text: LONG } }, 'other#root#r1'),
    ];
    const torn = ours.items.filter(({ sk }) => sk === 'root');

    expect(whole([...torn, ...theirs.items]).map(({ pk }) => pk)).toEqual(['other#root#r1']);
  });
});
