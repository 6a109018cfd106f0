import { setTimeout } from 'node:timers/promises';
import type { Platform } from '../../ports/index.ts';
import { eventBridgeBus } from './bus.ts';
import { checkEnvironment, type Environment, queueUrls, required } from './environment.ts';
import { kmsKeys } from './keys.ts';
import { sqsQueues } from './queues.ts';
import { secretsManager } from './secrets.ts';
import { secretsManagerWriter } from './secrets-writer.ts';
import { dynamoStore } from './store.ts';
import { systemClock, systemRandom } from './system.ts';
import { powertools } from './telemetry.ts';

/** AWS as every function but the inbound ones sees it. Reads an environment name when its part is first asked for. */
export function aws(environment: Environment = process.env): Platform {
  checkEnvironment(environment);
  const [clock, random] = [systemClock, systemRandom];
  const of = (name: string) => required(environment, name);
  const store = (name: string) => once(() => dynamoStore({ table: of(name), clock, random }));
  const records = store('RECORDS_TABLE');
  const connections = store('CONNECTIONS_TABLE');
  const limits = store('LIMITS_TABLE');
  const audit = store('AUDIT_TABLE');
  const telemetry = once(powertools);
  const queues = once(() => sqsQueues({ random, ...urls(environment) }));
  const bus = once(() => eventBridgeBus({ busName: of('EVENT_BUS_NAME') }));
  const keys = once(() => kmsKeys({ keyArn: of('KEY_ARN') }));
  const secrets = once(() => secretsManager({ prefix: of('SECRETS_PREFIX'), clock }));
  const writer = once(() =>
    secretsManagerWriter({ prefix: of('SECRETS_PREFIX'), keyArn: environment.SECRETS_KEY_ARN }),
  );
  return {
    clock,
    random,
    get telemetry() {
      return telemetry();
    },
    get queues() {
      return queues();
    },
    get bus() {
      return bus();
    },
    get keys() {
      return keys();
    },
    get secrets() {
      return secrets();
    },
    get secretsWriter() {
      return writer();
    },
    stores: {
      get records() {
        return records();
      },
      get connections() {
        return connections();
      },
      get limits() {
        return limits();
      },
      get audit() {
        return audit();
      },
    },
    pause: (ms) => setTimeout(ms),
    isLocal: environment.LOCAL_MODE === '1',
    settings: environment.HUB_SETTINGS,
    get publicUrl() {
      return of('PUBLIC_URL').replace(/\/$/, '');
    },
  };
}

function urls(environment: Environment) {
  return {
    changesUrl: environment.CHANGES_QUEUE_URL,
    deltasUrl: environment.DELTAS_QUEUE_URL,
    backfillUrl: environment.BACKFILL_QUEUE_URL,
    jobUrls: environment.JOB_QUEUE_URLS === undefined ? {} : queueUrls(environment, 'JOB_QUEUE_URLS'),
    fileUrls: environment.FILE_QUEUE_URLS === undefined ? {} : queueUrls(environment, 'FILE_QUEUE_URLS'),
    workUrls: environment.WORK_QUEUE_URLS === undefined ? {} : queueUrls(environment, 'WORK_QUEUE_URLS'),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
