import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { configured, createFeatures, type Features } from '../config/index.ts';
import { RECORD_KINDS, type RecordKind } from '../domain/index.ts';
import { ConflictError, HubError, ProviderRejectedError } from '../errors.ts';
import type { Audit, Connection, Cursor, Integration, Manifest, Page, Platform } from '../ports/index.ts';
import { createLeases, type Leases, look, type Seen } from '../resilience/index.ts';
import { PARKED_BY } from '../telemetry/index.ts';
import { arrivalOf, type Keeping, keepPage } from './arrival.ts';
import { record, storeAudit } from './audit.ts';
import { createDirectory, type Directory } from './directory.ts';
import { inboundPorts } from './engine-deps.ts';
import { cursorKey } from './keys.ts';
import { type IntegrationCode, Opener } from './opener.ts';
import type { Pulled } from './proof.ts';
import { createSchedules, EACH_TICK, inForce, isDue, type Schedules } from './schedules.ts';

/** Kept back to finish the page under way. */
const RESERVE_MS = 10_000;

interface Kept {
  readonly rows: number;
  readonly fresh: number;
}

/** The function behind an integration's schedule: whatever changed since the cursor goes through the same door as events. */
export function poller(code: IntegrationCode, platform: Platform) {
  const poll = new Poll(code, platform);
  return middy<unknown, void>().handler(
    (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) =>
      poll.run(platform.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS),
  );
}

interface Pulling {
  readonly integration: Integration;
  readonly untilMs: number;
}

class Poll {
  readonly #code: IntegrationCode;
  readonly #platform: Platform;
  readonly #directory: Directory;
  readonly #opener: Opener;
  readonly #leases: Leases;
  readonly #accept: Keeping;
  readonly #features: Features;
  readonly #schedules: Schedules;
  readonly #manifest: Manifest;
  readonly #audit: Audit;

  constructor(code: IntegrationCode, platform: Platform) {
    const { clock, random, stores } = platform;
    this.#code = code;
    this.#platform = platform;
    this.#directory = createDirectory({ store: stores.connections, clock });
    this.#opener = new Opener(platform);
    this.#leases = createLeases({ store: stores.limits, clock, random });
    this.#accept = inboundPorts(platform);
    this.#schedules = createSchedules({ store: stores.connections, clock });
    this.#manifest = configured(code.manifest, this.#opener.settings);
    this.#features = createFeatures(stores.connections, this.#opener.settings);
    this.#audit = storeAudit({ store: stores.audit, random });
  }

