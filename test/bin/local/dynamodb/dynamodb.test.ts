import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineFor } from '../../../../bin/local/dynamodb/engine.ts';
import { removeExpired } from '../../../../bin/local/dynamodb/expiry.ts';
import { type DynamoDbServer, startDynamoDb } from '../../../../bin/local/dynamodb/server.ts';
import { createTables, type TableProperties } from '../../../../bin/local/dynamodb/tables.ts';
import type { Resource } from '../../../../bin/local/template/deployment.ts';
import { ConfigurationError } from '../../../../shared/errors.ts';
import { credentials, newDirectory } from '../sqs/fixture.ts';

const directory = newDirectory();
let server: DynamoDbServer;
beforeAll(async () => {
  server = await startDynamoDb(directory);
});
afterAll(() => server.close());

function tableOf(name: string, changes: Partial<TableProperties> = {}): Resource<TableProperties> {
  const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const index = {
    IndexName: 'listed',
    KeySchema: [key('listedIn', 'HASH')],
    Projection: { ProjectionType: 'ALL' },
    ContributorInsightsSpecification: { Enabled: true },
  };
  return {
    type: 'AWS::DynamoDB::Table',
    stack: { name: 'data', template: {}, assetsDir: '' },
    logicalId: name,
    identity: { ref: name, attributes: {} },
    properties: {
      AttributeDefinitions: [text('pk'), text('sk'), text('listedIn')],
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      GlobalSecondaryIndexes: [index],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      ...changes,
    },
  };
}

async function put(name: string, sk: string, expiresAt?: number): Promise<void> {
  const expiry = expiresAt === undefined ? {} : { expiresAt: { N: String(expiresAt) } };
  await server.call('PutItem', { TableName: name, Item: { pk: { S: 'a' }, sk: { S: sk }, ...expiry } });
}

async function keysOf(name: string): Promise<unknown> {
  const { Items } = await server.call<{ Items: { sk: { S: string } }[] }>('Scan', { TableName: name });
  return Items.map((item) => item.sk.S).sort();
}

describe('tables', () => {
  it('are created once, and taken as they are afterwards', async () => {
    await createTables(server.call, [tableOf('records')]);
    await put('records', 'kept');
    await createTables(server.call, [tableOf('records')]);

    const client = new DynamoDBClient({ endpoint: server.url, region: 'us-east-1', credentials });
    const { TableNames } = await client.send(new ListTablesCommand({}));
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'records', Key: { pk: { S: 'a' }, sk: { S: 'kept' } } }),
    );

    expect(TableNames).toContain('records');
    expect(Item).toBeDefined();
  });

  it('of another shape are not touched: the person is told', async () => {
    const renamed = tableOf('shaped').properties.GlobalSecondaryIndexes?.map((index) => ({
      ...index,
      IndexName: 'before',
    }));
    await createTables(server.call, [tableOf('shaped', { GlobalSecondaryIndexes: renamed ?? [] })]);

    const other = createTables(server.call, [tableOf('shaped')]);

    await expect(other).rejects.toThrow(ConfigurationError);
  });

  it('with an impossible definition fail with the reason', async () => {
    const bad = createTables(server.call, [tableOf('bad', { KeySchema: [] })]);

    await expect(bad).rejects.toMatchObject({ name: 'DynamoDbError' });
  });
});

describe('expired items', () => {
  it('are removed, and nothing else', async () => {
    const nowMs = Date.parse('2026-11-22T10:00:00Z');
    await createTables(server.call, [tableOf('mortal'), tableOf('eternal')]);
    await put('mortal', 'past', nowMs / 1_000 - 1);
    await put('mortal', 'future', nowMs / 1_000 + 1);
    await put('mortal', 'never');
    await put('eternal', 'past', 1);
    const eternal = tableOf('eternal', { TimeToLiveSpecification: { AttributeName: 'x', Enabled: false } });

    const removed = await removeExpired(server.call, [tableOf('mortal'), eternal], nowMs);

    expect(removed).toBe(1);
    expect(await keysOf('mortal')).toEqual(['future', 'never']);
    expect(await keysOf('eternal')).toEqual(['past']);
  });

  it('lose their expired items however many there are, page by page', async () => {
    await createTables(server.call, [tableOf('crowded')]);
    const names = Array.from({ length: 230 }, (_, at) => String(at).padStart(3, '0'));
    await Promise.all(names.map((name, at) => put('crowded', name, at % 23 === 0 ? 1 : undefined)));

    const removed = await removeExpired(server.call, [tableOf('crowded')], Date.now());

    expect(removed).toBe(10);
    expect(await keysOf('crowded')).toHaveLength(220);
  });
});

describe('the engine', () => {
  it('keeps its data over a restart', async () => {
    const own = newDirectory();
    const first = await startDynamoDb(own);
    await createTables(first.call, [tableOf('kept')]);
    await first.close();

    const second = await startDynamoDb(own);

    const { TableNames } = await second.call<{ TableNames: string[] }>('ListTables', {});
    expect(TableNames).toEqual(['kept']);
    await second.close();
  });

  it('falls back to DynamoDB Local where Java is, and else says what to install', () => {
    const platform = process.platform;
    const withJava = newDirectory();
    writeFileSync(join(withJava, 'java'), '');
    Object.defineProperty(process, 'platform', { value: 'sunos' });
    try {
      expect(engineFor(1, '/tmp', withJava)).toMatchObject({
        name: 'DynamoDB Local',
        warning: expect.stringContaining('listens on every interface of this machine'),
      });
      expect(() => engineFor(1, '/tmp', '/nonexistent')).toThrow(/install Java 17/);
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });
});
