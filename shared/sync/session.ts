import { ConflictError } from '../errors.ts';
import type { Item, Store, Write } from '../ports/store.ts';
import { copyOf, isSame } from './copy.ts';
import type { Key } from './keys.ts';

type Placement = Pick<Item, 'due' | 'listed' | 'expiresAt'>;
interface Held {
  readonly key: Key;
  readonly version: number;
  /** As it was read or written last; never the object a decision goes on working with. */
  readonly data: unknown;
}
interface Pending {
  readonly key: Key;
  readonly write: Write;
  readonly data: unknown;
  /** The decision may go on changing what it has put: what was written is kept apart. */
  readonly isLive: boolean;
}

/**
 * The items of one decision: read once, written together, each on the condition that it is still as read.
 * After a commit it knows the new versions, so that a worker can go on without reading again.
 */
export class Session {
  readonly #store: Store;
  readonly #held = new Map<string, Held>();
  readonly #writes = new Map<string, Pending>();

  #isOver = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is known so far, to be written on its own. */
  fork(): Session {
    const session = new Session(this.#store);
    for (const [name, held] of this.#held) session.#held.set(name, held);
    return session;
  }

  async get<Data>(key: Key): Promise<Data | undefined> {
    const known = this.#held.get(nameOf(key));
    if (known !== undefined) return known.data as Data | undefined;
    const item = await this.#store.get<Data>(key.pk, key.sk);
    this.#hold(key, item?.version ?? 0, item?.data);
    return item?.data;
  }

  /** Takes note of items that a list has read. */
  meet<Data>(item: Item<Data>): Data {
    if (!this.#held.has(nameOf(item))) this.#hold({ pk: item.pk, sk: item.sk }, item.version, item.data);
    return this.#held.get(nameOf(item))!.data as Data;
  }

  put(key: Key, data: object, placement: Placement = {}): void {
    this.#write(key, data, placement, false);
  }

  /** Writes only what differs from what was read: a quiet system makes no writes. */
  putChanged(key: Key, data: object, placement: Placement = {}): void {
    if (isSame(this.#held.get(nameOf(key))?.data, data)) this.#writes.delete(nameOf(key));
    else this.#write(key, data, placement, true);
  }

  #write(key: Key, data: object, placement: Placement, isLive: boolean): void {
    const expect = this.#held.get(nameOf(key))?.version ?? 0;
    const write = { put: { pk: key.pk, sk: key.sk, data, ...placement }, expect };
    this.#writes.set(nameOf(key), { key, write, data, isLive });
  }

  remove(key: Key): void {
    const expect = this.#held.get(nameOf(key))?.version ?? 0;
    // What is not there yet is not put either.
    this.#writes.delete(nameOf(key));
    if (expect === 0) return;
    const write = { remove: { pk: key.pk, sk: key.sk }, expect };
    this.#writes.set(nameOf(key), { key, write, data: undefined, isLive: false });
  }

  isToWrite(key: Key): boolean {
    return this.#writes.has(nameOf(key));
  }

  /** Removes an item known to have been written exactly once, without reading it, be it by this session. */
  removeOnce(key: Key): void {
    if (!this.#held.has(nameOf(key)) && !this.isToWrite(key)) this.#hold(key, 1, undefined);
    this.remove(key);
  }

  /**
   * Whether a commit that failed was made nobody knows: the session ends with it. What was staged would else be written
   * in parts, along with what somebody decides instead.
   * @throws ConflictError when anything read for it has moved on, nothing is written then; and once it has ended.
   */
  async commit(): Promise<void> {
    if (this.#isOver) throw new ConflictError('this session has ended; look again');
    if (this.#writes.size === 0) return;
    const writes = [...this.#writes.values()];
    const kept = writes.map(({ data, isLive }) => (isLive ? copyOf(data) : data));
    this.#isOver = true;
    await this.#store.commit(writes.map(({ write }) => write));
    this.#isOver = false;
    writes.forEach(({ key, write }, index) => {
      const version = 'remove' in write ? 0 : write.expect + 1;
      this.#hold(key, version, kept[index]);
    });
    this.#writes.clear();
  }

  /** What it has written is another's to go on with: whoever read before must look again. */
  end(): void {
    this.#isOver = true;
  }

  #hold(key: Key, version: number, data: unknown): void {
    this.#held.set(nameOf(key), { key, version, data });
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
