import { randomBytes } from 'node:crypto';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { backfiller, backfillsOn, resending } from '../../../shared/backfill/index.ts';
import { createDirectory, Opener, observer, sweeper } from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { Exports, InternalManifest, Platform, QueueMessage } from '../../../shared/ports/index.ts';
import { type MemoryPlatform, memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, modelAdapter } from '../connections/model.ts';
import { source as plain, recordOf, target, ticket } from '../connections/two-vendors.ts';

export const source: InternalManifest = { ...plain, backfill: { kinds: ['ticket'], pageRows: 4 } };
export const CONNECTION = 'c1' as ConnectionId;

/** What the vendor has, and every call it was made. */
export interface ModelExports extends Exports {
  readonly calls: string[];
  readonly made: Map<string, number>;
}

export function modelExports(rows: number, nowMs: () => number): ModelExports {
  const calls: string[] = [];
  const made = new Map<string, number>();
  const all = Array.from({ length: rows }, (_, at) => ticket(`x${at}`, `subject ${at}`, nowMs() - 3_600_000));
  return {
    calls,
    made,
    async begin(kind) {
      calls.push(`begin ${kind}`);
      const name = `e${calls.length}`;
      made.set(name, 0);
      return name;
    },
    async state(name) {
      calls.push('state');
      const looks = made.get(name);
      if (looks === undefined) return { state: 'gone' };
      made.set(name, looks + 1);
      return looks === 0 ? { state: 'preparing' } : { state: 'ready', records: rows };
    },
    async page(_name, _kind, { at = '0', rows: most }) {
      calls.push(`page ${at}`);
      const from = Number(at);
      const observations = all.slice(from, from + most);
      const next = from + observations.length;
      return { observations, ...(next < rows ? { next: String(next) } : {}) };
    },
    async discard(name) {
      calls.push('discard');
      made.delete(name);
    },
  };
}

/** One connection of a vendor with so many tickets, and the three functions that bring them in. */
export async function backfillWorld(rows: number) {
  const platform = memoryPlatform();
  const vendor = new ModelVendor();
  const exports = modelExports(rows, () => platform.clock.now());
  const opener = new Opener(platform);
  const given = { organization: acme, integration: 'model', name: 'c1', settings: {} };
  await opener.register.create(
    { ...given, id: CONNECTION, baseUrl: 'https://vendor.example', state: { kind: 'active' } },
    'user:ann',
  );
  await platform.secretsWriter.put(CONNECTION, { bodyKey: randomBytes(32).toString('base64') });
  const integrations: Parameters<typeof observer>[0] = (id) => {
    const manifest = [source, target].find((each) => each.id === id);
    return manifest && { manifest, mapping: MAPPING };
  };
  const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
  const connection = async () => (await directory.get(acme, CONNECTION))!;
  return { platform, vendor, exports, opener, integrations, connection, backfills: backfillsOn(platform) };
}
export type BackfillWorld = Awaited<ReturnType<typeof backfillWorld>>;

const MAPPING: NonNullable<ReturnType<Parameters<typeof observer>[0]>>['mapping'] = {
  decode: () => ({ outcome: 'filtered', reason: 'not from here' }),
  project: ({ fields }) => ({ subject: fields.subject ?? null }),
  interpret: (_kind, raw) => raw,
  canonicalForm: (_kind, _field, raw) => raw,
};

const functionOn = (world: BackfillWorld, platform: Platform) => {
  const { vendor, exports } = world;
  const adapter = modelAdapter(vendor);
  const open: typeof adapter.open = (opening, grant) => ({ ...adapter.open(opening, grant), exports });
  return backfiller({ manifest: source, adapter: { ...adapter, open } }, world.integrations, platform);
};

/**
 * Everything that can go on goes on, as event sources and the sweeper have it, until nothing does; `on` is the
 * platform of the backfilling function alone.
 */
export async function settle(
  world: BackfillWorld,
  on: Platform = world.platform,
  mostRounds = 300,
): Promise<void> {
  const { platform, integrations } = world;
  const observe = observer(integrations, platform);
  const sweep = sweeper(integrations, platform);
  const work = functionOn(world, on);
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  for (let [round, quiet] = [0, 0]; quiet < 3 && round < mostRounds; round += 1) {
    const done =
      (await take(platform, platform.queues.backfill, (event) => observe(event, context))) +
      (await take(platform, platform.queues.jobs('model'), (event) => work(event, context))) +
      (await resending(platform).run());
    await sweep({}, context);
    platform.clock.advance(done > 0 ? 1_000 : 60_000);
    quiet = done > 0 ? 0 : quiet + 1;
  }
}

/** One look at each visible message; one that fails comes back by itself. */
async function take(
  _platform: MemoryPlatform,
  queue: MemoryPlatform['queues']['backfill'],
  handle: (event: { Records: ReturnType<typeof recordOf>[] }) => Promise<SQSBatchResponse>,
): Promise<number> {
  let taken = 0;
  for (let received = queue.receive(); received !== undefined; received = queue.receive()) {
    taken += 1;
    const result = await handle({ Records: [recordOf(received.body as QueueMessage)] }).catch(
      () => undefined,
    );
    if (result?.batchItemFailures.length === 0) queue.delete(received.receipt);
  }
  return taken;
}
