import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../../errors.ts';
import type { Clock, Item, Random, Store, Write } from '../../ports/index.ts';
import { clientSettings, lean } from './client-settings.ts';
import { commitFailure, isConditionFailure, readFailure } from './store/failures.ts';
import {
  condition,
  hasTwoOfOne,
  type Key,
  keyAttributes,
  keyOf,
  toAttributes,
  toItem,
} from './store/items.ts';
import { keyFromToken, tokenOf } from './store/page-token.ts';
import { readsOf } from './store/reads.ts';

const MAX_WRITES = 100;

export interface DynamoStoreOptions {
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly client?: DynamoDBClient;
}

let sharedClient: DynamoDBClient | undefined;

/** Items in one DynamoDB table: keys pk and sk, indexes `due` (dueList, dueAt) and `listed` (listedIn, listedAt). */
export function dynamoStore(options: DynamoStoreOptions): Store {
  sharedClient ??= lean(new DynamoDBClient(clientSettings()));
  return new DynamoStore(options.client ?? sharedClient, options);
}

class DynamoStore implements Store {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(client: DynamoDBClient, { table, clock, random }: DynamoStoreOptions) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  async get<Data>(pk: string, sk: string): Promise<Item<Data> | undefined> {
    const attributes = await this.#read({ pk, sk });
    return attributes === undefined ? undefined : this.#live<Data>([attributes])[0];
  }

  async list<Data>(
    pk: string,
    options: { prefix?: string; after?: string; limit?: number } = {},
  ): Promise<readonly Item<Data>[]> {
    const { prefix = '', after, limit = Number.POSITIVE_INFINITY } = options;
    const start = after === undefined || after < prefix ? undefined : after;
    if (start !== undefined && !start.startsWith(prefix)) return [];
    const items: Item<Data>[] = [];
    let from = start === undefined ? undefined : keyAttributes({ pk, sk: start });
    do {
      const found: QueryCommandOutput = await this.#query({
        ConsistentRead: true,
        ...partition(pk, prefix),
        ...(Number.isFinite(limit) && { Limit: limit - items.length }),
        ...(from && { ExclusiveStartKey: from }),
      });
      items.push(...this.#live<Data>(found.Items ?? []));
      from = found.LastEvaluatedKey;
    } while (from !== undefined && items.length < limit);
    return items;
  }

  async commit(writes: readonly Write[]): Promise<void> {
    if (writes.length > MAX_WRITES) throw new InvariantError(`at most 100 writes, saw ${writes.length}`);
    if (hasTwoOfOne(writes)) throw new InvariantError('one item, two writes in one transaction');
    const [only] = writes;
    if (only === undefined) return;
    if (writes.length === 1 && !('check' in only)) await this.#commitOne(only);
    else await this.#commitAll(writes);
  }

  async due(list: string, untilMs: number, limit: number) {
    const found = await this.#query({
      IndexName: 'due',
      KeyConditionExpression: 'dueList = :list AND dueAt <= :until',
      ExpressionAttributeValues: { ':list': { S: list }, ':until': { N: String(untilMs) } },
      Limit: limit,
    });
    return (found.Items ?? []).map(({ pk, sk, dueAt }) => ({
      pk: pk?.S ?? '',
      sk: sk?.S ?? '',
      atMs: Number(dueAt?.N),
    }));
  }

  async page<Data>(list: string, options: { limit: number; next?: string }) {
    const from = options.next === undefined ? undefined : keyFromToken(list, options.next);
    const found = await this.#query({
      IndexName: 'listed',
      KeyConditionExpression: 'listedIn = :list',
      ExpressionAttributeValues: { ':list': { S: list } },
      ScanIndexForward: false,
      Limit: options.limit,
      ...(from && { ExclusiveStartKey: from }),
    });
    const last = found.LastEvaluatedKey;
    const listed = await Promise.all(
      (found.Items ?? []).map(({ pk, sk }) => this.get<Data>(pk?.S ?? '', sk?.S ?? '')),
    );
    return {
      // What has left the list since, or is gone, is not in it.
      items: listed.flatMap((item) => (item?.listed?.list === list ? [item] : [])),
      ...(last === undefined ? {} : { next: tokenOf(last) }),
    };
  }

  /** A plain conditional write costs half a transaction. */
  async #commitOne(write: Exclude<Write, { check: unknown }>): Promise<void> {
    const shape = this.#shape(write);
    const attempt = 'Put' in shape ? new PutItemCommand(shape.Put!) : new DeleteItemCommand(shape.Delete!);
    try {
      await this.#client.send(attempt as PutItemCommand);
    } catch (error) {
      if (isConditionFailure(error) && (await this.#isOurs(write, shape, error))) return;
      throw commitFailure(error);
    }
  }

  /** After a retry the condition may have been broken by our own first attempt, whose answer was lost. */
  async #isOurs(write: Write, shape: TransactWriteItem, error: { $metadata: { attempts?: number } }) {
    if ((error.$metadata.attempts ?? 1) < 2 || shape.Put === undefined) return false;
    // Append-only tables may not be read; then it stays a conflict.
    const found = await this.#read(keyOf(write)).catch(() => undefined);
    return found !== undefined && found.writeId?.S === shape.Put.Item?.writeId?.S;
  }

  async #commitAll(writes: readonly Write[]): Promise<void> {
    const TransactItems = writes.map((write) => this.#shape(write));
    try {
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems }));
    } catch (error) {
      throw commitFailure(error);
    }
  }

  #shape(write: Write): TransactWriteItem {
    const TableName = this.#table;
    const guard = condition(write.expect, this.#clock.now());
    if ('put' in write) {
      const Item = toAttributes({ ...write.put, version: write.expect + 1 }, this.#random.id());
      return { Put: { TableName, Item, ...guard } };
    }
    const Key = keyAttributes(keyOf(write));
    return 'remove' in write
      ? { Delete: { TableName, Key, ...guard } }
      : { ConditionCheck: { TableName, Key, ...guard } };
  }

  async #read(key: Key): Promise<Readonly<Record<string, AttributeValue>> | undefined> {
    try {
      return await readsOf(this.#client).get(this.#table, key);
    } catch (error) {
      throw readFailure(error);
    }
  }

  async #query(input: Omit<QueryCommandInput, 'TableName'>): Promise<QueryCommandOutput> {
    try {
      return await this.#client.send(new QueryCommand({ TableName: this.#table, ...input }));
    } catch (error) {
      throw readFailure(error);
    }
  }

  /** The table removes expired items hours late; they do not exist before that. */
  #live<Data>(found: readonly Readonly<Record<string, AttributeValue>>[]): Item<Data>[] {
    const nowMs = this.#clock.now();
    const items = found.map((attributes) => toItem<Data>(attributes));
    return items.filter(({ expiresAt }) => expiresAt === undefined || expiresAt * 1_000 > nowMs);
  }
}

function partition(pk: string, prefix: string) {
  if (prefix === '') {
    return { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
  }
  return {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
  };
}
