import type { InboxId } from '../domain/ids.ts';
import {
  EndlessListingError,
  type HubError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../errors.ts';
import type { ExportPage, ExportState } from '../ports/index.ts';
import type { EndState } from '../sync/index.ts';
import { type BackfillJob, endedOf, type KindExport, type Outstanding, type Sample } from './job.ts';
import { awaitsFiles, MOST_VAIN, windowOf } from './step.ts';

const LOOK_MS = 500;
const LOOK_CAP_MS = 5_000;
/** A row takes seconds, a file up to a quarter of an hour. */
const FILES_LOOK_CAP_MS = 60_000;
const RATE_WINDOW_MS = 30_000;
/** A vendor that fails is asked again after a second, then two, four, … */
const RETRY_MS = 1_000;
/** From this attempt on something is wrong that time alone may not mend, and the next look can wait. */
const LONG_AFTER = 5;
const LONG_RETRY_MS = 300_000;
const CONNECTION_RETRY_MS = 60_000;
const MAX_RESTARTS = 3;

/** The next look is the later, the more looks in a row have found nothing. */
const lookAgainMs = (job: BackfillJob, vain: number): number =>
  Math.min(
    LOOK_MS * 2 ** Math.min(vain, 10),
    job.outstanding.length > 0 && awaitsFiles(job) ? FILES_LOOK_CAP_MS : LOOK_CAP_MS,
  );

export function begun(job: BackfillJob, { kind }: KindExport, name: string): BackfillJob {
  return withExport(unhindered(job), kind, (each) => ({ ...each, name }));
}

export function asked(job: BackfillJob, of: KindExport, answer: ExportState, nowMs: number): BackfillJob {
  switch (answer.state) {
    case 'preparing':
      return { ...unhindered(job), vain: job.vain + 1, waitUntilMs: nowMs + lookAgainMs(job, job.vain) };
    case 'ready':
      return {
        ...withExport(unhindered(job), of.kind, (each) => ({ ...each, records: answer.records })),
        vain: 0,
      };
    case 'gone':
      return restarted(job, of, new ProviderUnavailableError('the vendor knows the export no longer'), nowMs);
    case 'failed':
      return restarted(job, of, answer.error, nowMs);
  }
}

/** All over again: a row taken in before is a duplicate at the door. */
function restarted(job: BackfillJob, of: KindExport, error: HubError, nowMs: number): BackfillJob {
  const restarts = (of.restarts ?? 0) + 1;
  if (restarts > MAX_RESTARTS) return failed(job, error, nowMs);
  const fresh = { kind: of.kind, read: 0, restarts };
  return withExport(hindered(job, error, nowMs), of.kind, () => fresh);
}

interface PageRead {
  readonly rows: readonly InboxId[];
  readonly stands?: ExportPage['stands'];
  readonly next: ExportPage['next'];
}

/** A page whose rows are all accepted. */
export function pageRead(job: BackfillJob, of: KindExport, page: PageRead, nowMs: number): BackfillJob {
  // A file that hangs on two cases comes with both.
  const rows = [...new Set(page.rows)].filter((row) => !job.outstanding.includes(row));
  const read = of.read + rows.length;
  const records = (of.records ?? 0) + rows.length - (page.stands ?? page.rows.length);
  // Whatever the vendor says of the next page: there are no more rows than it announced.
  if (page.next !== undefined && read >= records) return failed(job, endless(), nowMs);
  const { at: _at, ...rest } = of;
  const outstanding = [...job.outstanding, ...rows];
  if (page.next === undefined && read < records)
    return restarted({ ...job, outstanding }, of, incomplete(), nowMs);
  const next =
    page.next === undefined
      ? ({ ...rest, records, read, isRead: true } as const)
      : ({ ...rest, records, read, at: page.next } as const);
  return {
    ...withExport(unhindered(job), of.kind, () => next),
    outstanding,
    samples: sampled(job, nowMs),
    vain: 0,
  };
}

/** An answer of nothing, or one cut off: what it leaves out is not what the vendor does not have. */
const incomplete = () =>
  new ProviderUnavailableError('the vendor answers fewer rows than it announced, and no other page');

const endless = () => new EndlessListingError('an export of more rows than were announced');

/** What became of the rows or files looked at; those it does not name are open still. */
export function settled(
  job: BackfillJob,
  seen: ReadonlyMap<Outstanding, EndState>,
  nowMs: number,
): BackfillJob {
  const vain = seen.size === 0 ? job.vain + 1 : 0;
  if (vain >= MOST_VAIN) {
    return { ...job, outstanding: [], leftOpen: job.leftOpen + job.outstanding.length, vain: 0 };
  }
  const ends = { ...job.ends };
  for (const end of seen.values()) ends[end] += 1;
  const moved = { ...job, ends, vain, outstanding: job.outstanding.filter((row) => !seen.has(row)) };
  return {
    ...moved,
    samples: sampled(moved, nowMs),
    waitUntilMs: hasRoom(moved) ? nowMs : nowMs + lookAgainMs(job, vain),
  };
}

/** Nothing is waited for where the next page may be read, or nothing is on its way. */
function hasRoom(job: BackfillJob): boolean {
  const { outstanding, exports } = job;
  const isToBeRead = exports.some(({ at }) => at !== undefined);
  return outstanding.length === 0 || (isToBeRead && outstanding.length < windowOf(job) / 2);
}

export function sampled(job: BackfillJob, nowMs: number): readonly Sample[] {
  const kept = job.samples.filter(({ atMs }) => atMs >= nowMs - RATE_WINDOW_MS);
  const last = kept.at(-1);
  if (last !== undefined && nowMs - last.atMs < 1_000) return kept;
  return [...kept, { atMs: nowMs, records: endedOf(job) }];
}

export function discarded(job: BackfillJob, { kind }: KindExport): BackfillJob {
  return withExport(job, kind, ({ name: _name, ...rest }) => rest);
}

export function finished(job: BackfillJob, nowMs: number): BackfillJob {
  return { ...unhindered(job), state: 'done', endedAtMs: nowMs, waitUntilMs: nowMs };
}

export function cancelled(job: BackfillJob, nowMs: number): BackfillJob {
  return { ...unhindered(job), state: 'cancelled', endedAtMs: nowMs, waitUntilMs: nowMs };
}

/** What cannot be taken down is left to the vendor, which forgets it by itself. */
export function notDiscarded(job: BackfillJob, of: KindExport, error: HubError, nowMs: number): BackfillJob {
  const isWorthIt = error.reaction === 'retry' && (job.trouble?.attempts ?? 0) < LONG_AFTER;
  return isWorthIt ? hindered(job, error, nowMs) : discarded(unhindered(job), of);
}

/** What the failure of a step means for the job: it waits and tries again, or it ends and says why. */
export function hinderedOrFailed(job: BackfillJob, error: HubError, nowMs: number): BackfillJob {
  const isPassing = error.reaction === 'retry' || error instanceof ReauthorizationRequiredError;
  return isPassing ? hindered(job, error, nowMs) : failed(job, error, nowMs);
}

function hindered(job: BackfillJob, error: HubError, nowMs: number): BackfillJob {
  const attempts = (job.trouble?.attempts ?? 0) + 1;
  const sinceMs = job.trouble?.sinceMs ?? nowMs;
  return {
    ...job,
    trouble: { ...wordsOf(error), sinceMs, attempts },
    waitUntilMs: nowMs + retryAfterMs(error, attempts),
  };
}

function retryAfterMs(error: HubError, attempts: number): number {
  if (error instanceof RateLimitedError) return Math.max(1, error.retryAfterMs);
  if (error instanceof ReauthorizationRequiredError) return CONNECTION_RETRY_MS;
  return attempts >= LONG_AFTER ? LONG_RETRY_MS : RETRY_MS * 2 ** (attempts - 1);
}

function failed(job: BackfillJob, error: HubError, nowMs: number): BackfillJob {
  return {
    ...unhindered(job),
    state: 'failed',
    endedAtMs: nowMs,
    waitUntilMs: nowMs,
    failure: wordsOf(error),
  };
}

const wordsOf = (error: HubError) => ({
  code: error instanceof ProviderRejectedError ? error.vendorCode : error.code,
  reason: error.message,
  fault: error.fault,
});

export function unhindered({ trouble: _trouble, ...job }: BackfillJob): BackfillJob {
  return job;
}

export function withExport(
  job: BackfillJob,
  kind: KindExport['kind'],
  change: (each: KindExport) => KindExport,
): BackfillJob {
  return { ...job, exports: job.exports.map((each) => (each.kind === kind ? change(each) : each)) };
}
