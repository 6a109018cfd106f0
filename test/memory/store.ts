import { ConflictError, InvalidInputError, InvariantError } from '../../shared/errors.ts';
import type { Clock, Item, Store, Write } from '../../shared/ports/index.ts';
import { bytesOf, frozen } from './store/frozen.ts';
import { LaggingLists } from './store/lists.ts';

const MAX_WRITES = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** DynamoDB's own; what is longer it refuses as malformed. */
const MAX_KEY_BYTES = { pk: 2_048, sk: 1_024 };

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** How far `due` and `page` lag behind the items; they are secondary indexes. */
  readonly lagMs?: number;
}

/** For oracles and tests that look at what is kept; the engine sees the port alone. */
export interface MemoryStore extends Store {
  /** Every item that has not expired, in key order. */
  items(): readonly Item[];
}

export function memoryStore(options: MemoryStoreOptions): MemoryStore {
  return new ItemsInMemory(options.clock, options.lagMs ?? 0);
}

interface Key {
  readonly pk: string;
  readonly sk: string;
}

class ItemsInMemory implements MemoryStore {
  readonly #clock: Clock;
  readonly #lagMs: number;
  readonly #partitions = new Map<string, Map<string, Item>>();
  readonly #due = new LaggingLists();
  readonly #listed = new LaggingLists();
  /** All there is, until something is written or expires: oracles and schedules look far more often. */
  #all: { readonly items: readonly Item[]; readonly untilMs: number } | undefined;

  constructor(clock: Clock, lagMs: number) {
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  items(): readonly Item[] {
    const nowMs = this.#clock.now();
    if (this.#all === undefined || this.#all.untilMs <= nowMs) {
      const items = [...this.#partitions.keys()].sort().flatMap((pk) => this.#partition(pk));
      const untilMs = items.reduce((soonest, item) => Math.min(soonest, expiryOf(item)), Infinity);
      this.#all = { items, untilMs };
    }
    return this.#all.items;
  }

  async get<Data>(pk: string, sk: string): Promise<Item<Data> | undefined> {
    refuseMalformed({ pk, sk });
    return this.#live({ pk, sk }) as Item<Data> | undefined;
  }

  async list<Data>(
    pk: string,
    options: { prefix?: string; after?: string; limit?: number } = {},
  ): Promise<readonly Item<Data>[]> {
    const { prefix = '', after, limit } = options;
    const isMeant = ({ sk }: Item) => sk.startsWith(prefix) && (after === undefined || sk > after);
    return this.#partition(pk, isMeant).slice(0, limit) as Item<Data>[];
  }

  async commit(writes: readonly Write[]): Promise<void> {
    const keys = new Set(writes.map((write) => nameOf(keyOf(write))));
    if (writes.length > MAX_WRITES) throw new InvariantError(`at most 100 writes, saw ${writes.length}`);
    if (keys.size !== writes.length) throw new InvariantError('one item, two writes in one transaction');
    const items = writes.map((write) => itemOf(write));
    refuseTooMuch(items);
    for (const write of writes) this.#check(write);
    writes.forEach((write, at) => {
      if (!('check' in write)) this.#set(keyOf(write), items[at]?.item);
    });
  }

  async due(
    list: string,
    untilMs: number,
    limit: number,
  ): Promise<readonly { pk: string; sk: string; atMs: number }[]> {
    const entries = this.#due.entries(list, this.#clock.now());
    return entries
      .filter(({ atMs }) => atMs <= untilMs)
      .slice(0, limit)
      .map(({ atMs, item: { pk, sk } }) => ({ pk, sk, atMs }));
  }

  async page<Data>(
    list: string,
    options: { limit: number; next?: string },
  ): Promise<{ readonly items: readonly Item<Data>[]; readonly next?: string }> {
    const entries = this.#listed
      .entries(list, this.#clock.now())
      .filter(({ item }) => !this.#isExpired(item));
    const newestFirst = entries.reverse().map((entry) => ({ ...entry, token: tokenOf(entry) }));
    const { next: after } = options;
    if (after !== undefined && !/^\d{15} ./.test(after))
      throw new InvalidInputError('no page gave this token');
    const from = after === undefined ? 0 : newestFirst.filter(({ token }) => token >= after).length;
    const page = newestFirst.slice(from, from + options.limit);
    const last = page.at(-1);
    const isLast = last === undefined || from + page.length >= newestFirst.length;
    return { items: page.map(({ item }) => item as Item<Data>), ...(isLast ? {} : { next: last.token }) };
  }

  #check(write: Write): void {
    const key = keyOf(write);
    refuseMalformed(key);
    const version = this.#live(key)?.version ?? 0;
    if (version !== write.expect) {
      throw new ConflictError(`${nameOf(key)} is at version ${version}, expected ${write.expect}`);
    }
  }

  #set(key: Key, item: Item | undefined): void {
    this.#all = undefined;
    const partition = this.#partitions.get(key.pk) ?? new Map<string, Item>();
    this.#partitions.set(key.pk, partition);
    if (item === undefined) partition.delete(key.sk);
    else partition.set(key.sk, item);
    const seen = { key: nameOf(key), visibleAtMs: this.#clock.now() + this.#lagMs, item };
    this.#due.write({ ...seen, placed: item?.due });
    this.#listed.write({ ...seen, placed: item?.listed });
  }

  #live({ pk, sk }: Key): Item | undefined {
    const item = this.#partitions.get(pk)?.get(sk);
    return item === undefined || this.#isExpired(item) ? undefined : item;
  }

  #isExpired(item: Item): boolean {
    return expiryOf(item) <= this.#clock.now();
  }

  #partition(pk: string, isMeant = (_item: Item) => true): readonly Item[] {
    const items = [...(this.#partitions.get(pk)?.values() ?? [])];
    const live = items.filter((item) => isMeant(item) && !this.#isExpired(item));
    return live.sort((a, b) => (a.sk < b.sk ? -1 : 1));
  }
}

/** What a write leaves behind, and how large that is. */
function itemOf(write: Write): { readonly item: Item; readonly mostBytes: number } | undefined {
  if (!('put' in write)) return undefined;
  const { data: given, ...place } = write.put;
  const { data, mostBytes } = frozen(given);
  return { item: Object.freeze({ ...frozen(place).data, data, version: write.expect + 1 }), mostBytes };
}

function refuseTooMuch(items: readonly ReturnType<typeof itemOf>[]): void {
  const atMost = items.reduce((sum, item) => sum + (item?.mostBytes ?? 0), 0);
  if (atMost <= MAX_TRANSACTION_BYTES) return;
  const bytes = items.reduce((sum, item) => sum + (item === undefined ? 0 : bytesOf(item.item.data)), 0);
  if (bytes > MAX_TRANSACTION_BYTES) throw new InvariantError(`at most 4 MB at once, saw ${bytes} bytes`);
}

function expiryOf({ expiresAt }: Item): number {
  return expiresAt === undefined ? Infinity : expiresAt * 1_000;
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'remove' in write ? write.remove : write.check;
}

function refuseMalformed({ pk, sk }: Key): void {
  const isSound = pk !== '' && Buffer.byteLength(pk) <= MAX_KEY_BYTES.pk;
  if (!isSound || sk === '' || Buffer.byteLength(sk) > MAX_KEY_BYTES.sk)
    throw new InvariantError('the store refused a request as malformed');
}

function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}

/** Sorts as its entry does, so that a page goes on at the right place whatever has moved meanwhile. */
function tokenOf({ atMs, key }: { readonly atMs: number; readonly key: string }): string {
  return `${String(atMs).padStart(15, '0')} ${key}`;
}
