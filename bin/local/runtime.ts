import { join } from 'node:path';
import type { Pace } from '../../lib/constructs/pace.ts';
import { bucketCors, corsRulesOf } from './aws/cors.ts';
import { type AwsEndpoint, startAwsEndpoint } from './aws/endpoint.ts';
import { localPaths } from './aws/local-paths.ts';
import { presignedRequests } from './aws/presigned.ts';
import { startExpiry } from './dynamodb/expiry.ts';
import { type DynamoDbServer, startDynamoDb } from './dynamodb/server.ts';
import { createTables, type TableProperties } from './dynamodb/tables.ts';
import { awsEnvironment, localSecrets } from './environment.ts';
import { type HttpFront, startHttpFront } from './http-api/front.ts';
import { startAsynchronousInvoker } from './lambda/asynchronous.ts';
import { invokeApi } from './lambda/invoke-api.ts';
import { createPool, type Pool } from './lambda/pool.ts';
import { type Logs, openLogs } from './logs.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { scheduleLists } from './schedules/list-api.ts';
import { type Schedules, startSchedules } from './schedules/schedules.ts';
import { type Fauxqs, openFauxqs } from './sqs/fauxqs.ts';
import { queueLists } from './sqs/listing.ts';
import { type MoveTasks, moveTasks } from './sqs/move-tasks.ts';
import { startPoller } from './sqs/poller.ts';
import { createQueues, type Queues } from './sqs/queues.ts';
import type { Stack } from './template/assembly.ts';
import { type Deployment, readDeployment } from './template/deployment.ts';
import { targetDelivery } from './wiring/delivery.ts';
import { asynchronousTargetsOf, schedulesOf } from './wiring/events.ts';
import { functionsOf } from './wiring/functions.ts';
import { type Invoke, invokerOf } from './wiring/invoke.ts';
import { backgroundFunctionsOf, createQueuesOf, queueMappingsOf } from './wiring/queues.ts';
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
  /** Fulfils when the database ends by itself: nothing can go on without it. */
  readonly databaseLost: Promise<void>;
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
const PACES: readonly Pace[] = ['live', 'background'];

