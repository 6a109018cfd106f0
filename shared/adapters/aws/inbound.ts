import type { InboundPlatform } from '../../ports/index.ts';
import { checkEnvironment, type Environment, required } from './environment.ts';
import { sqsQueues } from './queues.ts';
import { secretsManager } from './secrets.ts';
import { dynamoStore } from './store.ts';
import { systemClock, systemRandom } from './system.ts';
import { powertools } from './telemetry.ts';

/** AWS as inbound functions see it: three clients, no more. */
export function aws(environment: Environment = process.env): InboundPlatform {
  checkEnvironment(environment);
  const [clock, random] = [systemClock, systemRandom];
  const store = (name: string) => dynamoStore({ table: required(environment, name), clock, random });
  return {
    clock,
    random,
    telemetry: powertools(),
    stores: { records: store('RECORDS_TABLE'), connections: store('CONNECTIONS_TABLE') },
    secrets: secretsManager({ prefix: required(environment, 'SECRETS_PREFIX'), clock }),
    queues: sqsQueues({
      random,
      changesUrl: required(environment, 'CHANGES_QUEUE_URL'),
      deltasUrl: undefined,
      backfillUrl: undefined,
      jobUrls: {},
      fileUrls: {},
      workUrls: {},
    }),
  };
}
