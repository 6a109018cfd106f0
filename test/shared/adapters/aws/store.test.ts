import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { dynamoStore } from '../../../../shared/adapters/aws/store.ts';
import { systemClock } from '../../../../shared/adapters/aws/system.ts';
import type { Write } from '../../../../shared/ports/index.ts';
import { seededRandom } from '../../../memory/index.ts';

type Answer = (
  operation: string,
  input: Record<string, unknown>,
) => { status?: number; body: unknown } | 'cut';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** DynamoDB's wire protocol with answers no emulator gives: throttling, conflicts, lost answers. */
async function storeAgainst(answer: Answer, maxAttempts = 1) {
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.').at(-1)!;
    calls.push(operation);
    const given = answer(operation, JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
    if (given === 'cut') return request.socket.destroy();
    response.writeHead(given.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    return response.end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts,
  });
  const other = (table: string) =>
    dynamoStore({ table, clock: systemClock, random: seededRandom(1), client });
  return { store: other('t'), calls, other };
}

const failing =
  (type: string, more = {}): Answer =>
  () => ({
    status: type === 'InternalServerError' ? 500 : 400,
    body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'x', ...more },
  });
const item = (sk: string, data: string) => ({
  pk: { S: 'p' },
  sk: { S: sk },
  version: { N: '1' },
  data: { S: JSON.stringify(data) },
});
const put = (sk: string): Write => ({ put: { pk: 'p', sk, data: {} }, expect: 0 });

describe('store on DynamoDB: failures no emulator shows', () => {
  it.each([
    ['ThrottlingException', 'provider_unavailable'],
    ['ProvisionedThroughputExceededException', 'provider_unavailable'],
    ['InternalServerError', 'provider_unavailable'],
    ['TransactionConflictException', 'conflict'],
    ['ConditionalCheckFailedException', 'conflict'],
    ['ResourceNotFoundException', 'configuration'],
    ['AccessDeniedException', 'configuration'],
    ['ValidationException', 'invariant'],
  ])('%s on a write is %s', async (type, code) => {
    const { store } = await storeAgainst(failing(type));

    await expect(store.commit([put('a')])).rejects.toMatchObject({ code });
  });

  it.each([
    [['ConditionalCheckFailed', 'None'], 'conflict'],
    [['None', 'TransactionConflict'], 'conflict'],
    [['ThrottlingError', 'None'], 'provider_unavailable'],
    [['ThrottlingError', 'ConditionalCheckFailed'], 'conflict'],
    [['ItemCollectionSizeLimitExceeded', 'None'], 'invariant'],
  ])('a transaction cancelled for %j is %s', async (codes, code) => {
    const CancellationReasons = codes.map((Code) => ({ Code }));
    const { store } = await storeAgainst(failing('TransactionCanceledException', { CancellationReasons }));

    await expect(store.commit([put('a'), put('b')])).rejects.toMatchObject({ code });
  });

  it.each([
    ['ThrottlingException', 'provider_unavailable'],
    ['ResourceNotFoundException', 'configuration'],
  ])('%s on a read is %s', async (type, code) => {
    const { store } = await storeAgainst(failing(type));

    await expect(store.get('p', 's')).rejects.toMatchObject({ code });
    await expect(store.list('p')).rejects.toMatchObject({ code });
    await expect(store.due('l', 1, 1)).rejects.toMatchObject({ code });
  });

  it('takes its own lost answer for the success it was, and another’s write for a conflict', async () => {
    let [attempts, writeId]: [number, unknown] = [0, undefined];
    const { store, calls } = await storeAgainst((operation, input) => {
      if (operation === 'GetItem') return { body: { Item: { writeId } } };
      attempts += 1;
      writeId ??= (input.Item as { writeId: unknown }).writeId;
      if (attempts % 2 === 1) return 'cut';
      return failing('ConditionalCheckFailedException')('', {}) as never;
    }, 3);

    await expect(store.commit([put('a')])).resolves.toBeUndefined();
    expect(calls).toEqual(['PutItem', 'PutItem', 'GetItem']);

    await expect(store.commit([put('b')])).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes a conflict met at once, or on removing, for what it says', async () => {
    const { store, calls } = await storeAgainst(failing('ConditionalCheckFailedException'), 3);

    await expect(store.commit([put('a')])).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.commit([{ remove: { pk: 'p', sk: 's' }, expect: 1 }])).rejects.toMatchObject({
      code: 'conflict',
    });

    expect(calls).toEqual(['PutItem', 'DeleteItem']);
  });
});

