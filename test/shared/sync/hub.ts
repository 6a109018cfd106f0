import type { ConnectionId, ExternalId, InboxId, OrganizationId } from '../../../shared/domain/index.ts';
import type {
  Connection,
  EngineDeps,
  Integration,
  Observation,
  RemoteChange,
  WorkMessage,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import { accept, createEngine, type Rules, standardRules } from '../../../shared/sync/index.ts';
import {
  memoryConnections,
  memoryQueues,
  memorySealer,
  memoryStore,
  recordedAudit,
  recordedBus,
  recordedTelemetry,
  seededRandom,
  virtualClock,
} from '../../memory/index.ts';
import { manifestOf } from '../../simulation/vendor/manifest.ts';
import { mappingOf } from '../../simulation/vendor/mapping.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';

export const ACME = 'acme' as OrganizationId;
export const [LEFT, RIGHT] = ['left' as ConnectionId, 'right' as ConnectionId];
const RECEIVE_LIMIT = 50;

/** Two connectors of one organization; what the right one answers is the test's to say. */
export function hubOf(answer: (change: RemoteChange) => WriteOutcome, rules: Partial<Rules> = {}) {
  const clock = virtualClock();
  const queues = memoryQueues({ clock });
  const [bus, telemetry, audit] = [recordedBus(), recordedTelemetry(), recordedAudit()];
  const deps: EngineDeps = {
    clock,
    queues,
    store: memoryStore({ clock }),
    sealer: memorySealer(),
    random: seededRandom(3, clock),
    bus,
    connections: memoryConnections([LEFT, RIGHT].map(connectionOf)),
    telemetry,
    audit,
    integrations: (id) => ({
      manifest: manifestOf(id, SALESFORCE_LIKE),
      mapping: mappingOf(SALESFORCE_LIKE),
    }),
  };
  const engine = createEngine(deps, { ...standardRules, ...rules });
  const written: RemoteChange[] = [];
  const port: Integration = {
    check: async () => ({ state: 'healthy', account: 'a' }),
    read: async () => ({ state: 'absent' }),
    write: async (change) => {
      written.push(change);
      return answer(change);
    },
  };
  let told = 0;

  async function keep(body: unknown): Promise<InboxId> {
    told += 1;
    const eventId = `event-${told}`;
    await accept(deps, {
      organization: ACME,
      connection: LEFT,
      eventId,
      group: 'case-1',
      contentType: 'application/json',
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      lane: 'changes',
      receivedAtMs: clock.now(),
      redeliveryMs: 1_000,
    });
    return eventId as InboxId;
  }
  async function observe(inbox: InboxId): Promise<void> {
    await engine.observe({ type: 'change', organization: ACME, connection: LEFT, inbox });
  }
  async function hear(seen: Partial<Observation>): Promise<InboxId> {
    const object = { authorship: 'other', atMs: clock.now(), isComplete: true, ...seen };
    const inbox = await keep({ type: 'changed', objects: [object] });
    await observe(inbox);
    return inbox;
  }
  async function work(): Promise<void> {
    for (let received = 0; received < RECEIVE_LIMIT; received += 1) {
      const message = queues.work(RIGHT).receive<WorkMessage>() ?? queues.work(LEFT).receive<WorkMessage>();
      if (message === undefined) return;
      await engine.reconcile(message.body, port, clock.now() + 30_000);
      queues.work(message.body.connection).delete(message.receipt);
    }
  }
  return { deps, engine, clock, queues, bus, telemetry, audit, written, keep, observe, hear, work };
}

const connectionOf = (id: ConnectionId): Connection => ({
  id,
  organization: ACME,
  integration: id,
  name: id,
  baseUrl: 'https://vendor.example',
  state: { kind: 'active' },
  settings: {},
  createdAtMs: 0,
});

export const CASE = {
  kind: 'ticket',
  externalId: 'case-1' as ExternalId,
  version: { source: 'any', value: 1 },
  fields: { subject: 'printer', description: 'it burns', status: 'S1', priority: 'P2', requester: null },
} as const;
