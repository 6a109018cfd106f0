import { record } from '../connections/index.ts';
import type { ConnectionId, JobId, OrganizationId } from '../domain/ids.ts';
import { MAPPED_KINDS, type RecordKind } from '../domain/record.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.ts';
import type { Audit, Clock, Connection, Item, JobQueues, Manifest, Random, Store } from '../ports/index.ts';
import { type BackfillJob, planned } from './job.ts';
import { cancelled } from './moves.ts';

/** Ended jobs are shown this long. */
const KEEP_MS = 90 * 86_400_000;
/** A function works on a job for half a minute: one that has not moved for longer has lost its message. */
const STALLED_MS = 45_000;
/** The due-list of jobs under way, over all organizations. */
const DUE = 'backfills';

const jobsPk = (organization: OrganizationId): string => `${organization}#backfills`;
const jobKey = (organization: OrganizationId, id: JobId) => ({ pk: jobsPk(organization), sk: id });
/** Names the job a connection has under way, or the last it had: two never run at once. */
const currentKey = (organization: OrganizationId, connection: ConnectionId) => ({
  pk: `${organization}#backfilling#${connection}`,
  sk: 'job',
});

export interface StartRequest {
  readonly connection: Connection;
  readonly manifest: Manifest;
  /** By default a vendor's history is brought in. */
  readonly direction?: 'in' | 'out';
  readonly kinds?: readonly RecordKind[];
  readonly sinceMs?: number;
  readonly actor: string;
}

export interface BackfillsDeps {
  readonly store: Store;
  readonly queues: JobQueues;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
}

/** Backfills as they are kept: started, found, moved on, cancelled. */
export class Backfills {
  readonly #deps: BackfillsDeps;

  constructor(deps: BackfillsDeps) {
    this.#deps = deps;
  }

  /**
   * @throws ConflictError where the integration offers none, the connection is not authorized, or one is under way;
   * InvalidInputError naming `/kinds` or `/since`
   */
  async start({
    connection,
    manifest,
    direction,
    kinds,
    sinceMs,
    actor,
  }: StartRequest): Promise<BackfillJob> {
    const { store, queues, clock, random } = this.#deps;
    const { organization, id, integration } = connection;
    if (connection.state.kind !== 'active') throw new ConflictError('the connection is not authorized');
    const offered = offeredBy(manifest, direction);
    if (direction === 'out' && sinceMs !== undefined) {
      throw new InvalidInputError('saw a time, expected none: all that is missing there is brought out', {
        pointer: '/since',
      });
    }
    const unknown = kinds?.find((kind) => !offered.includes(kind));
    if (unknown !== undefined) {
      const expected = offered.join(', ');
      throw new InvalidInputError(`saw ${unknown}, expected some of ${expected}`, { pointer: '/kinds' });
    }
    const job = planned({
      id: random.id() as JobId,
      organization,
      connection: id,
      integration,
      ...(direction === 'out' ? { direction } : {}),
      kinds: kinds ?? offered,
      ...(sinceMs === undefined ? {} : { sinceMs }),
      startedBy: actor,
      nowMs: clock.now(),
    });
    const current = await this.#current(organization, id);
    await store.commit([
      this.#put(job, 0),
      { put: { ...currentKey(organization, id), data: { job: job.id } }, expect: current },
    ]);
    await this.#note(job, actor, 'backfill.started');
    await queues.sendJob(integration, messageOf(job));
    return job;
  }

