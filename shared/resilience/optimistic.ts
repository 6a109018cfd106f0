import { ConflictError } from '../errors.ts';
import type { Item, Store } from '../ports/index.ts';

/** Enough for a herd of functions on one item; whoever loses this often gives way. */
const ATTEMPTS = 8;

/** What to write for what was read; `write` absent means: nothing to change, just the answer. */
export interface Change<Data, Answer> {
  readonly answer: Answer;
  readonly write?: Omit<Item<Data>, 'pk' | 'sk' | 'version'>;
}

/** What was last seen of an item, its absence (version 0) included. */
export interface Seen<Data> {
  readonly version: number;
  readonly data?: Data;
}

/**
 * Reads one item, decides, and writes on the condition that nobody else has; decides again where somebody had.
 * `known` remembers items between calls: a lucky guess saves the read, a wrong one costs a conflict. An
 * answer without a write may then rest on something old.
 * @throws ConflictError when the item never stood still.
 */
export async function update<Data, Answer>(
  store: Store,
  key: { readonly pk: string; readonly sk: string },
  decide: (data: Data | undefined) => Change<Data, Answer>,
  known: Map<string, Seen<Data>> = new Map(),
): Promise<Answer> {
  const name = nameOf(key);
  let last: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const seen = known.get(name) ?? (await look<Data>(store, key));
    known.set(name, seen);
    const { answer, write } = decide(seen.data);
    if (write === undefined) return answer;
    try {
      await store.commit([{ put: { ...key, ...write }, expect: seen.version }]);
      known.set(name, { version: seen.version + 1, data: write.data });
      return answer;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      known.delete(name);
      last = error;
    }
  }
  throw new ConflictError('an item changed at every attempt to write it', { cause: last });
}

export async function look<Data>(store: Store, key: { pk: string; sk: string }): Promise<Seen<Data>> {
  const item = await store.get<Data>(key.pk, key.sk);
  return item === undefined ? { version: 0 } : { version: item.version, data: item.data };
}

/** Under which `known` remembers an item. */
export const nameOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => `${pk} ${sk}`;
