import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll } from 'vitest';
import { eventBridgeBus } from '../../shared/adapters/aws/bus.ts';
import { lean } from '../../shared/adapters/aws/client-settings.ts';
import { kmsKeys } from '../../shared/adapters/aws/keys.ts';
import { secretsManager } from '../../shared/adapters/aws/secrets.ts';
import { secretsManagerWriter } from '../../shared/adapters/aws/secrets-writer.ts';
import {
  createDirectory,
  createRegister,
  secretsSealer,
  storeAudit,
  storeAuditTrail,
} from '../../shared/connections/index.ts';
import type { OrganizationId } from '../../shared/domain/index.ts';
import type { Connection } from '../../shared/ports/index.ts';
import {
  memoryConnections,
  memorySealer,
  memoryStore,
  recordedAudit,
  recordedBus,
  seededRandom,
  virtualClock,
} from '../memory/index.ts';
import { memoryKeys, memoryPlatform, memorySecretsVault } from '../memory/platform.ts';
import { type Emulators, KEY_ARN, startEmulators } from '../shared/adapters/aws/emulators.ts';
import {
  describeAudit,
  describeBus,
  describeConnections,
  describeKeys,
  describeSealer,
  describeSecrets,
} from './ports.ts';

let emulators: Emulators;
let worlds = 0;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

describeSealer('in memory', async () => memorySealer());
describeSealer('of the connection’s secret', async () => {
  const key = (fill: number) => ({ bodyKey: Buffer.alloc(32, fill).toString('base64') });
  return secretsSealer({ get: async (connection) => key(connection === 'c1' ? 1 : 2) });
});

describeKeys('in memory', async () => memoryKeys());
describeKeys('on KMS', async () =>
  kmsKeys({ keyArn: KEY_ARN, client: lean(new KMSClient(emulators.client)) }),
);

describeSecrets('in memory', async () => memorySecretsVault());
describeSecrets('on Secrets Manager', async () => {
  worlds += 1;
  const prefix = `deskbridge/test-${worlds}/`;
  const client = new SecretsManagerClient(emulators.client);
  // The cache is a minute old at each look.
  const clock = virtualClock();
  const secrets = secretsManager({
    prefix,
    clock: {
      now() {
        clock.advance(60_000);
        return clock.now();
      },
    },
    client,
  });
  return { ...secrets, ...secretsManagerWriter({ prefix, keyArn: KEY_ARN, client }) };
});

const request = (organization: OrganizationId) => ({
  organization,
  integration: 'model',
  name: 'Model',
  baseUrl: 'https://vendor.example',
  settings: {},
  state: { kind: 'active' } as const,
});

describeConnections('in memory', async () => {
  const connections = memoryConnections();
  let made = 0;
  return {
    connections,
    async add(organization) {
      made += 1;
      const connection = { ...request(organization), id: `c${made}`, createdAtMs: made } as Connection;
      connections.put(connection);
      return connection;
    },
    async remove(connection) {
      connections.put({ ...connection, state: { kind: 'removed', sinceMs: 1 } });
    },
  };
});
describeConnections('in the store', async () => {
  const { stores, clock, random, bus } = memoryPlatform();
  const audit = recordedAudit();
  const register = createRegister({ store: stores.connections, clock, random, audit, bus });
  return {
    connections: createDirectory({ store: stores.connections, clock }),
    add: (organization) => register.create(request(organization), 'user:ann'),
    remove: (connection) => register.remove(connection, { actor: 'user:ann' }),
  };
});

describeAudit('recorded', async () => {
  const audit = recordedAudit();
  return {
    audit,
    entries: async (of) => audit.entries.filter(({ organization }) => organization === of),
  };
});
describeAudit('in the store', async () => {
  const clock = virtualClock();
  const store = memoryStore({ clock });
  return {
    audit: storeAudit({ store, random: seededRandom(1, clock) }),
    entries: async (of) =>
      [...(await storeAuditTrail(store).page(of as OrganizationId, { limit: 100 })).items].reverse(),
  };
});

describeBus('recorded', async () => {
  const bus = recordedBus();
  return { bus, arrived: async () => bus.events.map(({ id }) => id) };
});
describeBus('on EventBridge', async () => {
  emulators.events.length = 0;
  const client = new EventBridgeClient(emulators.client);
  const idOf = ({ detail }: Record<string, unknown>) => (detail as { id: string }).id;
  return { bus: eventBridgeBus({ busName: 'hub', client }), arrived: async () => emulators.events.map(idOf) };
});