  /** The version of the pointer, which a second start at the same moment finds moved. */
  async #current(organization: OrganizationId, connection: ConnectionId): Promise<number> {
    const { pk, sk } = currentKey(organization, connection);
    const pointer = await this.#deps.store.get<{ readonly job: JobId }>(pk, sk);
    if (pointer === undefined) return 0;
    const job = await this.find(organization, pointer.data.job);
    if (job?.data.state === 'running') throw new ConflictError('a backfill of this connection is under way');
    return pointer.version;
  }

  async find(organization: OrganizationId, id: JobId): Promise<Item<BackfillJob> | undefined> {
    const { pk, sk } = jobKey(organization, id);
    return this.#deps.store.get<BackfillJob>(pk, sk);
  }

  /** @throws NotFoundError */
  async get(organization: OrganizationId, id: JobId): Promise<BackfillJob> {
    const found = await this.find(organization, id);
    if (found === undefined) throw new NotFoundError('there is no such backfill');
    return found.data;
  }

  /** Of one connection, the newest first. */
  async of({ organization, id }: Pick<Connection, 'organization' | 'id'>): Promise<readonly BackfillJob[]> {
    const items = await this.#deps.store.list<BackfillJob>(jobsPk(organization));
    return items
      .map(({ data }) => data)
      .filter(({ connection }) => connection === id)
      .reverse();
  }

  /** Whether an earlier backfill has found any of this kind there; one outwards counts what the hub has. */
  async hasBrought({ id, organization, connection }: BackfillJob, kind: RecordKind): Promise<boolean> {
    const jobs = await this.of({ organization, id: connection });
    const others = jobs.filter((other) => other.id !== id && other.direction !== 'out');
    return others.flatMap(({ exports }) => exports).some((each) => each.kind === kind && each.read > 0);
  }

  /**
   * Whatever is enqueued already is still taken in; nothing more is. Of one that has ended nothing changes.
   * @throws NotFoundError
   */
  async cancel(organization: OrganizationId, id: JobId, actor: string): Promise<BackfillJob> {
    for (let attempt = 0; ; attempt += 1) {
      const found = await this.find(organization, id);
      if (found === undefined) throw new NotFoundError('there is no such backfill');
      if (found.data.state !== 'running') return found.data;
      try {
        const job = await this.move(found, cancelled(found.data, this.#deps.clock.now()), actor);
        await this.#deps.queues.sendJob(job.data.integration, messageOf(job.data));
        return job.data;
      } catch (error) {
        if (!(error instanceof ConflictError) || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** @throws ConflictError when somebody else moved it meanwhile */
  async move(from: Item<BackfillJob>, to: BackfillJob, actor = 'hub'): Promise<Item<BackfillJob>> {
    await this.#deps.store.commit([this.#put(to, from.version)]);
    if (from.data.state === 'running' && to.state !== 'running')
      await this.#note(to, actor, `backfill.${to.state}`);
    return { ...from, version: from.version + 1, data: to };
  }

  /** Sends on what has lost its message. */
  async resend(atMost: number): Promise<number> {
    const { store, clock, queues } = this.#deps;
    const candidates = await store.due(DUE, clock.now(), atMost);
    let sent = 0;
    for (const { pk, sk } of candidates) {
      const item = await store.get<BackfillJob>(pk, sk);
      if (item?.data === undefined || !isUnderWay(item.data)) continue;
      try {
        // The same job, due later: it is not sent by every sweep.
        await store.commit([this.#put(item.data, item.version)]);
        await queues.sendJob(item.data.integration, messageOf(item.data));
        sent += 1;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
    return sent;
  }

  #put(job: BackfillJob, expect: number) {
    const nowMs = this.#deps.clock.now();
    const key = jobKey(job.organization, job.id);
    const lastMs = (job.endedAtMs ?? nowMs) + KEEP_MS;
    const place = isUnderWay(job)
      ? { due: { list: DUE, atMs: Math.max(nowMs, job.waitUntilMs) + STALLED_MS } }
      : { expiresAt: Math.ceil(lastMs / 1_000) };
    return { put: { ...key, data: job, ...place }, expect };
  }

  #note(job: BackfillJob, actor: string, action: string): Promise<void> {
    const { organization, connection, id } = job;
    const facts = { job: id, ...job.ends, ...(job.failure && { code: job.failure.code }) };
    const outcome = job.state === 'failed' ? 'refused' : 'done';
    return record(this.#deps, { organization, connection, actor, action, outcome, facts });
  }
}

/** @throws ConflictError where it offers none in that direction */
function offeredBy(manifest: Manifest, direction: 'in' | 'out' = 'in'): readonly RecordKind[] {
  const { backfill, files } = manifest;
  const outward = files === undefined ? MAPPED_KINDS : [...MAPPED_KINDS, 'attachment' as const];
  const offered = direction === 'in' ? backfill?.kinds : backfill?.outward && outward;
  if (offered === undefined) throw new ConflictError(`${manifest.name} offers no backfill`);
  return offered;
}

const MAX_ATTEMPTS = 8;

/** Or its exports are still to be taken down. */
const isUnderWay = ({ state, exports }: BackfillJob): boolean =>
  state === 'running' || exports.some(({ name }) => name !== undefined);

export const messageOf = ({ organization, connection, id }: BackfillJob) =>
  ({ type: 'backfill', organization, connection, job: id }) as const;
