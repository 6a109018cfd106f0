import type { Context, SQSEvent } from 'aws-lambda';
import { adapter as files } from '../../../../functions/connectors/salesforce/adapter/files.ts';
import { adapter } from '../../../../functions/connectors/salesforce/adapter.ts';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import { mapping } from '../../../../functions/connectors/salesforce/mapping.ts';
import { eventRelay } from '../../../../functions/connectors/salesforce/relay.ts';
import { backfiller, backfillsOn, resending } from '../../../../shared/backfill/index.ts';
import {
  createDesk,
  createDirectory,
  createMappingDesk,
  createVitals,
  engineDeps,
  filesWorker,
  observer,
  poller,
  sweeper,
  worker,
} from '../../../../shared/connections/index.ts';
import type {
  ConnectionId,
  Fields,
  JobId,
  OrganizationId,
  RecordId,
} from '../../../../shared/domain/index.ts';
import { type PartnerEvent, partnerInbound } from '../../../../shared/http/receive-event.ts';
import type { EngineDeps, FieldRule, HubEdit } from '../../../../shared/ports/index.ts';
import { createEngine } from '../../../../shared/sync/index.ts';
import { parkedList } from '../../../../shared/sync/keys.ts';
import { createReading } from '../../../../shared/sync/read/index.ts';
import type { ParkedWork } from '../../../../shared/sync/state.ts';
import { virtualClock } from '../../../memory/clock.ts';
import { memoryContent } from '../../../memory/content.ts';
import { memoryPlatform } from '../../../memory/platform.ts';
import type { MemoryQueue } from '../../../memory/queue.ts';
import { type SalesforceSandbox, startSalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { documentWith } from './severity.ts';

const ORGANIZATION = 'org_lamps' as OrganizationId;
const ACTOR = 'user:test';
const CONTEXT = { getRemainingTimeInMillis: () => 30_000 } as Context;
/** A function of files begins nothing that it might have to leave half way. */
const FILES_CONTEXT = { getRemainingTimeInMillis: () => 15 * 60_000 } as Context;
/** Farther ahead than any backoff of the engine's, and than the lifetime of a doubtful request. */
const HORIZON_MS = 10 * 60_000;
const STEP_MS = 20_000;

type Restored = Extract<HubEdit, { edit: 'restore' }>;
type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

/** The hub's own functions between two orgs of one organization, in memory, on one clock with both. */
export async function salesforceHub() {
  const clock = virtualClock();
  const platform = memoryPlatform({ clock, isLocal: true });
  const code = { manifest, adapter, mapping };
  const desk = createDesk(platform, [code]);
  const receive = partnerInbound(manifest, eventRelay, platform);
  const connections = new Map<SalesforceSandbox, ConnectionId>();

  async function connect(orgId: string): Promise<SalesforceSandbox> {
    const org = await startSalesforceSandbox({
      clock,
      orgId,
      eventDelayMs: 0,
      publishEvents: async (entries) => {
        for (const entry of entries) await receive(eventOf(entry), CONTEXT);
      },
    });
    const asked = { organization: ORGANIZATION, actor: ACTOR };
    const created = await desk.create({
      ...asked,
      integration: 'salesforce',
      name: orgId,
      baseUrl: org.url,
      settings: {},
    });
    const { consumerKey, privateKey, username } = org;
    const kept = await platform.secrets.get(created.id);
    await platform.secretsWriter.put(created.id, { ...kept, consumerKey, privateKey, username });
    await desk.begin({ ...asked, connection: created.id });
    connections.set(org, created.id);
    return org;
  }
  const [first, second] = [await connect('00D000000000001'), await connect('00D000000000002')];

  const integrations: EngineDeps['integrations'] = (id) => (id === 'salesforce' ? code : undefined);
  const backfills = backfillsOn(platform);
  const observe = observer(integrations, platform) as Handler;
  const backfill = backfiller(code, integrations, platform) as Handler;
  const contents = memoryContent();
  const carry = filesWorker({ manifest, adapter: files }, integrations, platform, contents) as Handler;
  const consumers: readonly (readonly [MemoryQueue, Handler])[] = [
    [platform.queues.changes, observe],
    [platform.queues.deltas, observe],
    [platform.queues.backfill, observe],
    [platform.queues.jobs('salesforce'), backfill],
    [platform.queues.work('salesforce'), worker(code, integrations, platform) as Handler],
    [platform.queues.files('salesforce'), (event) => carry(event, FILES_CONTEXT)],
  ];
  const deps = engineDeps(platform, integrations);
  const engine = createEngine(deps);
  const vitals = createVitals(platform);
  const reading = createReading({ ...deps, vitals });
  const sweep = sweeper(integrations, platform, [resending(platform)]);
  const poll = poller(code, platform);

  async function drain(): Promise<void> {
    for (let isQuiet = false; !isQuiet; ) {
      await Promise.all([...connections.keys()].map((org) => org.flush()));
      isQuiet = true;
      for (const [queue, handler] of consumers) while (await consumeOne(queue, handler)) isQuiet = false;
    }
  }

  /** A little further: what is queued now, and what the sweeper finds. */
  async function step(): Promise<void> {
    await drain();
    await sweep(undefined as never, CONTEXT);
    await drain();
    clock.advance(STEP_MS);
  }

  return {
    first,
    second,
    /** Another org, from now on. */
    connect,
    platform,
    /** The bytes of files the hub holds. */
    contents,
    clock,
    drain,
    step,
    /** One message of a long job, whatever becomes of it. */
    runJob: () => consumeOne(platform.queues.jobs('salesforce'), backfill),
    poll: () => poll(undefined, CONTEXT),
    sweep: () => sweep(undefined as never, CONTEXT),
    /** Runs the hub until nothing is left to do within the horizon: queues, delays, sweeps. */
    async settle(): Promise<void> {
      for (const untilMs = clock.now() + HORIZON_MS; clock.now() < untilMs; ) await step();
    },
    /** What stands aside, as a person would be shown it. */
    async parked(): Promise<readonly ParkedWork[]> {
      const { items } = await platform.stores.records.page<ParkedWork>(parkedList(ORGANIZATION), {
        limit: 100,
      });
      return items.map(({ data }) => data);
    },
    mappings: createMappingDesk(platform, [code], integrations),
    asked: (org: SalesforceSandbox) => ({ organization: ORGANIZATION, connection: connections.get(org)! }),
    /** The connection's own mapping from now on, as its next version. */
    async map(org: SalesforceSandbox, rules: readonly FieldRule[]): Promise<void> {
      const asked = { organization: ORGANIZATION, connection: connections.get(org)!, actor: ACTOR };
      const desk = createMappingDesk(platform, [code], integrations);
      const basedOn = (await desk.read(asked)).document.version;
      await desk.put({ ...asked, document: documentWith(rules), basedOn });
    },
    /** Everything an org has, on its way in, or all that the hub holds on its way out to it: the id of the job. */
    async backfill(org: SalesforceSandbox, direction: 'in' | 'out' = 'in'): Promise<JobId> {
      const directory = createDirectory({ store: platform.stores.connections, clock });
      const connection = (await directory.get(ORGANIZATION, connections.get(org)!))!;
      return (await backfills.start({ connection, manifest, direction, actor: ACTOR })).id;
    },
    cancel: (job: JobId) => backfills.cancel(ORGANIZATION, job, ACTOR),
    backfilled: (job: JobId) => backfills.get(ORGANIZATION, job),
    edit: (root: RecordId, fields: Fields) =>
      engine.edit({
        organization: ORGANIZATION,
        root,
        actor: ACTOR,
        idempotencyKey: JSON.stringify(fields),
        edit: { edit: 'fields', fields },
      }),
    /** Why a field of a record has its value, the newest first. */
    why: async (record: RecordId, field: string) =>
      (await reading.fieldStory(ORGANIZATION, record, field))?.steps ?? [],
    /** A value that is to stand again in a record of this root. */
    restore: (root: RecordId, { record, field, value }: Omit<Restored, 'edit'>) =>
      engine.edit({
        organization: ORGANIZATION,
        root,
        actor: ACTOR,
        idempotencyKey: `${field} again`,
        edit: { edit: 'restore', record, field, value },
      }),
    replay: (id: string) => engine.replay(ORGANIZATION, id, ACTOR),
    check: (org: SalesforceSandbox) =>
      desk.check({ organization: ORGANIZATION, actor: ACTOR, connection: connections.get(org)! }),
    /** What the hub knows of the link to an org. */
    vitals: (org: SalesforceSandbox) => vitals(ORGANIZATION, connections.get(org)!),
    async close(): Promise<void> {
      await Promise.all([...connections.keys()].map((org) => org.close()));
    },
  };
}

export type SalesforceHub = Awaited<ReturnType<typeof salesforceHub>>;

const eventOf = (entry: { Source: string; DetailType: string; Detail: string }) =>
  ({
    id: 'delivery',
    source: entry.Source,
    'detail-type': entry.DetailType,
    detail: JSON.parse(entry.Detail),
  }) as PartnerEvent;

async function consumeOne(queue: MemoryQueue, handler: Handler): Promise<boolean> {
  const message = queue.receive();
  if (message === undefined) return false;
  const record = {
    messageId: message.receipt,
    body: JSON.stringify(message.body),
    attributes: { ApproximateReceiveCount: String(message.receives) },
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue.settings.name}`,
  };
  const result = (await handler({ Records: [record] } as unknown as SQSEvent, CONTEXT)) as {
    batchItemFailures: readonly unknown[];
  };
  if (result.batchItemFailures.length === 0) queue.delete(message.receipt);
  return true;
}
