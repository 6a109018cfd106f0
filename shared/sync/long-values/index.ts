import { ConflictError, ProviderUnavailableError } from '../../errors.ts';
import type { Item, Store, Write } from '../../ports/store.ts';
import { holdsTexts } from '../keys.ts';
import {
  type Family,
  families,
  isValue,
  joined,
  type Key,
  keysOf,
  puts,
  removals,
  standingOf,
} from './beside.ts';
import { BOUNDS, type Bounds, divide, type Standing } from './divide.ts';
import { Recall } from './recall.ts';

export { whole } from './beside.ts';
export type { Bounds } from './divide.ts';

const MAX_WRITES = 100;
/** A read of several items may fall into the middle of a commit; the one after it does not. */
const MAX_READS = 5;
const NOTHING: Standing = new Map();

export interface LongValuesOptions {
  /** Whose values move out, by partition. */
  readonly holds?: (pk: string) => boolean;
  readonly bounds?: Bounds;
}

/**
 * A store whose long texts stand beside their item, once each, under sort keys that begin with its own. They come
 * and go with it, under its condition; nobody above sees any of it. Items that expire keep their texts in them.
 */
export function longValues(store: Store, options: LongValuesOptions = {}): Store {
  return new LongValues(store, options);
}

type Put = Extract<Write, { put: unknown }>;

/** A write as it was asked for, what stood beside its item and what will. */
interface Planned {
  readonly key: Key;
  readonly version: number;
  readonly write: Write;
  readonly fresh: readonly Put[];
  readonly values: Standing;
  readonly spare: Standing;
}

class LongValues implements Store {
  readonly #store: Store;
  readonly #holds: (pk: string) => boolean;
  readonly #bounds: Bounds;
  readonly #recall = new Recall();

  constructor(store: Store, { holds = holdsTexts, bounds = BOUNDS }: LongValuesOptions) {
    this.#store = store;
    this.#holds = holds;
    this.#bounds = bounds;
  }

