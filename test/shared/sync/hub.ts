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
import {
  accept,
  createEngine,
  type InboxRow,
  type ParkedWork,
  type Root,
  type Rules,
  standardRules,
} from '../../../shared/sync/index.ts';
import {
  type MemoryStore,
  memoryConnections,
  memoryContent,
  memoryQueues,
  memoryRecords,
  memorySealer,
  recordedAudit,
  recordedBus,
  recordedTelemetry,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '../../memory/index.ts';
import { manifestOf } from '../../simulation/vendor/manifest.ts';
import { mappingOf } from '../../simulation/vendor/mapping.ts';
import { type Profile, SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';

export const ACME = 'acme' as OrganizationId;
export const [LEFT, RIGHT] = ['left' as ConnectionId, 'right' as ConnectionId];
const RECEIVE_LIMIT = 50;
const WAIT_MS = 5_000;
export const FILES_LIVE_MS = 900_000;

/** A system connected under its name; what it answers is the test's to say. */
export interface Site {
  readonly profile: Profile;
  readonly port: Omit<Integration, 'check'>;
}

/** The systems of one organization over one engine, all in memory. Events come from the first unless told. */
export function hubOver(
  sites: Readonly<Record<string, Site>>,
  rules: Partial<Rules> = {},
  storeOf: (clock: VirtualClock) => MemoryStore = (clock) => memoryRecords({ clock }),
) {
  const clock = virtualClock();
  const queues = memoryQueues({ clock });
  const [bus, telemetry, audit] = [recordedBus(), recordedTelemetry(), recordedAudit()];
  const ids = Object.keys(sites) as ConnectionId[];
  const first = ids[0]!;
  const deps: EngineDeps & { readonly store: MemoryStore } = {
    clock,
    queues,
    store: storeOf(clock),
    sealer: memorySealer(),
    random: seededRandom(3, clock),
    bus,
    connections: memoryConnections(ids.map(connectionOf)),
    telemetry,
    audit,
    integrations: (id) => {
      const profile = sites[id]?.profile;
      return profile && { manifest: manifestOf(id, profile), mapping: mappingOf(profile) };
    },
  };
  const contents = memoryContent();
  const engine = createEngine(deps, { ...standardRules, ...rules });
  let told = 0;

  async function keep(body: unknown, connection = first): Promise<InboxId> {
    told += 1;
    const eventId = `event-${told}`;
    await accept(deps, {
      organization: ACME,
      connection,
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
  async function observe(inbox: InboxId, connection = first): Promise<void> {
    await engine.observe({ type: 'change', organization: ACME, connection, inbox });
  }
  async function hear(seen: Partial<Observation>, connection = first): Promise<InboxId> {
    const object = { authorship: 'other', atMs: clock.now(), isComplete: true, ...seen };
    const inbox = await keep({ type: 'changed', objects: [object] }, connection);
    await observe(inbox, connection);
    return inbox;
  }
  function receive() {
    for (const id of ids.toReversed()) {
      for (const queue of [queues.work(id), queues.files(id)]) {
        const message = queue.receive<WorkMessage>();
        if (message !== undefined) return { ...message, done: () => queue.delete(message.receipt) };
      }
    }
    return undefined;
  }
  async function workNow(): Promise<void> {
    for (let received = 0; received < RECEIVE_LIMIT; received += 1) {
      const message = receive();
      if (message === undefined) return;
      const { connection } = message.body;
      const check = async () => ({ state: 'healthy', account: 'a' }) as const;
      const livesMs = message.body.type === 'transfer' ? FILES_LIVE_MS : 30_000;
      const integration = { check, ...sites[connection]!.port };
      await engine.reconcile(message.body, integration, clock.now() + livesMs, contents);
      message.done();
    }
  }
  /** Until nothing is due within the time. */
  async function work(forMs = 0): Promise<void> {
    for (const untilMs = clock.now() + forMs; ; clock.advance(WAIT_MS)) {
      await workNow();
      if (clock.now() >= untilMs) return;
    }
  }
  return { deps, contents, engine, clock, queues, bus, telemetry, audit, keep, observe, hear, work };
}

/** Two connectors, of which both answer writes the same and hold nothing that can be read. */
export function hubOf(answer: (change: RemoteChange) => WriteOutcome, rules: Partial<Rules> = {}) {
  const written: RemoteChange[] = [];
  const port: Site['port'] = {
    read: async () => ({ state: 'absent' }),
    write: async (change) => {
      written.push(change);
      return answer(change);
    },
  };
  const site: Site = { profile: SALESFORCE_LIKE, port };
  return { ...hubOver({ [LEFT]: site, [RIGHT]: site }, rules), written };
}
export type Hub = ReturnType<typeof hubOf>;

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

/** A write that is taken as it is. */
export const settled = (change: RemoteChange): WriteOutcome => ({
  outcome: 'settled',
  version: { source: 'any', value: 1 },
  externalId: ('externalId' in change ? change.externalId : `made-${change.record}`) as ExternalId,
});

export async function rowsOf(hub: Pick<Hub, 'deps'>): Promise<readonly InboxRow[]> {
  const { items } = await hub.deps.store.page<InboxRow>(`${ACME}#inbox#${LEFT}`, { limit: 100 });
  return items.map(({ data }) => data);
}

export async function ticketOf(hub: Pick<Hub, 'deps'>): Promise<Root> {
  const { items } = await hub.deps.store.page<Root>(`${ACME}#tickets`, { limit: 10 });
  return items[0]!.data;
}

export async function parkedOf(hub: Pick<Hub, 'deps'>): Promise<readonly ParkedWork[]> {
  const { items } = await hub.deps.store.page<ParkedWork>(`${ACME}#parked`, { limit: 10 });
  return items.map(({ data }) => data);
}

/** As a person does it through the hub's own API. */
export async function edited(
  hub: Pick<Hub, 'deps' | 'engine'>,
  fields: Record<string, string>,
  idempotencyKey = 'key-1',
) {
  return hub.engine.edit({
    organization: ACME,
    root: (await ticketOf(hub)).id,
    actor: 'user:1',
    idempotencyKey,
    edit: { edit: 'fields', fields },
  });
}

export const CASE = {
  kind: 'ticket',
  externalId: 'case-1' as ExternalId,
  version: { source: 'any', value: 1 },
  fields: { subject: 'printer', description: 'it burns', status: 'S1', priority: 'P2', requester: null },
} as const;

/** A public comment of that case's. */
export const NOTE = {
  kind: 'comment',
  externalId: 'note-1' as ExternalId,
  rootExternalId: CASE.externalId,
  visibility: 'public',
  fields: { body: 'it burns' },
} as const;
