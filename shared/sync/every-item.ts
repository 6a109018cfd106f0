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
