import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { InvariantError } from '../../../errors.ts';
import type { Item, Write } from '../../../ports/index.ts';

/** DynamoDB's 400 KB less keys, indexes and the cost of structure. */
const MAX_DATA_BYTES = 350 * 1024;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
type Attributes = Record<string, AttributeValue>;

export function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'remove' in write ? write.remove : write.check;
}

/** DynamoDB would refuse it too, but only after it has looked at the conditions. */
export function hasTwoOfOne(writes: readonly Write[]): boolean {
  if (writes.length < 2) return false;
  const keys = writes.map((write) => `${keyOf(write).pk}\n${keyOf(write).sk}`);
  return new Set(keys).size < keys.length;
}

export function keyAttributes({ pk, sk }: Key): Attributes {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** `writeId` tells our own write from another's when its answer was lost. */
export function toAttributes(item: Item, writeId: string): Attributes {
  const { due, listed } = item;
  const data = dataAttribute(item.data);
  return {
    ...keyAttributes(item),
    version: { N: String(item.version) },
    writeId: { S: writeId },
    data,
    ...(item.expiresAt === undefined ? {} : { expiresAt: { N: String(item.expiresAt) } }),
    ...(due === undefined ? {} : { dueList: { S: due.list }, dueAt: { N: String(due.atMs) } }),
    ...(listed === undefined ? {} : { listedIn: { S: listed.list }, listedAt: { N: String(listed.atMs) } }),
  };
}

function dataAttribute(data: unknown): AttributeValue {
  let attribute: AttributeValue;
  try {
    attribute = marshall({ data }, { removeUndefinedValues: true }).data ?? { NULL: true };
  } catch (cause) {
    throw new InvariantError('an item holds what no store can keep, expected plain finite data', { cause });
  }
  if (sizeOf(attribute) > MAX_DATA_BYTES) throw new InvariantError('an item may hold at most 350 KB');
  return attribute;
}

function sizeOf(attribute: AttributeValue): number {
  if (attribute.S !== undefined) return Buffer.byteLength(attribute.S);
  if (attribute.B !== undefined) return attribute.B.length;
  if (attribute.N !== undefined) return attribute.N.length;
  if (attribute.L !== undefined) return attribute.L.reduce((sum, each) => sum + 1 + sizeOf(each), 3);
  if (attribute.M === undefined) return 1;
  const members = Object.entries(attribute.M);
  return members.reduce((sum, [name, each]) => sum + 1 + Buffer.byteLength(name) + sizeOf(each), 3);
}

export function toItem<Data>(attributes: Attributes): Item<Data> {
  const plain = unmarshall(attributes) as Record<string, never>;
  const { pk, sk, version, data, expiresAt, dueList, dueAt, listedIn, listedAt } = plain;
  return {
    pk: pk!,
    sk: sk!,
    version: version!,
    data: data!,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(dueList === undefined ? {} : { due: { list: dueList, atMs: dueAt! } }),
    ...(listedIn === undefined ? {} : { listed: { list: listedIn, atMs: listedAt! } }),
  };
}

/** What was read must still be so; an expired item counts as absent. */
export function condition(expect: number, nowMs: number) {
  const now = { ':now': { N: String(Math.floor(nowMs / 1_000)) } };
  if (expect === 0) {
    return {
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      ExpressionAttributeValues: now,
    };
  }
  return {
    ConditionExpression: '#version = :version AND (attribute_not_exists(expiresAt) OR expiresAt > :now)',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ...now, ':version': { N: String(expect) } },
  };
}