  async get<Data>(pk: string, sk: string): Promise<Item<Data> | undefined> {
    if (!this.#holds(pk)) return this.#store.get<Data>(pk, sk);
    for (let read = 0; read < MAX_READS; read += 1) {
      const item = await this.#store.get(pk, sk);
      const standing = this.#met(pk, sk, item);
      const values = await Promise.all(
        keysOf({ pk, sk }, standing).map((key) => this.#store.get(key.pk, key.sk)),
      );
      const whole =
        item && joined<Data>({ item, values: values.filter((value) => value !== undefined) }, standing);
      if (item === undefined || whole !== undefined) return whole;
    }
    throw new ProviderUnavailableError('the store shows an item without its values');
  }

  #met(pk: string, sk: string, item: Item | undefined): Standing {
    const standing = item === undefined ? NOTHING : standingOf(item);
    this.#recall.note({ pk, sk }, item?.version ?? 0, standing);
    return standing;
  }

  async list<Data>(
    pk: string,
    options: { prefix?: string; after?: string; limit?: number } = {},
  ): Promise<readonly Item<Data>[]> {
    if (!this.#holds(pk)) return this.#store.list<Data>(pk, options);
    const found = families(await this.#found(pk, options)).slice(0, options.limit);
    const items = await Promise.all(found.map((family) => this.#join<Data>(family)));
    return items.filter((item) => item !== undefined);
  }

  /** Enough for a limit of items, whatever stands between them. */
  async #found(
    pk: string,
    { limit, ...options }: { prefix?: string; after?: string; limit?: number },
  ): Promise<readonly Item[]> {
    if (limit === undefined) return this.#store.list(pk, options);
    const found: Item[] = [];
    for (let after = options.after; ; after = found.at(-1)?.sk) {
      const from = after === undefined ? {} : { after };
      const page = await this.#store.list(pk, { ...options, ...from, limit: limit + 1 });
      found.push(...page);
      if (page.length <= limit || found.filter((item) => !isValue(item)).length > limit) return found;
    }
  }

  async #join<Data>(family: Family): Promise<Item<Data> | undefined> {
    const { pk, sk } = family.item;
    const standing = this.#met(pk, sk, family.item);
    return joined<Data>(family, standing) ?? this.get<Data>(pk, sk);
  }

  async commit(writes: readonly Write[]): Promise<void> {
    const standing = await Promise.all(writes.map((write) => this.#standing(write)));
    const planned = this.#plan(writes, standing);
    try {
      await this.#carryOut(planned);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const left = await this.#leftBehind(planned);
      if (left.every(({ size }) => size === 0)) throw error;
      const all = standing.map((each, at) => new Map([...each, ...(left[at] ?? NOTHING)]));
      await this.#carryOut(this.#plan(writes, all));
    }
  }

  #plan(writes: readonly Write[], standing: readonly Standing[]): readonly Planned[] {
    let room = MAX_WRITES - writes.length;
    return writes.map((write, at) => {
      const planned = this.#divided(write, standing[at] ?? NOTHING, room);
      room -= planned.fresh.length;
      return planned;
    });
  }

  async #carryOut(planned: readonly Planned[]): Promise<void> {
    for (const { key } of planned) this.#recall.forget(key);
    const fixed = planned.flatMap(({ write, fresh }) => [write, ...fresh]);
    let room = MAX_WRITES - fixed.length;
    const spare = planned.flatMap(({ key, spare }) =>
      [...spare].flatMap(([hash, parts]) => {
        // What finds no room to leave is read by nobody.
        if (parts > room) return [];
        room -= parts;
        return removals(key, new Map([[hash, parts]]));
      }),
    );
    await this.#store.commit([...fixed, ...spare]);
    for (const { key, version, values } of planned) this.#recall.note(key, version, values);
  }

  /** Texts meant to be new that stand there already, left behind for want of room. */
  #leftBehind(planned: readonly Planned[]): Promise<readonly Standing[]> {
    return Promise.all(
      planned.map(async ({ key, values, fresh }) => {
        const found = await Promise.all(fresh.map(({ put }) => this.#store.get(put.pk, put.sk)));
        const kept = new Set(found.flatMap((item) => item?.sk ?? []));
        return new Map(
          [...values].filter(([hash, parts]) =>
            keysOf(key, new Map([[hash, parts]])).every(({ sk }) => kept.has(sk)),
          ),
        );
      }),
    );
  }

  #divided(write: Write, standing: Standing, room: number): Planned {
    const key = keyOf(write);
    if ('check' in write) {
      return { key, version: write.expect, write, fresh: [], values: standing, spare: NOTHING };
    }
    if ('remove' in write) return { key, version: 0, write, fresh: [], values: NOTHING, spare: standing };
    const { data, expiresAt } = write.put;
    const isKept = !this.#holds(key.pk) || expiresAt !== undefined;
    const version = write.expect + 1;
    const divided = isKept ? undefined : divide(data, standing, room, this.#bounds);
    const values = divided?.values ?? NOTHING;
    // Nearly every item: nothing stands beside it, and nothing will.
    if (values.size + standing.size === 0) return { key, version, write, fresh: [], values, spare: NOTHING };
    return {
      key,
      version,
      write: divided === undefined ? write : { ...write, put: { ...write.put, data: divided.data } },
      fresh: divided?.fresh.flatMap((value) => puts(key, value)) ?? [],
      values,
      spare: new Map([...standing].filter(([hash]) => !values.has(hash))),
    };
  }

  async #standing(write: Write): Promise<Standing> {
    const key = keyOf(write);
    if (!this.#holds(key.pk) || 'check' in write) return NOTHING;
    const known = this.#recall.of(key, write.expect);
    if (known !== undefined || write.expect === 0) return known ?? NOTHING;
    return this.#met(key.pk, key.sk, await this.#store.get(key.pk, key.sk));
  }

  due(list: string, untilMs: number, limit: number) {
    return this.#store.due(list, untilMs, limit);
  }

  /** A list lags, and its items' values may have gone: what has any is read as it stands. */
  async page<Data>(list: string, options: { limit: number; next?: string }) {
    const page = await this.#store.page<Data>(list, options);
    const items = await Promise.all(
      page.items.map(async (item) => {
        if (!this.#holds(item.pk) || standingOf(item).size === 0) return item;
        const now = await this.get<Data>(item.pk, item.sk);
        return now?.listed?.list === list ? now : undefined;
      }),
    );
    return { ...page, items: items.filter((item) => item !== undefined) };
  }
}

function keyOf(write: Write): Key {
  if ('put' in write) return { pk: write.put.pk, sk: write.put.sk };
  return 'remove' in write ? write.remove : write.check;
}