  /** One connection's failure is noted at its own gate and keeps no other from its turn. */
  async run(untilMs: number): Promise<void> {
    const failures: unknown[] = [];
    for (const listed of await this.#inTurn()) {
      if (this.#platform.clock.now() >= untilMs) break;
      try {
        await this.#pollOne(listed, untilMs);
      } catch (error) {
        if (!isPassing(error)) failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} connections were not polled`);
  }

  /** From a different one each time: whoever is late in the list is not always the one left out. */
  async #inTurn(): Promise<readonly Connection[]> {
    const all = await this.#directory.ofIntegration(this.#code.manifest.id);
    const start = Math.floor(this.#platform.random.next() * all.length);
    return [...all.slice(start), ...all.slice(0, start)];
  }

  async #pollOne({ organization, id }: Connection, untilMs: number): Promise<void> {
    const [connection, kept] = await Promise.all([
      this.#directory.get(organization, id),
      this.#schedules.read({ organization, id }),
    ]);
    if (connection?.state.kind !== 'active') return;
    const schedule = inForce(this.#manifest, kept);
    if (schedule === undefined || !isDue(schedule, kept, this.#platform.clock.now())) return;
    if (!(await this.#features.of(organization))['delta-sync']) return;
    const lease = await this.#leases.acquire(`poll#${id}`, untilMs + RESERVE_MS - this.#platform.clock.now());
    if (lease === undefined) return;
    const opened = await this.#opener.open(connection, this.#code, { priority: 'bulk' });
    try {
      const isDone = await this.#pullAll(connection, { integration: opened.integration, untilMs });
      // Cut short, it goes on with the next tick. One that runs with each of them needs no remembering.
      if (isDone && schedule.expression !== EACH_TICK) await this.#schedules.ran(connection);
    } finally {
      await opened.settle();
      await this.#leases.release(lease);
    }
  }

  /** A kind that the vendor refuses to list is its organization's to mend, and keeps no other kind from its turn. */
  async #pullAll(connection: Connection, given: Pulling): Promise<boolean> {
    let isDone = true;
    const ends = new Map<RecordKind, ProviderRejectedError | 'listed'>();
    try {
      for (const kind of RECORD_KINDS) {
        if (!this.#code.manifest.kinds[kind]?.canRead) continue;
        const end = await this.#pulledOrRefused(connection, kind, given);
        isDone &&= end !== 'cut short';
        ends.set(kind, end === 'cut short' ? 'listed' : end);
      }
      return isDone;
    } finally {
      await this.#tell(connection, await this.#opener.proofs.pulled(connection, ends));
    }
  }

  async #pulledOrRefused(connection: Connection, kind: RecordKind, given: Pulling) {
    try {
      return await this.#pull(connection, kind, given);
    } catch (error) {
      if (error instanceof ProviderRejectedError) return error;
      throw error;
    }
  }

  async #tell(connection: Connection, news: Pulled): Promise<void> {
    const { organization, id, integration } = connection;
    for (const [kind, end] of news) {
      const [outcome, facts] =
        end === 'listed'
          ? (['done', { kind }] as const)
          : (['refused', { kind, code: end.vendorCode }] as const);
      const deed = { organization, connection: id, actor: 'hub', action: 'connection.pull', outcome, facts };
      await record({ audit: this.#audit, clock: this.#platform.clock }, deed);
      const subject = { organization, connection: id, integration };
      if (end === 'listed') continue;
      this.#platform.telemetry.log('warn', 'a pull was refused', subject, facts);
      this.#platform.telemetry.metric(PARKED_BY[end.fault], 1, subject);
    }
  }

  async #pull(connection: Connection, kind: RecordKind, given: Pulling): Promise<'listed' | 'cut short'> {
    const store = this.#platform.stores.connections;
    const key = cursorKey(connection.organization, connection.id, kind);
    let at: Seen<Cursor> = await look(store, key);
    for await (const page of given.integration.pull?.(kind, at.data) ?? []) {
      await this.#note(connection, kind, await this.#keep(connection, page));
      // Only after its page is kept, and only by whoever read the cursor last.
      if (!isWhere(at.data, page.next)) {
        await store.commit([{ put: { ...key, data: page.next }, expect: at.version }]);
        at = { version: at.version + 1, data: page.next };
      }
      if (page.isLast) break;
      if (this.#platform.clock.now() >= given.untilMs) return 'cut short';
    }
    return 'listed';
  }

  /** What a pull brought; one that brought nothing new, once a minute, is no deed. */
  async #note(connection: Connection, kind: RecordKind, { rows, fresh }: Kept): Promise<void> {
    if (fresh === 0) return;
    const { organization, id } = connection;
    const deed = { organization, connection: id, actor: 'hub', action: 'connection.pulled' };
    const facts = { kind, rows, fresh };
    await record({ audit: this.#audit, clock: this.#platform.clock }, { ...deed, facts });
  }

  async #keep(connection: Connection, { observations }: Page): Promise<Kept> {
    const { redeliveryMs } = this.#code.manifest;
    const run = this.#platform.random.id();
    const given = { lane: 'deltas', run, receivedAtMs: this.#platform.clock.now(), redeliveryMs } as const;
    const arrivals = observations.map((observation) => arrivalOf(connection, observation, given));
    return { rows: arrivals.length, fresh: await keepPage(this.#accept, connection, arrivals) };
  }
}

const isWhere = (cursor: Cursor | undefined, { stamp, id }: Cursor): boolean =>
  cursor?.stamp === stamp && cursor.id === id;

/** Noted already by breaker, bucket or parking; a lost race for the cursor is somebody else's progress. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof HubError)) return false;
  return (
    error.reaction === 'retry' || error.code === 'reauthorization_required' || error instanceof ConflictError
  );
}