interface Parts {
  readonly options: RuntimeOptions;
  readonly front: HttpFront;
  readonly aws: AwsEndpoint;
  readonly fauxqs: Fauxqs;
  readonly queues: Queues;
  readonly moving: MoveTasks;
  readonly dynamoDb: DynamoDbServer;
  readonly logs: Logs;
  readonly metrics: Metrics;
  /** What functions are told of AWS. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Everything a deployment stands on, listening; then `deploy` puts the stacks onto it. */
export async function startGrounds(options: RuntimeOptions): Promise<Grounds> {
  const parts = await openParts(options);
  const { front, aws, fauxqs, dynamoDb, logs, moving } = parts;
  const stopping: (() => Promise<unknown>)[] = [];
  return {
    publicUrl: `http://127.0.0.1:${front.port}`,
    awsUrl: aws.url,
    dynamoDbUrl: dynamoDb.url,
    databaseLost: dynamoDb.lost,
    deploy: (stacks, issuer) => deploy(parts, stacks, issuer, stopping),
    close: async () => {
      moving.stop();
      await Promise.all(stopping.map((stop) => stop()));
      await Promise.all([front.close(), aws.close()]);
      await Promise.all([fauxqs.close(), dynamoDb.close(), logs.close()]);
    },
  };
}

async function openParts(options: RuntimeOptions): Promise<Parts> {
  const { dataDir } = options;
  const front = await startHttpFront(options.port);
  const aws = await startAwsEndpoint(options.awsPort);
  const [fauxqs, dynamoDb] = await Promise.all([
    openFauxqs(join(dataDir, 'queues')),
    startDynamoDb(join(dataDir, 'dynamodb')),
  ]);
  const queues = createQueues(fauxqs);
  const logs = openLogs(join(dataDir, 'logs'));
  const { tap = async (url) => url } = options;
  const [awsSeen, dynamoDbSeen] = await Promise.all([tap(aws.url), tap(dynamoDb.url)]);
  return {
    options,
    front,
    aws,
    fauxqs,
    queues,
    moving: moveTasks(queues),
    dynamoDb,
    logs,
    metrics: createMetrics(),
    environment: awsEnvironment(awsSeen, dynamoDbSeen),
  };
}

async function deploy(
  parts: Parts,
  stacks: readonly Stack[],
  issuer: Readonly<Record<string, string>>,
  stopping: (() => Promise<unknown>)[],
): Promise<Runtime> {
  const { options, front, aws, fauxqs, queues, dynamoDb } = parts;
  const { maxConcurrency = 4 } = options;
  const urls = { awsUrl: aws.url, publicUrl: `http://127.0.0.1:${front.port}` };
  const deployment = readDeployment(stacks, urls);
  const pools = poolsOf(deployment, parts, issuer);
  const invoke = invokerOf(pools);
  const onlyBackground = backgroundFunctionsOf(deployment);
  // All that the templates can get wrong is read before anything starts.
  const routes = routesOf(deployment, invoke);
  const mappings = queueMappingsOf(deployment, invoke, maxConcurrency);
  createQueuesOf(deployment, queues);
  createBucketsAndTopics(deployment, fauxqs);
  const tables = deployment.ofType<TableProperties>('AWS::DynamoDB::Table');
  await createTables(dynamoDb.call, tables);

  const later = asynchronousInvokerOf(deployment, invoke, parts);
  const deliver = targetDelivery(later, queues);
  const schedules = startSchedules(schedulesOf(deployment, deliver.scheduled));
  const expiry = startExpiry(dynamoDb.call, tables);
  const services = servicesOf(deployment, options.dataDir, deliver.event);
  aws.serve({
    fauxqs,
    queues,
    services: { ...services, ...parts.moving.operations, ...queueLists(queues) },
    paths: [
      invokeApi(
        pools.filter(({ pace }) => pace === 'live').map(({ spec }) => spec),
        invoke,
        later,
      ),
      scheduleLists(deployment),
      localPaths({ ...parts, schedules, pools }),
      bucketCors(corsRulesOf(deployment)),
      presignedRequests({
        fauxqs,
        secretOf: localSecrets(pools.map(({ spec }) => spec.name)),
        now: Date.now,
      }),
    ],
    dynamoDbUrl: dynamoDb.url,
  });
  const pollers = mappings.map((mapping) => startPoller(mapping, queues));
  front.serve(routes);
  void warmUp(pools.filter(({ spec, pace }) => onlyBackground.has(spec.name) === (pace === 'background')));
  stopping.push(async () => {
    expiry.stop();
    schedules.stop();
    await stopWithGrace([later, ...pollers], pools);
  });
  return { deployment, queues, metrics: parts.metrics, schedules, invoke, pools };
}

function poolsOf(
  deployment: Deployment,
  { environment, metrics, logs, options }: Parts,
  issuer: Readonly<Record<string, string>>,
): readonly Pool[] {
  const specs = functionsOf(deployment, environment, issuer);
  const maxConcurrency = options.maxConcurrency ?? 4;
  return specs.flatMap((spec) => {
    const line = (text: string): void => {
      metrics.take(text);
      logs.write(spec.name, text);
    };
    return PACES.map((pace) => createPool(spec, { maxConcurrency, pace }, { line }));
  });
}

function asynchronousInvokerOf(deployment: Deployment, invoke: Invoke, { queues, logs, options }: Parts) {
  return startAsynchronousInvoker({
    queues,
    targets: asynchronousTargetsOf(deployment, invoke),
    retryDelaysSeconds: options.asyncRetryDelaysSeconds ?? [60, 120],
    onLost: (name, result) =>
      logs.write('hub', `an event of ${name} was given up: ${JSON.stringify(result)}`),
  });
}

/** One after the other, so that what is asked for at once still has a core. */
async function warmUp(pools: readonly Pool[]): Promise<void> {
  for (const pool of pools) await pool.warm();
}

async function stopWithGrace(
  consumers: readonly { stop(): Promise<void> }[],
  pools: readonly Pool[],
): Promise<void> {
  const stopped = Promise.all(consumers.map((consumer) => consumer.stop()));
  await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
  await Promise.all(pools.map((pool) => pool.close()));
  await stopped;
}
