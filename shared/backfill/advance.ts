import type { RecordKind } from '../domain/record.ts';
import {
  ConflictError,
  HubError,
  InvariantError,
  ProviderRejectedError,
  ReauthorizationRequiredError,
} from '../errors.ts';
import type { BackfillMessage, Connection, Exports, Integration, Item } from '../ports/index.ts';
import type { BackfillJob, KindExport } from './job.ts';
import type { Backfills } from './jobs.ts';
import {
  asked,
  begun,
  cancelled,
  discarded,
  finished,
  hinderedOrFailed,
  notDiscarded,
  pageRead,
  settled,
} from './moves.ts';
import { bringOut, brought, counted, countOf, endsOfFiles, type OutwardDeps } from './outward.ts';
import type { Rows } from './rows.ts';
import { nextStep, type Step } from './step.ts';

export interface AdvanceDeps {
  readonly backfills: Backfills;
  readonly rows: Rows;
  readonly pageRows: number;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Undefined for a connection that is not there any more. */
  readonly connection: () => Promise<Connection | undefined>;
  readonly exports: (connection: Connection) => Promise<Exports>;
  readonly integration: (connection: Connection) => Promise<Integration>;
  /** Where copies can be made together. */
  readonly outward?: OutwardDeps;
}

/** When the job goes on; undefined: never. */
export type Next = { readonly atMs: number } | undefined;

/** A wait shorter than this is not worth another message. */
const SHORT_MS = 2_000;

/** Steps until `untilMs`, each kept before the next begins. */
export async function advance(deps: AdvanceDeps, message: BackfillMessage, untilMs: number): Promise<Next> {
  const { organization, job: id } = message;
  for (;;) {
    const item = await deps.backfills.find(organization, id);
    if (item === undefined) return undefined;
    const step = nextStep(item.data, deps.now());
    if (step.step === 'rest') return undefined;
    const waitUntilMs = step.step === 'wait' ? step.untilMs : deps.now();
    if (waitUntilMs - deps.now() > SHORT_MS || waitUntilMs > untilMs || deps.now() >= untilMs) {
      return { atMs: waitUntilMs };
    }
    if (step.step === 'wait') await deps.pause(waitUntilMs - deps.now());
    else await take(deps, item, step);
  }
}

async function take(deps: AdvanceDeps, item: Item<BackfillJob>, step: Step): Promise<void> {
  try {
    await deps.backfills.move(item, await taken(deps, item.data, step));
  } catch (error) {
    // Cancelled, or moved on by somebody else: what is now stored decides.
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** The job after the step, whatever came of it. */
async function taken(deps: AdvanceDeps, job: BackfillJob, step: Step): Promise<BackfillJob> {
  try {
    switch (step.step) {
      case 'settle':
        return settled(job, await endsOf(deps, job), deps.now());
      case 'finish':
        return finished(job, deps.now());
      case 'wait':
      case 'rest':
        return job;
      default:
        return await asking(deps, job, step);
    }
  } catch (error) {
    if (!(error instanceof HubError) || error instanceof ConflictError) throw error;
    if (step.step === 'discard') return notDiscarded(job, step.of, error, deps.now());
    return hinderedOrFailed(job, error, deps.now());
  }
}

const endsOf = (deps: AdvanceDeps, job: BackfillJob) =>
  job.direction === 'out' ? endsOfFiles(outwardOf(deps), job) : deps.rows.endsOf(job);

function outwardOf({ outward }: AdvanceDeps): OutwardDeps {
  if (outward === undefined) throw new InvariantError('copies were to be made together where none can be');
  return outward;
}

async function asking(
  deps: AdvanceDeps,
  job: BackfillJob,
  { step, of }: Extract<Step, { readonly of: KindExport }>,
): Promise<BackfillJob> {
  const connection = await deps.connection();
  if (connection === undefined) {
    return step === 'discard' ? discarded(job, of) : cancelled(job, deps.now());
  }
  if (connection.state.kind !== 'active') {
    throw new ReauthorizationRequiredError('the connection is set aside, and waits for its authorization');
  }
  if (step === 'count' || step === 'bring-out') return outwards(deps, job, { step, of }, connection);
  const exports = await deps.exports(connection);
  switch (step) {
    case 'begin':
      return begun(job, of, await exports.begin(of.kind, job.sinceMs));
    case 'ask': {
      const answer = await exports.state(of.name ?? '');
      const isEmpty = answer.state === 'ready' && answer.records === 0 && job.sinceMs === undefined;
      const wasFull = isEmpty && (await deps.backfills.hasBrought(job, of.kind));
      return asked(job, of, wasFull ? { state: 'failed', error: emptied(of.kind) } : answer, deps.now());
    }
    case 'discard':
      await exports.discard(of.name ?? '');
      return discarded(job, of);
    case 'read': {
      const options = { rows: deps.pageRows, ...(of.at === undefined ? {} : { at: of.at }) };
      const { observations, ...page } = await exports.page(of.name ?? '', of.kind, options);
      const rows = await deps.rows.keep(connection, observations, job.id);
      return pageRead(job, of, { rows, ...page, next: page.next }, deps.now());
    }
  }
}

async function outwards(
  deps: AdvanceDeps,
  job: BackfillJob,
  { step, of }: { readonly step: 'count' | 'bring-out'; readonly of: KindExport },
  connection: Connection,
): Promise<BackfillJob> {
  const outward = outwardOf(deps);
  if (step === 'count') return counted(job, of, await countOf(outward, connection, of));
  const listedAtMs = deps.now();
  const page = await bringOut(outward, connection, of, () => deps.integration(connection));
  return brought(job, of, page, { listedAtMs, nowMs: deps.now() });
}

/** Whoever loses sight of everything is told of nothing: no proof that there is nothing. */
const emptied = (kind: RecordKind) =>
  new ProviderRejectedError(
    `no ${kind} is shown to the hub’s user any more, where there were some: see its permissions and sharing`,
    { vendorCode: 'nothing_shown' },
  );
