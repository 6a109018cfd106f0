import type { Item } from '../../../shared/ports/index.ts';

interface Entry {
  readonly key: string;
  readonly atMs: number;
  readonly item: Item;
}
interface Placement {
  readonly list: string;
  readonly atMs: number;
}
interface Update {
  readonly visibleAtMs: number;
  readonly key: string;
  readonly placed: Placement | undefined;
  readonly item: Item | undefined;
}

/** A secondary index: it sees every write, but only `lagMs` later, and hands out what it saw then. */
export class LaggingLists {
  readonly #lists = new Map<string, Map<string, Entry>>();
  readonly #where = new Map<string, string>();
  #waiting: Update[] = [];

  write(update: Update): void {
    if (update.placed === undefined && !this.#where.has(update.key) && this.#waiting.length === 0) return;
    this.#waiting.push(update);
  }

  /** Entries of a list as visible at `nowMs`, oldest first. */
  entries(list: string, nowMs: number): readonly Entry[] {
    this.#catchUp(nowMs);
    const entries = [...(this.#lists.get(list)?.values() ?? [])];
    return entries.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
  }

  #catchUp(nowMs: number): void {
    const still: Update[] = [];
    for (const update of this.#waiting) {
      if (update.visibleAtMs > nowMs) still.push(update);
      else this.#apply(update);
    }
    this.#waiting = still;
  }

  #apply({ key, placed, item }: Update): void {
    const before = this.#where.get(key);
    if (before !== undefined) {
      this.#lists.get(before)?.delete(key);
      this.#where.delete(key);
    }
    if (placed === undefined || item === undefined) return;
    const entries = this.#lists.get(placed.list) ?? new Map<string, Entry>();
    entries.set(key, { key, atMs: placed.atMs, item });
    this.#lists.set(placed.list, entries);
    this.#where.set(key, placed.list);
  }
}
