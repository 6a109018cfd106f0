import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../../../errors.ts';
import type { Item, Write } from '../../../ports/index.ts';

/** DynamoDB's 400 KB less keys, indexes and the cost of structure. */
const MAX_DATA_BYTES = 350 * 1024;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
type Attributes = Readonly<Record<string, AttributeValue>>;

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

/** As text: no condition looks inside, and a tree of typed attributes costs each call five times as much. */
function dataAttribute(data: unknown): AttributeValue {
  if (!isPlain(data)) {
    throw new InvariantError('an item holds what no store can keep, expected plain finite data');
  }
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) > MAX_DATA_BYTES) throw new InvariantError('an item may hold at most 350 KB');
  return { S: text };
}

/** Whether it comes back as it is; undefined members alone are left out. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((each) => each === undefined || isPlain(each));
}

export function toItem<Data>({
  pk,
  sk,
  version,
  data,
  expiresAt,
  dueList,
  dueAt,
  listedIn,
  listedAt,
}: Attributes): Item<Data> {
  return {
    pk: pk?.S ?? '',
    sk: sk?.S ?? '',
    version: Number(version?.N),
    data: JSON.parse(data?.S ?? 'null') as Data,
    ...(expiresAt === undefined ? {} : { expiresAt: Number(expiresAt.N) }),
    ...(dueList === undefined ? {} : { due: { list: dueList.S ?? '', atMs: Number(dueAt?.N) } }),
    ...(listedIn === undefined ? {} : { listed: { list: listedIn.S ?? '', atMs: Number(listedAt?.N) } }),
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
