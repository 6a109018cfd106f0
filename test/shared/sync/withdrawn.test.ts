import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, InboxId, OrganizationId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type {
  Connection,
  EngineDeps,
  Integration,
  Observation,
  RemoteChange,
  WorkMessage,
} from '../../../shared/ports/index.ts';
import { accept, createEngine } from '../../../shared/sync/index.ts';
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
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';

const ORGANIZATION = 'acme' as OrganizationId;
const PROFILES = { chat: SLACK_LIKE, desk: SALESFORCE_LIKE } as const;
type Place = keyof typeof PROFILES;

const ROOT = { chat: 'thread-1' as ExternalId, desk: 'case-1' as ExternalId };
const NOTE = 'note-1' as ExternalId;

/** A thread in a channel with its case in a connector; what is said to the channel never arrives there. */
async function desks() {
  const clock = virtualClock();
  const connections = (Object.keys(PROFILES) as Place[]).map(
    (id): Connection => ({
      id: id as string as ConnectionId,
      organization: ORGANIZATION,
      integration: id,
      name: id,
      baseUrl: 'https://vendor.example',
      state: { kind: 'active' },
      settings: {},
      createdAtMs: 0,
    }),
  );
  const queues = memoryQueues({ clock });
  const deps: EngineDeps = {
    clock,
    queues,
    store: memoryStore({ clock }),
    sealer: memorySealer(),
    random: seededRandom(3, clock),
    bus: recordedBus(),
    connections: memoryConnections(connections),
    telemetry: recordedTelemetry(),
    audit: recordedAudit(),
    integrations: (id) =>
      id in PROFILES
        ? { manifest: manifestOf(id, PROFILES[id as Place]), mapping: mappingOf(PROFILES[id as Place]) }
        : undefined,
  };
  const engine = createEngine(deps);
  const said: RemoteChange[] = [];
  const error = new ProviderUnavailableError('the answer was lost');
  const integrations: Record<Place, Pick<Integration, 'write' | 'find' | 'read'>> = {
    chat: {
      find: async () => undefined,
      write: async (change) => {
        said.push(change);
        return { outcome: 'uncertain', error };
      },
    },
    desk: { write: async () => ({ outcome: 'settled', externalId: ROOT.desk }) },
  };
  let told = 0;
  async function hear(place: Place, seen: Partial<Observation>) {
    told += 1;
    const inbox = `event-${told}` as InboxId;
    const connection = place as string as ConnectionId;
    const object = { authorship: 'other', atMs: clock.now(), isComplete: true, ...seen };
    await accept(deps, {
      organization: ORGANIZATION,
      connection,
      eventId: inbox,
      group: ROOT[place],
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify({ type: 'changed', objects: [object] })),
      lane: 'changes',
      receivedAtMs: clock.now(),
      redeliveryMs: 1_000,
    });
    await engine.observe({ type: 'change', organization: ORGANIZATION, connection, inbox });
  }
  async function workOnce(place: Place): Promise<boolean> {
    const message = queues.work(place).receive<WorkMessage>();
    if (message === undefined) return false;
    const port = { check: async () => ({ state: 'healthy', account: 'a' }) as const, ...integrations[place] };
    await engine.reconcile(message.body, port, clock.now() + 30_000);
    queues.work(place).delete(message.receipt);
    return true;
  }
  /** Until nothing is due within the time. */
  async function work(forMs = 0): Promise<void> {
    for (const untilMs = clock.now() + forMs; ; clock.advance(5_000)) {
      while ((await workOnce('desk')) || (await workOnce('chat')));
      if (clock.now() >= untilMs) return;
    }
  }
  return { hear, work, said, clock };
}

let world: Awaited<ReturnType<typeof desks>>;
beforeEach(async () => {
  world = await desks();
  await world.hear('chat', {
    kind: 'ticket',
    externalId: ROOT.chat,
    fields: { description: 'My lamp is dark' },
  });
  await world.work();
});

const note = (visibility: 'public' | 'internal', version: number, body: string) => ({
  kind: 'comment' as const,
  externalId: NOTE,
  rootExternalId: ROOT.desk,
  version: { source: 'stamp', value: version },
  fields: { body },
  visibility,
});
const bodies = () => world.said.map(({ fields }) => fields.body);

describe('reconcile: a doubtful creation in a channel', () => {
  it('is sent again while it may still be said', async () => {
    await world.hear('desk', note('public', 1, 'We are on it'));
    await world.work(120_000);

    expect(new Set(bodies())).toEqual(new Set(['We are on it']));
    expect(bodies().length).toBeGreaterThan(1);
  });

  it('is not sent again once the comment has been made internal (invariant 7)', async () => {
    await world.hear('desk', note('public', 1, 'The customer is wrong'));
    await world.work();
    expect(bodies()).toEqual(['The customer is wrong']);

    await world.hear('desk', note('internal', 2, 'The customer is wrong'));
    await world.work(600_000);

    expect(bodies()).toEqual(['The customer is wrong']);
  });

  it('is not sent again once the comment has been deleted', async () => {
    await world.hear('desk', note('public', 1, 'Oops'));
    await world.work();
    await world.hear('desk', { ...note('public', 2, 'Oops'), fields: {}, life: 'deleted' });
    await world.work(600_000);

    expect(bodies()).toEqual(['Oops']);
  });
});
