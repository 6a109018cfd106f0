import type { ConnectionId, InboxId, JobId, OrganizationId, RecordId } from '../domain/ids.ts';
import { RECORD_KINDS, type RecordKind } from '../domain/record.ts';
import type { Fault } from '../errors.ts';
import type { EndState } from '../sync/index.ts';

/** One kind of a backfill, from being asked for to its last page. */
export interface KindExport {
  readonly kind: RecordKind;
  /** The vendor's name for it, from when it was asked for until it is discarded. */
  readonly name?: string;
  /** Known once the vendor has made it ready; put right where a page stood for more or fewer than it brought. */
  readonly records?: number;
  /** Where the next page begins; absent before the first. */
  readonly at?: string;
  /** Rows enqueued so far. */
  readonly read: number;
  readonly isRead?: true;
  /** Outwards: counted so far, before all are; of the list’s present look, since when it was begun, whom it looks for, and how many it found. */
  readonly counted?: number;
  readonly begunAtMs?: number;
  readonly sinceMs?: number;
  readonly opened?: number;
  /** How often it was begun anew: lost or given up by the vendor. */
  readonly restarts?: number;
}

/** What keeps a job from going on; it is tried again by itself, and gone with the next success. */
export interface Trouble {
  readonly code: string;
  readonly reason: string;
  readonly fault: Fault;
  readonly sinceMs: number;
  readonly attempts: number;
}

export type Outstanding = InboxId | RecordId;

export interface Sample {
  readonly atMs: number;
  readonly records: number;
}

/**
 * A vendor's whole history on its way into the hub, or all that the hub holds on its way out to a vendor. All that is to be known for going on is in here, and each step
 * is written on the condition that nobody else has: a job survives its function at any moment.
 */
export interface BackfillJob {
  readonly id: JobId;
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly integration: string;
  /** Absent: a vendor's history is brought in. */
  readonly direction?: 'out';
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly sinceMs?: number;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly exports: readonly KindExport[];
  /** Enqueued rows whose end has not been seen, in the order they were sent, and files whose bytes are not here; outwards, files on their way. */
  readonly outstanding: readonly Outstanding[];
  readonly ends: Readonly<Record<EndState, number>>;
  /** Rows that stayed open while nothing else moved: the sweeper sees to them, the job waits no longer. */
  readonly leftOpen: number;
  /** Not before then. */
  readonly waitUntilMs: number;
  /** Looks in a row that found nothing new. */
  readonly vain: number;
  readonly trouble?: Trouble;
  /** Why it failed. */
  readonly failure?: { readonly code: string; readonly reason: string; readonly fault: Fault };
  /** Of the last half minute, for the rate. */
  readonly samples: readonly Sample[];
}

export function planned(given: {
  readonly id: JobId;
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly integration: string;
  readonly direction?: 'out';
  readonly kinds: readonly RecordKind[];
  readonly sinceMs?: number;
  readonly startedBy: string;
  readonly nowMs: number;
}): BackfillJob {
  const { kinds, nowMs, ...rest } = given;
  return {
    ...rest,
    state: 'running',
    startedAtMs: nowMs,
    exports: RECORD_KINDS.filter((kind) => kinds.includes(kind)).map((kind) => ({ kind, read: 0 })),
    outstanding: [],
    ends: { applied: 0, merged: 0, echo: 0, filtered: 0, parked: 0 },
    leftOpen: 0,
    waitUntilMs: nowMs,
    vain: 0,
    samples: [],
  };
}

export type Phase = 'planned' | 'exporting' | 'importing' | 'copying' | 'done' | 'cancelled' | 'failed';

export function phaseOf({ state, direction, exports }: BackfillJob): Phase {
  if (state !== 'running') return state;
  if (direction === 'out')
    return exports.every(({ records }) => records === undefined) ? 'planned' : 'copying';
  if (exports.every(({ name, records }) => name === undefined && records === undefined)) return 'planned';
  return exports.some(({ records }) => records === undefined) ? 'exporting' : 'importing';
}

export interface Progress {
  /** Rows that have an end. */
  readonly records: number;
  /** Known once every export is ready. */
  readonly total?: number;
  readonly perSecond: number;
  readonly leftMs?: number;
}

export function progressOf(job: BackfillJob): Progress {
  const records = endedOf(job);
  const known = job.exports.map(({ records: each }) => each).filter((each) => each !== undefined);
  const total = known.length < job.exports.length ? undefined : known.reduce((sum, each) => sum + each, 0);
  const perSecond = rateOf(job);
  const isMoving = job.state === 'running' && total !== undefined && hasBasis(job);
  return {
    records,
    perSecond,
    ...(total === undefined ? {} : { total }),
    ...(isMoving ? { leftMs: Math.round((Math.max(0, total - records) / perSecond) * 1_000) } : {}),
  };
}

/** The first few records say how long a job takes to begin. */
const BASIS = { ms: 5_000, records: 10 } as const;

function hasBasis({ samples }: BackfillJob): boolean {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return false;
  return last.atMs - first.atMs >= BASIS.ms && last.records - first.records >= BASIS.records;
}

export const endedOf = ({ ends, leftOpen }: BackfillJob): number =>
  Object.values(ends).reduce((sum, count) => sum + count, leftOpen);

/** While it runs, of the last half minute; afterwards, of the whole. */
function rateOf(job: BackfillJob): number {
  const { samples, state, endedAtMs, startedAtMs } = job;
  const [first, last] =
    state === 'running'
      ? [samples[0], samples.at(-1)]
      : [
          { atMs: startedAtMs, records: 0 },
          { atMs: endedAtMs ?? startedAtMs, records: endedOf(job) },
        ];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return ((last.records - first.records) * 1_000) / (last.atMs - first.atMs);
}
