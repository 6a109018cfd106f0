import type { Item, Store, Write } from '../ports/store.ts';
import type { Key } from './keys.ts';

type Placement = Pick<Item, 'due' | 'listed' | 'expiresAt'>;
interface Held {
  readonly key: Key;
  readonly version: number;
  /** What was loaded, as text: what has not changed is not written. */
  readonly text: string | undefined;
  readonly data: unknown;
}

/**
 * The items of one decision: read once, written together, each on the condition that it is still as read.
 * After a commit it knows the new versions, so that a worker can go on without reading again.
 */
export class Session {
  readonly #store: Store;
  readonly #held = new Map<string, Held>();
  readonly #writes = new Map<string, { write: Write; after: Held }>();

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
    const text = JSON.stringify(data);
    const version = this.#held.get(nameOf(key))?.version ?? 0;
    const copy: unknown = JSON.parse(text);
    const write = { put: { pk: key.pk, sk: key.sk, data: copy, ...placement }, expect: version };
    this.#writes.set(nameOf(key), { write, after: { key, version: version + 1, text, data: copy } });
  }

  /** Writes only what differs from what was read: a quiet system makes no writes. */
  putChanged(key: Key, data: object, placement: Placement = {}): void {
    if (this.#held.get(nameOf(key))?.text !== JSON.stringify(data)) this.put(key, data, placement);
  }

  remove(key: Key): void {
    const name = nameOf(key);
    const expect = this.#held.get(name)?.version ?? 0;
    if (expect === 0) return;
    const after = { key, version: 0, text: undefined, data: undefined };
    this.#writes.set(name, { write: { remove: { pk: key.pk, sk: key.sk }, expect }, after });
  }

  /** Removes an item known to have been written exactly once, without reading it. */
  removeOnce(key: Key): void {
    if (!this.#held.has(nameOf(key)))
      this.#held.set(nameOf(key), { key, version: 1, text: undefined, data: undefined });
    this.remove(key);
  }

  /** @throws ConflictError when anything read for it has moved on; nothing is written then. */
  async commit(): Promise<void> {
    if (this.#writes.size === 0) return;
    await this.#store.commit([...this.#writes.values()].map(({ write }) => write));
    for (const [name, { after }] of this.#writes) this.#held.set(name, after);
    this.#writes.clear();
  }

  #hold(key: Key, version: number, data: unknown): void {
    const text = data === undefined ? undefined : JSON.stringify(data);
    this.#held.set(nameOf(key), { key, version, text, data });
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
