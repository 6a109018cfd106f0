import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Key, keyAttributes } from './items.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

interface Wanted {
  readonly table: string;
  readonly key: Key;
  readonly found: PromiseWithResolvers<Attributes | undefined>;
}

/** As many keys as one call takes. */
const MAX_KEYS = 100;

/** Strong reads by key. What is asked for in one breath, of whichever tables, is one call and one wait. */
export interface Reads {
  get(table: string, key: Key): Promise<Attributes | undefined>;
}

const byClient = new WeakMap<DynamoDBClient, Reads>();

/** One for all tables of a client. */
export function readsOf(client: DynamoDBClient): Reads {
  const reads = byClient.get(client) ?? gatheredReads(client);
  byClient.set(client, reads);
  return reads;
}

function gatheredReads(client: DynamoDBClient): Reads {
  let wanted = new Map<string, Wanted>();
  const fetchAll = (): void => {
    const all = [...wanted.values()];
    wanted = new Map();
    for (let from = 0; from < all.length; from += MAX_KEYS) {
      const some = all.slice(from, from + MAX_KEYS);
      fetchSome(client, some).catch((error: unknown) => {
        for (const { found } of some) found.reject(error);
      });
    }
  };
  return {
    get(table, key) {
      const name = nameOf(table, key);
      const known = wanted.get(name);
      if (known !== undefined) return known.found.promise;
      if (wanted.size === 0) queueMicrotask(fetchAll);
      const found = Promise.withResolvers<Attributes | undefined>();
      wanted.set(name, { table, key, found });
      return found.promise;
    },
  };
}

async function fetchSome(client: DynamoDBClient, wanted: readonly Wanted[]): Promise<void> {
  const [only] = wanted;
  if (wanted.length === 1 && only !== undefined) return fetchOne(client, only);
  const { Responses = {}, UnprocessedKeys = {} } = await client.send(
    new BatchGetItemCommand({
      RequestItems: Object.fromEntries(
        Object.entries(Object.groupBy(wanted, ({ table }) => table)).map(([table, of = []]) => [
          table,
          { ConsistentRead: true, Keys: of.map(({ key }) => keyAttributes(key)) },
        ]),
      ),
    }),
  );
  const items = namesIn(Object.entries(Responses));
  const left = namesIn(Object.entries(UnprocessedKeys).map(([table, { Keys = [] }]) => [table, Keys]));
  await Promise.all(
    wanted.map((each) => {
      const name = nameOf(each.table, each.key);
      // Not read for want of capacity: alone, it has the client's own retries.
      if (left.has(name)) return fetchOne(client, each);
      return each.found.resolve(items.get(name));
    }),
  );
}

async function fetchOne(client: DynamoDBClient, { table, key, found }: Wanted): Promise<void> {
  const command = new GetItemCommand({ TableName: table, Key: keyAttributes(key), ConsistentRead: true });
  found.resolve((await client.send(command)).Item);
}

function namesIn(tables: readonly (readonly [string, readonly Attributes[]])[]): Map<string, Attributes> {
  return new Map(
    tables.flatMap(([table, items]) =>
      items.map((item) => [nameOf(table, { pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' }), item] as const),
    ),
  );
}

const nameOf = (table: string, { pk, sk }: Key): string => `${table}\n${pk}\n${sk}`;
