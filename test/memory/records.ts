import type { Item } from '../../shared/ports/index.ts';
import { longValues, whole } from '../../shared/sync/index.ts';
import { type MemoryStore, type MemoryStoreOptions, memoryStore } from './store.ts';

/** As the engine is given its records: long values beside their items, which nobody above sees. */
export function memoryRecords(
  options: MemoryStoreOptions & Parameters<typeof longValues>[1],
  kept: MemoryStore = memoryStore(options),
): MemoryStore {
  let seen: readonly Item[] = [];
  let joined: readonly Item[] = [];
  const items = () => {
    if (seen === kept.items()) return joined;
    seen = kept.items();
    joined = whole(seen);
    return joined;
  };
  return Object.assign(longValues(kept, options), { items });
}
