import type { Store } from '../../../shared/ports/index.ts';

/** A store that does some of its work otherwise. */
export const storeOver = (store: Store, otherwise: Partial<Store>): Store => ({
  get: (pk, sk) => store.get(pk, sk),
  list: (pk, options) => store.list(pk, options),
  due: (list, untilMs, limit) => store.due(list, untilMs, limit),
  page: (list, options) => store.page(list, options),
  commit: (writes) => store.commit(writes),
  ...otherwise,
});
