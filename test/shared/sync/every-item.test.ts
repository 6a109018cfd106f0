import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import { everyItem, parkedFor } from '../../../shared/sync/every-item.ts';
import { type MemoryStore, memoryStore, virtualClock } from '../../memory/index.ts';

const ACME = 'acme' as OrganizationId;
const LIST = `${ACME}#parked`;
let store: MemoryStore;
beforeEach(async () => {
  store = memoryStore({ clock: virtualClock() });
  for (let at = 1; at <= 7; at += 1) {
    const data = { id: `p${at}`, connection: at % 2 === 0 ? 'even' : 'odd' };
    const put = { pk: `pk${at}`, sk: 'parked', data, listed: { list: LIST, atMs: at } };
    await store.commit([{ put, expect: 0 }]);
  }
});

async function all<Each>(items: AsyncIterable<Each>): Promise<Each[]> {
  const found: Each[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('every item of a list', () => {
  it.each([1, 3, 7, 100])('comes once, newest first, by pages of %i', async (limit) => {
    const found = await all(everyItem<{ id: string }>(store, LIST, limit));

    expect(found.map(({ data }) => data.id)).toEqual(['p7', 'p6', 'p5', 'p4', 'p3', 'p2', 'p1']);
  });

  it('is read no further than it is asked for', async () => {
    let pages = 0;
    const page: typeof store.page = async (list, options) => {
      pages += 1;
      return await store.page(list, options);
    };

    for await (const { data } of everyItem<{ id: string }>({ ...store, page }, LIST, 2)) {
      if (data.id === 'p6') break;
    }

    expect(pages).toBe(1);
  });
});

describe('parked work of one connection', () => {
  it('is that of no other', async () => {
    const found = await all(parkedFor(store, ACME, 'even' as ConnectionId));

    expect(found.map(({ id }) => id)).toEqual(['p6', 'p4', 'p2']);
  });
});
