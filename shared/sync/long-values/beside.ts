import type { Item, Write } from '../../ports/store.ts';
import { referred, refers, type Standing, type Value, withTexts } from './divide.ts';

/** Sorts before all that a key of the hub's own goes on with: an item's values follow it at once. */
const BESIDE = ' ';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
/** An item as it is kept, and all that was found under its name: its values among it. */
export interface Family {
  readonly item: Item;
  readonly values: readonly Item[];
}

export const isValue = ({ sk }: Pick<Item, 'sk'>): boolean => sk.includes(BESIDE);

const keyOf = ({ pk, sk }: Key, hash: string, part: number): Key => ({
  pk,
  sk: `${sk}${BESIDE}${hash}.${part}`,
});

export function puts(owner: Key, { hash, parts }: Value): Extract<Write, { put: unknown }>[] {
  return parts.map((text, part) => ({ put: { ...keyOf(owner, hash, part), data: { text } }, expect: 0 }));
}

export function keysOf(owner: Key, values: Standing): readonly Key[] {
  return [...values].flatMap(([hash, parts]) =>
    Array.from({ length: parts }, (_, part) => keyOf(owner, hash, part)),
  );
}

/** A value is put once and never changed. */
export function removals(owner: Key, values: Standing): Write[] {
  return keysOf(owner, values).map((remove) => ({ remove, expect: 1 }));
}

const NOTHING: Standing = new Map();
/** Data that was read is never changed, and a store in memory gives out the same again and again. */
const known = new WeakMap<object, Standing>();

/** What an item refers to: it stands beside it. */
export function standingOf({ data, expiresAt }: Item): Standing {
  if (expiresAt !== undefined) return NOTHING;
  // A lone text has no place among what is known: boxed, it is looked through each time.
  const key: object = Object(data);
  const standing = known.get(key) ?? referredIn(data);
  // Stryker disable next-line CallExpression: what is looked through again refers to the same
  known.set(key, standing);
  return standing;
}

function referredIn(data: unknown): Standing {
  // Stryker disable next-line ConditionalExpression: the way round looking at what each text refers to
  if (!refers(data)) return NOTHING;
  const standing = new Map<string, number>();
  withTexts(data, (text) => {
    const reference = referred(text);
    if (reference !== undefined) standing.set(reference.hash, reference.parts);
    return text;
  });
  return standing;
}

/** An item with its texts in their places; undefined where one is missing beside it. */
export function joined<Data>(
  { item, values }: Family,
  standing: Standing = standingOf(item),
): Item<Data> | undefined {
  if (standing.size === 0) return item as Item<Data>;
  const texts = new Map(values.map(({ sk, data }) => [sk, (data as { readonly text: string }).text]));
  let isWhole = true;
  const data = withTexts(item.data, (text) => {
    const reference = referred(text);
    if (reference === undefined) return text;
    const { hash, parts } = reference;
    const found = Array.from({ length: parts }, (_, part) => texts.get(keyOf(item, hash, part).sk));
    isWhole &&= found.every((part) => part !== undefined);
    return found.join('');
  });
  return isWhole ? { ...item, data: data as Data } : undefined;
}

/** Items in the order found, each with its values. */
export function families(found: readonly Item[]): readonly Family[] {
  const byOwner = Map.groupBy(found, ({ pk, sk }) => `${pk}\n${sk.split(BESIDE, 1)}`);
  return [...byOwner.values()].flatMap((values) =>
    values.filter((each) => !isValue(each)).map((item) => ({ item, values })),
  );
}

/** Everything kept, as those see it who read by way of `longValues`; for whoever looks at a store's own items. */
export function whole(items: readonly Item[]): readonly Item[] {
  return families(items).flatMap((family) => joined(family) ?? []);
}
