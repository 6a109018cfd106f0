import { createDirectory, type Directory, secretsSealer } from '../../shared/connections/index.ts';
import type { ConnectionId, OrganizationId } from '../../shared/domain/index.ts';
import type {
  Clock,
  Connection,
  HubMessage,
  Keys,
  Manifest,
  Mapping,
  MappingDocument,
  Observation,
} from '../../shared/ports/index.ts';
import type { InboxRow } from '../../shared/sync/inbox-row.ts';
import {
  type MemoryContent,
  type MemoryDoor,
  type MemoryQueues,
  type MemoryStore,
  memoryContent,
  memoryDoor,
  memoryQueues,
  memoryRecords,
  type RecordedTelemetry,
  recordedAudit,
  recordedTelemetry,
  type SeededRandom,
  START_MS,
  seededRandom,
} from '../memory/index.ts';
import { memoryKeys, memorySecretsVault } from '../memory/platform.ts';
import { Injector } from './faults.ts';
import type { Ports } from './invocation.ts';
import type { Plan } from './plan.ts';
import { CONTROL, type Safeguard } from './safeguards.ts';
import { Scheduler } from './scheduler.ts';
import { timed } from './store-notes.ts';
import { type Tables, tablesOf } from './tables.ts';
import { type Chronicle, emptyChronicle, type Site } from './truth.ts';
import { manifestOf } from './vendor/manifest.ts';
import { mappingOf } from './vendor/mapping.ts';
import { type Announcement, Vendor } from './vendor/vendor.ts';
import { firstDocument, standardFor } from './worlds/documents.ts';
import { TokenEndpoint } from './worlds/token-endpoint.ts';

/** Secondary indexes lag this much behind. */
const INDEX_LAG_MS = 800;
/** In every sixth history hardly a text stays in its item; the ids do. */
const boundsOf = ({ seed }: Plan) => ({ longOverBytes: seed % 6 === 0 ? 20 : 1_024, itemBytes: 200 * 1_024 });
const BODY_KEY = Buffer.alloc(32, 7).toString('base64');
const WARM_FUNCTIONS = 3;
const VISIBILITY_MS = 180_000;
const MAX_RECEIVES = 5;

/** Everything of one history: the vendors, the hub's platform, and what is noted for the oracles. */
export interface World {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly injector: Injector;
  readonly random: SeededRandom;
  readonly sites: readonly Site[];
  readonly ports: Ports;
  readonly store: MemoryStore;
  readonly queues: MemoryQueues;
  /** As functions that stay warm hold them: each lists connections anew some seconds after it last did. */
  readonly directories: readonly Directory[];
  readonly tables: Tables;
  readonly content: MemoryContent;
  /** Where clients of the hub's API put files. */
  readonly door: MemoryDoor;
  readonly keys: Keys;
  readonly secrets: ReturnType<typeof memorySecretsVault>;
  /** Where vendors' tokens end: who gives out new ones. */
  readonly endpoints: ReadonlyMap<ConnectionId, TokenEndpoint>;
  /** What polls were shown, by the id its row has once settled. */
  readonly pulled: Map<string, Observation>;
  /** When each connection was last asked for all that has changed of a kind, and answered (`pollOf`). */
  readonly polledAtMs: Map<string, number>;
  readonly telemetry: RecordedTelemetry;
  readonly audit: ReturnType<typeof recordedAudit>;
  readonly chronicle: Chronicle;
  readonly catalog: ReadonlyMap<string, { readonly manifest: Manifest; readonly mapping: Mapping }>;
  readonly without: Safeguard | undefined;
  /** Since when each connection has been refused by a limit, or by its vendor, and not been let through since. */
  readonly refusedSinceMs: Map<string, number>;
  /** Whoever will ask again, for what has not been done yet. */
  readonly asking: Set<string>;
  /** Set by the door: a vendor has something to announce. */
  onAnnouncement: (site: number, announcement: Announcement) => void;
  /** Set by the door: a row has been put into the inbox. */
  onRow: (row: InboxRow) => void;
  /** Set by the functions: something has been put into a queue. */
  onSend: () => void;
  /** Set by the polls: another of them may begin. */
  onLeaseLost: () => void;
}

