import { existsSync, mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type BuildAppOptions, buildApp } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SnsStore = Stores['snsStore'];
export type S3Store = Stores['s3Store'];
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
export type SqsMessage = Parameters<SqsQueue['enqueue']>[0];
export type ReceivedMessage = ReturnType<SqsQueue['dequeue']>[number];

/** A validated request body in, the answer's body out; throws fauxqs's own error class. */
type Action<Answer> = (body: Record<string, unknown>, store: SqsStore) => Answer;

export interface Fauxqs {
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  readonly s3: S3Store;
  readonly sendMessage: Action<Record<string, unknown>>;
  readonly sendMessageBatch: Action<Record<string, unknown>>;
  readonly receiveMessage: Action<Promise<{ Messages?: ReceivedMessage[] }>>;
  /** Any request fauxqs understands, body unread. */
  route(request: IncomingMessage, response: ServerResponse): void;
  /** A request whose body was read already. */
  inject(
    headers: Record<string, string>,
    body: string,
  ): Promise<{ status: number; type: string; body: string; queryError: string | undefined }>;
  close(): Promise<void>;
}

/**
 * fauxqs without its listener, which would bind every interface: SQS, SNS and S3 with their data in
 * `directory`. Its classes are reached by file since its index exports only the listening start.
 */
export async function openFauxqs(directory: string): Promise<Fauxqs> {
  mkdirSync(directory, { recursive: true });
  releaseInFlight(directory);
  const { SqsStore, SnsStore, S3Store, PersistenceManager, FileS3Persistence, ...actions } = await parts();
  const persistence = new PersistenceManager(directory);
  // Survives kill -9; only a power cut could lose the last writes, and a sync per message costs most of a core.
  persistence.db.exec('PRAGMA synchronous = NORMAL');
  // fauxqs writes NULL into a column that forbids it, so making a message visible at once would fail.
  const makeVisible = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => makeVisible.run(messageId);
  const objects = new FileS3Persistence(join(directory, 'objects'));
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  objects.loadS3(stores.s3Store);
  Object.assign(stores.sqsStore, { persistence });
  Object.assign(stores.snsStore, { persistence });
  Object.assign(stores.s3Store, { persistence: objects });
  for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
  const app = buildApp({ logger: false, stores });
  await app.ready();

  return {
    sqs: stores.sqsStore,
    sns: stores.snsStore,
    s3: stores.s3Store,
    ...actions,
    route: (request, response) => app.routing(request, response),
    inject: async (headers, body) => {
      const answer = await app.inject({ method: 'POST', url: '/', headers, payload: body });
      return {
        status: answer.statusCode,
        type: String(answer.headers['content-type'] ?? 'application/json'),
        body: answer.body,
        queryError: answer.headers['x-amzn-query-error']?.toString().split(';')[0],
      };
    },
    close: async () => {
      await app.close();
      objects.close();
      persistence.close();
    },
  };
}

/** Whatever was in flight was held by the sandboxes of a hub that is no more. */
function releaseInFlight(directory: string): void {
  const path = join(directory, 'fauxqs.db');
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path);
  const hasTable = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sqs_messages'").get();
  if (hasTable !== undefined) {
    database.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  }
  database.close();
}

interface Persistence {
  readonly db: DatabaseSync;
  loadSqsAndSns(sqs: SqsStore, sns: SnsStore): void;
  updateMessageReady: (messageId: string) => void;
  close(): void;
}
interface ObjectFiles {
  loadS3(store: S3Store): void;
  close(): void;
}
interface Parts extends Pick<Fauxqs, 'sendMessage' | 'sendMessageBatch' | 'receiveMessage'> {
  readonly SqsStore: new () => SqsStore;
  readonly SnsStore: new () => SnsStore;
  readonly S3Store: new () => S3Store;
  readonly PersistenceManager: new (directory: string) => Persistence;
  readonly FileS3Persistence: new (directory: string) => ObjectFiles;
}

async function parts(): Promise<Parts> {
  const files = [
    'sqs/sqsStore.js',
    'sns/snsStore.js',
    's3/s3Store.js',
    'persistence.js',
    's3/fileS3Persistence.js',
    'sqs/actions/sendMessage.js',
    'sqs/actions/sendMessageBatch.js',
    'sqs/actions/receiveMessage.js',
  ];
  const base = import.meta.resolve('fauxqs');
  const modules = await Promise.all(files.map((file) => import(new URL(file, base).href)));
  return Object.assign({}, ...modules);
}
