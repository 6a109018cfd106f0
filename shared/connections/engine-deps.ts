import type {
  AcceptDeps,
  Connections,
  EngineDeps,
  InboundPlatform,
  Platform,
  Secrets,
  Telemetry,
} from '../ports/index.ts';
import { longValues } from '../sync/index.ts';
import { storeAudit } from './audit.ts';
import { createDirectory, type Directory } from './directory.ts';
import { secretsSealer } from './sealer.ts';

/** The engine's ports on a platform. */
export function engineDeps(
  platform: Platform,
  integrations: EngineDeps['integrations'],
): EngineDeps & { readonly connections: Directory } {
  const { clock, random, telemetry, queues, bus, secrets, stores } = platform;
  return {
    clock,
    random,
    telemetry,
    queues,
    bus,
    integrations,
    store: longValues(stores.records),
    sealer: secretsSealer(secrets),
    connections: createDirectory({ store: stores.connections, clock }),
    audit: storeAudit({ store: stores.audit, random }),
  };
}

/** What keeping an event needs, and no more: this is the cold-start path. */
export interface InboundPorts extends AcceptDeps {
  readonly connections: Pick<Connections, 'byAddress'>;
  readonly secrets: Secrets;
  readonly telemetry: Telemetry;
}

export function inboundPorts(platform: InboundPlatform): InboundPorts {
  const { clock, telemetry, queues, secrets, stores } = platform;
  return {
    clock,
    telemetry,
    queues,
    secrets,
    store: stores.records,
    sealer: secretsSealer(secrets),
    connections: createDirectory({ store: stores.connections, clock }),
  };
}