describe('store on DynamoDB: what it is asked', () => {
  it('writes one item without a transaction, and nothing for nothing', async () => {
    const { store, calls } = await storeAgainst(() => ({ body: {} }));

    await store.commit([]);
    await store.commit([put('a')]);
    await store.commit([{ check: { pk: 'p', sk: 's' }, expect: 1 }]);
    await store.commit([put('a'), put('b')]);

    expect(calls).toEqual(['PutItem', 'TransactWriteItems', 'TransactWriteItems']);
  });

  it('asks once for what is wanted in one breath, of several tables too, and for each key once', async () => {
    const inputs: { RequestItems?: Record<string, { Keys: unknown[]; ConsistentRead: boolean }> }[] = [];
    const { store, calls, other } = await storeAgainst((_operation, input) => {
      inputs.push(input);
      const items = [item('b', 'two'), item('a', 'one')];
      return { body: { Responses: { t: items, u: [item('a', 'elsewhere')] } } };
    });

    const found = await Promise.all([
      store.get('p', 'a'),
      store.get('p', 'b'),
      store.get('p', 'a'),
      store.get('p', 'missing'),
      other('u').get('p', 'a'),
    ]);

    expect(calls).toEqual(['BatchGetItem']);
    expect(inputs[0]?.RequestItems?.t).toMatchObject({ ConsistentRead: true });
    expect(inputs[0]?.RequestItems?.t?.Keys).toHaveLength(3);
    expect(inputs[0]?.RequestItems?.u?.Keys).toHaveLength(1);
    expect(found.map((each) => each?.data)).toEqual(['one', 'two', 'one', undefined, 'elsewhere']);
  });

  it('asks for one alone as for one, and one after the other where one waits for the other', async () => {
    const { store, calls } = await storeAgainst(() => ({ body: {} }));

    await store.get('p', 'a');
    await store.get('p', 'b');

    expect(calls).toEqual(['GetItem', 'GetItem']);
  });

  it('asks again for what a table had no capacity for, and fails them together', async () => {
    const UnprocessedKeys = { t: { Keys: [{ pk: { S: 'p' }, sk: { S: 'b' } }] } };
    const { store, calls } = await storeAgainst((operation) =>
      operation === 'GetItem'
        ? { body: { Item: item('b', 'two') } }
        : { body: { Responses: { t: [item('a', 'one')] }, UnprocessedKeys } },
    );
    const away = await storeAgainst(failing('ThrottlingException'));

    const found = await Promise.all([store.get('p', 'a'), store.get('p', 'b')]);
    const failed = await Promise.allSettled([away.store.get('p', 'a'), away.store.get('p', 'b')]);

    expect(found.map((each) => each?.data)).toEqual(['one', 'two']);
    expect(calls).toEqual(['BatchGetItem', 'GetItem']);
    for (const each of failed) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'provider_unavailable' } });
    }
  });

  it('reads the items of a page themselves: what has left the list since, or is gone, is not in it', async () => {
    const listed = (sk: string, list: string) => ({
      ...item(sk, sk),
      listedIn: { S: list },
      listedAt: { N: '1' },
    });
    const keys = ['here', 'moved', 'gone'].map((sk) => ({ pk: { S: 'p' }, sk: { S: sk } }));
    const { store, calls } = await storeAgainst((operation) =>
      operation === 'Query'
        ? { body: { Items: keys } }
        : { body: { Responses: { t: [listed('here', 'l'), listed('moved', 'other')] } } },
    );

    const page = await store.page('l', { limit: 3 });

    expect(page.items.map(({ data }) => data)).toEqual(['here']);
    expect(calls).toEqual(['Query', 'BatchGetItem']);
  });

  it('keeps data as one text, whatever its shape, so that no typed tree is made of it', async () => {
    const inputs: Record<string, unknown>[] = [];
    const { store } = await storeAgainst((_operation, input) => {
      inputs.push(input);
      return { body: {} };
    });

    await store.commit([{ put: { pk: 'p', sk: 's', data: { deep: { list: [1, 'x'] } } }, expect: 0 }]);

    expect(inputs[0]?.Item).toMatchObject({ data: { S: '{"deep":{"list":[1,"x"]}}' } });
  });

  it('refuses what no transaction holds, and what no item can keep', async () => {
    const { store, calls } = await storeAgainst(() => ({ body: {} }));
    const many = Array.from({ length: 101 }, (_, at) => put(`s${at}`));
    const odd = (data: unknown): Write[] => [{ put: { pk: 'p', sk: 's', data }, expect: 0 }];

    await expect(store.commit(many)).rejects.toMatchObject({ code: 'invariant' });
    await expect(store.commit(odd({ at: new Date(0) }))).rejects.toMatchObject({ code: 'invariant' });
    await expect(store.commit(odd({ n: Number.NaN }))).rejects.toMatchObject({ code: 'invariant' });
    await expect(store.commit(odd({ b: Buffer.alloc(351 * 1024) }))).rejects.toMatchObject({
      code: 'invariant',
    });

    expect(calls).toEqual([]);
  });

  it('starts a list at its prefix when asked to begin before it, and finds nothing behind it', async () => {
    const inputs: Record<string, unknown>[] = [];
    const { store } = await storeAgainst((_operation, input) => {
      inputs.push(input);
      return { body: { Items: [] } };
    });

    await store.list('p', { prefix: 'm#', after: 'a' });
    expect(await store.list('p', { prefix: 'm#', after: 'z' })).toEqual([]);

    expect(inputs).toHaveLength(1);
    expect(inputs[0]).not.toHaveProperty('ExclusiveStartKey');
  });

  it('refuses a page token with a key longer than the store takes', async () => {
    const { store, calls } = await storeAgainst(() => ({ body: { Items: [] } }));
    const next = Buffer.from(JSON.stringify(['p', 's'.repeat(1_025), 1])).toString('base64url');

    await expect(store.page('l', { limit: 1, next })).rejects.toMatchObject({ code: 'invalid_input' });

    expect(calls).toEqual([]);
  });

  it.each([
    '',
    'nonsense',
    Buffer.from('{}').toString('base64url'),
    Buffer.from('["p","s","x"]').toString('base64url'),
    Buffer.from('["","s",1]').toString('base64url'),
    Buffer.from('["p","s",1e300]').toString('base64url'),
  ])('refuses the page token %j', async (next) => {
    const { store, calls } = await storeAgainst(() => ({ body: { Items: [] } }));

    await expect(store.page('l', { limit: 1, next })).rejects.toMatchObject({ code: 'invalid_input' });

    expect(calls).toEqual([]);
  });
});
