import { join } from 'node:path';
import { startAwsEndpoint } from './aws/endpoint.ts';
import { localPaths } from './aws/local-paths.ts';
import { removeExpired } from './dynamodb/expiry.ts';
import { type DynamoDbServer, startDynamoDb } from './dynamodb/server.ts';
import { createTables, type TableProperties } from './dynamodb/tables.ts';
import { awsEnvironment } from './environment.ts';
import { startHttpFront } from './http-api/front.ts';
import { startAsynchronousInvoker } from './lambda/asynchronous.ts';
import { invokeApi } from './lambda/invoke-api.ts';
import { createPool, type Pool } from './lambda/pool.ts';
import { openLogs } from './logs.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Schedules, startSchedules } from './schedules/schedules.ts';
import { openFauxqs } from './sqs/fauxqs.ts';
import { moveTasks } from './sqs/move-tasks.ts';
import { startPoller } from './sqs/poller.ts';
import { createQueues, type Queues } from './sqs/queues.ts';
import type { Stack } from './template/assembly.ts';
import { type Deployment, readDeployment } from './template/deployment.ts';
import { targetDelivery } from './wiring/delivery.ts';
import { asynchronousTargetsOf, schedulesOf } from './wiring/events.ts';
import { functionsOf } from './wiring/functions.ts';
import { type Invoke, invokerOf } from './wiring/invoke.ts';
import { createQueuesOf, queueMappingsOf } from './wiring/queues.ts';
import { routesOf } from './wiring/routes.ts';
import { createBucketsAndTopics, servicesOf } from './wiring/services.ts';

export interface RuntimeOptions {
  readonly dataDir: string;
  /** Of the HTTP API; 0 takes a free one. */
  readonly port: number;
  /** Of the emulated AWS services; 0 takes a free one. */
  readonly awsPort?: number;
  /** Sandboxes of one function at the same time, at most. */
  readonly maxConcurrency?: number;
  /** Before the first and the second retry of an asynchronous invocation. */
  readonly asyncRetryDelaysSeconds?: readonly number[];
  /** Given an AWS endpoint, the one functions shall use instead: what passes it can be counted. */
  readonly tap?: (url: string) => Promise<string>;
}

/** Where the parts answer; known before any template is read, since templates are resolved with it. */
export interface Grounds {
  readonly publicUrl: string;
  readonly awsUrl: string;
  readonly dynamoDbUrl: string;
  /** Deploys the stacks; `issuer` is what functions with a public side are told of the issuer. */
  deploy(stacks: readonly Stack[], issuer: Readonly<Record<string, string>>): Promise<Runtime>;
  close(): Promise<void>;
}

export interface Runtime {
  readonly deployment: Deployment;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly schedules: Schedules;
  readonly invoke: Invoke;
  readonly pools: readonly Pool[];
}

/** A running function may finish for this long when the hub stops; its message would only come back later. */
const graceMs = 3_000;
const expiryEveryMs = 60_000;

/** Everything a deployment stands on, listening; then `deploy` puts the stacks onto it. */
export async function startGrounds(options: RuntimeOptions): Promise<Grounds> {
  const { dataDir, maxConcurrency = 4, asyncRetryDelaysSeconds = [60, 120] } = options;
  const front = await startHttpFront(options.port);
  const aws = await startAwsEndpoint(options.awsPort);
  const [fauxqs, dynamoDb] = await Promise.all([
    openFauxqs(join(dataDir, 'queues')),
    startDynamoDb(join(dataDir, 'dynamodb')),
  ]);
  const tap = options.tap ?? (async (url: string) => url);
  const [awsSeen, dynamoDbSeen] = await Promise.all([tap(aws.url), tap(dynamoDb.url)]);
  const queues = createQueues(fauxqs);
  const logs = openLogs(join(dataDir, 'logs'));
  const metrics = createMetrics();
  const moving = moveTasks(queues);
  const stopping: (() => Promise<void> | void)[] = [];
  let pools: readonly Pool[] = [];
  const publicUrl = `http://127.0.0.1:${front.port}`;

  async function deploy(
    stacks: readonly Stack[],
    issuer: Readonly<Record<string, string>>,
  ): Promise<Runtime> {
    const deployment = readDeployment(stacks, { awsUrl: awsSeen, publicUrl });
    createQueuesOf(deployment, queues);
    createBucketsAndTopics(deployment, fauxqs);
    await keepTables(deployment, dynamoDb, stopping);
    const specs = functionsOf(deployment, awsEnvironment(awsSeen, dynamoDbSeen), issuer);
    pools = specs.map((spec) =>
      createPool(spec, maxConcurrency, {
        line: (line) => {
          metrics.take(line);
          logs.write(spec.name, line);
        },
      }),
    );
    const invoke = invokerOf(pools);
    const later = startAsynchronousInvoker({
      queues,
      targets: asynchronousTargetsOf(deployment, invoke),
      retryDelaysSeconds: asyncRetryDelaysSeconds,
      onLost: (name, result) =>
        logs.write('hub', `an event of ${name} was given up: ${JSON.stringify(result)}`),
    });
    const deliver = targetDelivery(later, queues);
    const schedules = startSchedules(schedulesOf(deployment, deliver.scheduled));
    aws.serve({
      fauxqs,
      queues,
      services: { ...servicesOf(deployment, dataDir, deliver.event), ...moving.operations },
      paths: [
        invokeApi(
          specs.map(({ name }) => name),
          invoke,
          later,
        ),
        localPaths({ metrics, schedules, queues, pools }),
      ],
      dynamoDbUrl: dynamoDb.url,
    });
    const pollers = queueMappingsOf(deployment, invoke, maxConcurrency).map((mapping) =>
      startPoller(mapping, queues),
    );
    front.serve(routesOf(deployment, invoke));
    void warmUp(pools);
    stopping.push(schedules.stop, later.stop, ...pollers.map((poller) => poller.stop));
    return { deployment, queues, metrics, schedules, invoke, pools };
  }

  return {
    publicUrl,
    awsUrl: aws.url,
    dynamoDbUrl: dynamoDb.url,
    deploy,
    close: async () => {
      moving.stop();
      const stopped = Promise.all(stopping.map((stop) => stop()));
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      await Promise.all(pools.map((pool) => pool.close()));
      await stopped;
      await Promise.all([front.close(), aws.close()]);
      await Promise.all([fauxqs.close(), dynamoDb.close(), logs.close()]);
    },
  };
}

/** One after the other, so that what is asked for at once still has a core. */
async function warmUp(pools: readonly Pool[]): Promise<void> {
  for (const pool of pools) await pool.warm();
}

async function keepTables(
  deployment: Deployment,
  dynamoDb: DynamoDbServer,
  stopping: (() => void)[],
): Promise<void> {
  const tables = deployment.ofType<TableProperties>('AWS::DynamoDB::Table');
  await createTables(dynamoDb.call, tables);
  const timer = setInterval(() => {
    // The next round finds what this one could not.
    removeExpired(dynamoDb.call, tables, Date.now()).catch(() => undefined);
  }, expiryEveryMs);
  stopping.push(() => clearInterval(timer));
}
