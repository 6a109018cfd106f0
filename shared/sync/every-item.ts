import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { Item, Store } from '../ports/store.ts';
import { parkedList } from './keys.ts';
import type { ParkedWork } from './state.ts';

const PAGE = 100;

/** Every item of a list, newest first, read a page at a time as they are asked for. */
export async function* everyItem<Data>(
  store: Store,
  list: string,
  limit = PAGE,
): AsyncGenerator<Item<Data>, void, undefined> {
  let next: string | undefined;
  do {
    const page = await store.page<Data>(list, { limit, ...(next === undefined ? {} : { next }) });
    yield* page.items;
    next = page.next;
  } while (next !== undefined);
}

/** The items of a partition under a prefix, in order, so many at a time as they are asked for. */
export async function* pagesUnder<Data>(
  store: Store,
  pk: string,
  { prefix, limit }: { readonly prefix: string; readonly limit: number },
): AsyncGenerator<readonly Item<Data>[], void, undefined> {
  let after: string | undefined;
  do {
    const items = await store.list<Data>(pk, { prefix, limit, ...(after === undefined ? {} : { after }) });
    yield items;
    after = items.length < limit ? undefined : items.at(-1)?.sk;
  } while (after !== undefined);
}

/** What is parked for one connection. The list lags: some of it may have gone on already. */
export async function* parkedFor(
  store: Store,
  organization: OrganizationId,
  connection: ConnectionId,
): AsyncGenerator<ParkedWork, void, undefined> {
  for await (const { data } of everyItem<ParkedWork>(store, parkedList(organization))) {
    if (data.connection === connection) yield data;
  }
}
