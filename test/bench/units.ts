/** What DynamoDB asks money for: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
export interface Units {
  readonly reads: number;
  readonly writes: number;
}

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
interface Asked {
  readonly Item?: Attributes;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item: Attributes } }[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly unknown[] }>>;
}

const WRITE_BYTES = 1_024;
const READS: ReadonlySet<string> = new Set(['GetItem', 'Query']);

/**
 * At least: what is read or removed is taken to be small, and an entry that moves within an index for one that is
 * put there. A transaction's items cost double, their index entries do not.
 */
export function unitsOf(operation: string, body: string): Units {
  if (READS.has(operation)) return { reads: 1, writes: 0 };
  if (operation === 'DeleteItem') return { reads: 0, writes: 1 };
  const asked = JSON.parse(body) as Asked;
  if (operation === 'BatchGetItem') {
    const keys = Object.values(asked.RequestItems ?? {}).flatMap(({ Keys }) => Keys);
    return { reads: keys.length, writes: 0 };
  }
  if (operation === 'PutItem') return { reads: 0, writes: written(asked.Item ?? {}, 1) };
  const all = asked.TransactItems ?? [];
  return { reads: 0, writes: all.reduce((sum, { Put }) => sum + (Put ? written(Put.Item, 2) : 2), 0) };
}

/** The item itself, and its keys in the indexes it is in. */
function written(item: Attributes, times: number): number {
  const units = Math.ceil(bytesOf(item) / WRITE_BYTES);
  return units * times + (item.listedIn ? 1 : 0) + (item.dueList ? 1 : 0);
}

/** Bodies are looked at as they passed: a character is a byte. */
function bytesOf(item: Attributes): number {
  const sizes = Object.entries(item).map(
    ([name, value]) => name.length + String(Object.values(value)[0]).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
