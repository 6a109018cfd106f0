/** A stored item. `version` counts its writes from 1 and is the only thing conditions look at. */
export interface Item<Data = unknown> {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  /** Plain JSON data; undefined members are left out. */
  readonly data: Data;
  /** Epoch seconds after which the item does not exist, whether or not the store has removed it yet. */
  readonly expiresAt?: number;
  /** Places the item in a due-list the sweeper reads (eventually consistent): list name and due time. */
  readonly due?: { readonly list: string; readonly atMs: number };
  /** Places the item in a list for reading pages, newest first (eventually consistent): to a decision it says where to look. */
  readonly listed?: { readonly list: string; readonly atMs: number };
}

/** One write of a transaction; every one is conditional on what was read. `expect: 0` means: must not exist. */
export type Write =
  | { readonly put: Omit<Item, 'version'>; readonly expect: number }
  | { readonly remove: { readonly pk: string; readonly sk: string }; readonly expect: number }
  | { readonly check: { readonly pk: string; readonly sk: string }; readonly expect: number };

/** Items by key, strongly read, conditionally written. The engine's only memory. */
export interface Store {
  /** Strongly consistent; expired items read as undefined. */
  get<Data>(pk: string, sk: string): Promise<Item<Data> | undefined>;
  /** Strongly consistent, ascending by sort key. `after` is exclusive. */
  list<Data>(
    pk: string,
    options?: { prefix?: string; after?: string; limit?: number },
  ): Promise<readonly Item<Data>[]>;
  /**
   * All or nothing, up to 100 writes; a put's new version is `expect + 1`. An expired item counts as
   * absent for `expect: 0`.
   * @throws ConflictError when any condition does not hold, or the store reports a transaction conflict.
   */
  commit(writes: readonly Write[]): Promise<void>;
  /** Candidates due at or before `untilMs`, oldest first; may lag and may name items already changed. */
  due(
    list: string,
    untilMs: number,
    limit: number,
  ): Promise<readonly { pk: string; sk: string; atMs: number }[]>;
  /** A page of a list, newest first; pass `next` back to go on. @throws InvalidInputError for a `next` of no page. */
  page<Data>(
    list: string,
    options: { limit: number; next?: string },
  ): Promise<{ readonly items: readonly Item<Data>[]; readonly next?: string }>;
}
