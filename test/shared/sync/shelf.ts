import type { RecordId } from '../../../shared/domain/index.ts';
import type { Store } from '../../../shared/ports/index.ts';
import { childKey, type Key, rootKey } from '../../../shared/sync/keys.ts';
import type { Child, Root } from '../../../shared/sync/state.ts';
import { ACME } from './hub.ts';

/** What a test puts into a store, and finds there; the store is that of the hub it has by then. */
export function shelfOf(storeNow: () => Pick<Store, 'commit' | 'get'>) {
  const putOver =
    (expect: number) =>
    ({ pk, sk }: Key, data: object): Promise<void> =>
      storeNow().commit([{ put: { pk, sk, data }, expect }]);
  const [keep, keepAgain] = [putOver(0), putOver(1)];
  const kept = async <Data>({ pk, sk }: Key) => (await storeNow().get<Data>(pk, sk))?.data;
  return {
    keep,
    /** Over what was put once. */
    keepAgain,
    kept,
    keepRoots: (...roots: readonly Root[]) =>
      Promise.all(roots.map((each) => keep(rootKey(ACME, each.id), each))),
    keepNote: (each: Child) => keep(childKey(ACME, each.root, each.id), each),
    rootAt: async (id: RecordId) => (await kept<Root>(rootKey(ACME, id)))!,
    noteAt: (of: RecordId, id: RecordId) => kept<Child>(childKey(ACME, of, id)),
  };
}