export function worldOf(plan: Plan, without?: Safeguard): World {
  const scheduler = new Scheduler();
  const { clock } = scheduler;
  const random = seededRandom(plan.seed, clock);
  if (without === CONTROL) random.next();
  const injector = new Injector(plan.faults);
  const store = memoryRecords({ clock, lagMs: INDEX_LAG_MS, bounds: boundsOf(plan) });
  const queues = memoryQueues({
    clock,
    random: random.fork(),
    ...(without === 'fairness' ? { groupOf: () => 'everybody' } : {}),
    times: { visibilityMs: VISIBILITY_MS, retentionMs: plan.retentionMs, maxReceives: MAX_RECEIVES },
    onExpired: (body) => {
      injector.count('queue-retention');
      noteFallenOut(chronicle, body as HubMessage, clock);
    },
  });
  const chronicle = emptyChronicle();
  const sites = plan.vendors.map((planned, index): Site => {
    const { organization, profile, sharesWith } = planned;
    const vendor = new Vendor(`v${index}`, profile, clock, (announcement) =>
      world.onAnnouncement(index, announcement),
    );
    return {
      index,
      vendor,
      organization: `org${organization}` as OrganizationId,
      connection: `conn${index}` as ConnectionId,
      integration: `v${sharesWith ?? index}`,
      documents:
        profile.hasDocument === true
          ? [{ document: firstDocument(planned) ?? standardFor(planned.profile), fromMs: clock.now() }]
          : [],
    };
  });
  const tables = tablesOf(
    sites
      .filter(({ index }) => plan.vendors[index]!.connectsAtMs === undefined)
      .map((site) => connectionOf(site, clock.now(), firstDocument(plan.vendors[site.index]!))),
    { clock, lagMs: INDEX_LAG_MS },
  );
  const content = memoryContent();
  const secrets = memorySecretsVault();
  for (const { connection } of sites) void secrets.put(connection, { bodyKey: BODY_KEY });
  const directories = Array.from({ length: WARM_FUNCTIONS }, () =>
    createDirectory({ store: tables.connections, clock }),
  );
  const world: World = {
    plan,
    scheduler,
    injector,
    random,
    sites,
    store,
    queues,
    directories,
    tables,
    secrets,
    content,
    door: memoryDoor(content, clock),
    keys: memoryKeys(),
    endpoints: new Map(
      sites.flatMap(({ connection, vendor, index }) => {
        const { tokens } = plan.vendors[index]!;
        return tokens === undefined ? [] : [[connection, new TokenEndpoint(vendor.id, tokens)] as const];
      }),
    ),
    pulled: new Map(),
    polledAtMs: new Map(),
    chronicle,
    without,
    refusedSinceMs: new Map(),
    asking: new Set(),
    telemetry: recordedTelemetry(),
    audit: recordedAudit(),
    catalog: new Map(
      sites.map(({ integration, vendor: { profile } }) => {
        const isShared = sites.filter((site) => site.integration === integration).length > 1;
        const manifest = manifestOf(integration, profile, isShared ? 'app' : 'connection');
        return [integration, { manifest, mapping: mappingOf(profile) }];
      }),
    ),
    ports: {
      store: timed(store, chronicle, clock, (row) => world.onRow(row)),
      get connections() {
        return random.pick(directories);
      },
      queues: {
        async sendChange(...sent) {
          await queues.sendChange(...sent);
          world.onSend();
        },
        sendWork: (...sent) => queues.sendWork(...sent).then(() => world.onSend()),
        sendJob: (...sent) => queues.sendJob(...sent).then(() => world.onSend()),
      },
      sealer: secretsSealer(secrets),
      bus: {
        publish: async (events) => {
          for (const { id } of events) chronicle.published.add(id);
          return [];
        },
      },
    },
    onAnnouncement: () => undefined,
    onRow: () => undefined,
    onSend: () => undefined,
    onLeaseLost: () => undefined,
  };
  return world;
}

/** An event that its queue no longer holds comes again by the sweeper, behind what stood behind it. */
export function noteFallenOut({ about, fellOut }: Chronicle, message: HubMessage, clock: Clock): void {
  if (message.type !== 'change') return;
  for (const { externalId } of about.get(message.inbox) ?? [])
    if (!fellOut.has(externalId)) fellOut.set(externalId, clock.now());
}

export function connectionOf(
  { organization, connection, integration, vendor }: Site,
  createdAtMs: number,
  mapping?: MappingDocument,
): Connection {
  return {
    id: connection,
    organization,
    integration,
    name: vendor.id,
    baseUrl: `https://${vendor.id}.invalid`,
    state: { kind: 'active' },
    hubUserId: 'hub',
    settings: { announceStatus: vendor.profile.announcesStatus },
    createdAtMs,
    ...(mapping === undefined ? {} : { mapping }),
  };
}

/** Whether a spell of this kind lies over a vendor now. */
export function isUnder(world: World, spell: Plan['spells'][number]['spell'], site: number): boolean {
  const sinceStartMs = world.scheduler.clock.now() - START_MS;
  return world.plan.spells.some(
    (each) =>
      each.spell === spell &&
      each.vendor % world.sites.length === site &&
      each.fromMs <= sinceStartMs &&
      sinceStartMs < each.fromMs + each.forMs,
  );
}

/** How far the clock of the next function is off. */
export function skewOf({ plan, random }: World): number {
  return plan.skewsMs.length === 0 ? 0 : random.pick(plan.skewsMs);
}
