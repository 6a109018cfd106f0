import type { RecordId } from '../domain/ids.ts';
import type {
  Connection,
  CopyingEngine,
  Engine,
  Integration,
  Manifest,
  OpenedCopies,
  WorkMessage,
} from '../ports/index.ts';
import type { EndState } from '../sync/index.ts';
import { Gathering } from './gather.ts';
import type { HeldWakes } from './held-wakes.ts';
import type { BackfillJob, KindExport } from './job.ts';
import { sampled, unhindered, withExport } from './moves.ts';
import { FILES_WINDOW } from './step.ts';

const COUNTED_AT_ONCE = 1_000;
/** Clocks of the functions that change records differ from this one's. */
const CLOCKS_MS = 600_000;

export interface OutwardDeps {
  readonly engine: CopyingEngine & Pick<Engine, 'reconcile'>;
  /** What the engine wakes, held until it is known whether this job goes on with it itself. */
  readonly wakes: HeldWakes;
  readonly together: NonNullable<NonNullable<Manifest['backfill']>['outward']>;
  readonly deadlineMs: number;
}

/** What a page of records came to. */
export interface BroughtOut {
  readonly opened: Pick<OpenedCopies, 'looked' | 'opened' | 'ends' | 'next'>;
  readonly ends: readonly (EndState | 'open')[];
  /** Files that are on their way by now. */
  readonly sent?: readonly RecordId[];
}

/** Copies of a page of records, made in calls for many; each by the engine's own steps, as if it were alone. */
export async function bringOut(
  deps: OutwardDeps,
  connection: Connection,
  of: KindExport,
  open: () => Promise<Integration>,
): Promise<BroughtOut> {
  const { engine, together } = deps;
  const { kind, at: next, sinceMs: changedSinceMs } = of;
  if (kind === 'comment') return { opened: NOTHING, ends: [] };
  const opened = await engine.openCopies({
    organization: connection.organization,
    connection: connection.id,
    kind,
    limit: kind === 'attachment' ? FILES_WINDOW / 2 : together[kind],
    ...(next === undefined ? {} : { next }),
    ...(changedSinceMs === undefined ? {} : { changedSinceMs }),
  });
  return kind === 'attachment'
    ? await sendOut(deps, connection, opened)
    : await makeTogether(deps, opened, await open());
}

/** Their bytes take a function of their own; the queue has a wake twice where this is done again. */
async function sendOut(
  { wakes }: OutwardDeps,
  { integration }: Connection,
  opened: OpenedCopies,
): Promise<BroughtOut> {
  await Promise.all(opened.wakes.map((wake) => wakes.sendWork(integration, wake)));
  return { opened, ends: [], sent: opened.wakes.map(({ root }) => root) };
}

async function makeTogether(
  { engine, wakes, together, deadlineMs }: OutwardDeps,
  opened: OpenedCopies,
  integration: Integration,
): Promise<BroughtOut> {
  const gathering = new Gathering(integration, together);
  const tasks = opened.wakes.map((wake) => () => engine.reconcile(wake, gathering.integration, deadlineMs));
  wakes.hold(opened.wakes);
  const results = await gathering.run(tasks);
  // The same page again, once the vendor takes it: sent, they would go one by one, before everything live.
  if (gathering.failure !== undefined) {
    wakes.drop();
    throw gathering.failure;
  }
  await wakes.release();
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { opened, ends: await Promise.all(opened.wakes.map((wake: WorkMessage) => engine.endOfCopy(wake))) };
}

/** What has become of the files on their way. */
export async function endsOfFiles(
  { engine }: OutwardDeps,
  { organization, connection, outstanding }: BackfillJob,
): Promise<ReadonlyMap<RecordId, EndState>> {
  const looks = outstanding.map(async (id) => {
    const root = id as RecordId;
    return [root, await engine.endOfCopy({ organization, connection, root })] as const;
  });
  return new Map(
    (await Promise.all(looks)).flatMap(([root, end]) => (end === 'open' ? [] : [[root, end] as const])),
  );
}

const NOTHING = { looked: 0, opened: 0, ends: { echo: 0, filtered: 0, parked: 0 } } as const;

export async function countOf(
  { engine }: Pick<OutwardDeps, 'engine'>,
  { organization }: Pick<Connection, 'organization'>,
  { kind, at: next }: KindExport,
): Promise<{ readonly count: number; readonly next?: string }> {
  if (kind === 'comment') return { count: 0 };
  return await engine.countRecords({
    organization,
    kind,
    limit: COUNTED_AT_ONCE,
    ...(next === undefined ? {} : { next }),
  });
}

export function counted(
  job: BackfillJob,
  { kind }: KindExport,
  { count, next }: { readonly count: number; readonly next?: string },
): BackfillJob {
  return withExport(unhindered(job), kind, ({ at: _at, counted: before = 0, ...rest }) =>
    next === undefined
      ? { ...rest, records: before + count }
      : { ...rest, counted: before + count, at: next },
  );
}

/**
 * A page whose copies are made or on their way. At the end of the list once more from its top, for what has changed
 * meanwhile and was moved ahead of the page, also where there was nothing to open; until a further look opens nothing.
 */
export function brought(
  job: BackfillJob,
  of: KindExport,
  { opened, ends, sent = [] }: BroughtOut,
  { listedAtMs, nowMs }: { readonly listedAtMs: number; readonly nowMs: number },
): BackfillJob {
  const isFirst = of.sinceMs === undefined;
  const { at: _at, ...rest } = of;
  const read = of.read + (isFirst ? opened.looked : opened.opened);
  // Lanes that a broken off try has opened count as well, the first time: how long it took nobody knows.
  const openedSoFar = (of.opened ?? 0) + (isFirst ? ends.length + sent.length : opened.opened);
  const begunAtMs = of.begunAtMs ?? listedAtMs;
  const next: KindExport =
    opened.next !== undefined
      ? { ...rest, read, at: opened.next, opened: openedSoFar, begunAtMs }
      : !isFirst && openedSoFar === 0
        ? { ...rest, read, isRead: true }
        : {
            kind: of.kind,
            read,
            ...(of.records === undefined ? {} : { records: of.records }),
            sinceMs: begunAtMs - CLOCKS_MS,
          };
  const moved = withExport(
    { ...unhindered(job), ...tally(job, ends, isFirst ? opened.ends : undefined) },
    of.kind,
    () => next,
  );
  const outstanding = [...new Set([...job.outstanding, ...sent])];
  return { ...moved, outstanding, samples: sampled(moved, nowMs) };
}

function tally(
  { ends: before, leftOpen }: BackfillJob,
  ends: BroughtOut['ends'],
  others: OpenedCopies['ends'] | undefined,
): Pick<BackfillJob, 'ends' | 'leftOpen'> {
  const sum = { ...before };
  for (const end of ['echo', 'filtered', 'parked'] as const) sum[end] += others?.[end] ?? 0;
  for (const end of ends) if (end !== 'open') sum[end] += 1;
  return { ends: sum, leftOpen: leftOpen + ends.filter((end) => end === 'open').length };
}
