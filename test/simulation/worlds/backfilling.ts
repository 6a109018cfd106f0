import { backfiller, backfillsOn, resending } from '../../../shared/backfill/index.ts';
import type { BackfillJob } from '../../../shared/backfill/job.ts';
import { putWrite } from '../../../shared/connections/announcement.ts';
import { connectionKey } from '../../../shared/connections/keys.ts';
import type { ConnectionData } from '../../../shared/connections/state.ts';
import { ConflictError } from '../../../shared/errors.ts';
import type { BackfillMessage } from '../../../shared/ports/index.ts';
import { START_MS } from '../../memory/index.ts';
import type { Functions } from '../functions.ts';
import type { Invocation } from '../invocation.ts';
import type { Operation } from '../plan.ts';
import { codeFor, platformFor } from '../platform.ts';
import { rowsOf } from '../tables.ts';
import type { Site } from '../truth.ts';
import { connectionOf, type World } from '../world.ts';
import { authorizeAgain, stateOf } from './authorizing.ts';
import { firstDocument } from './documents.ts';
import { endpointOf } from './tokened.ts';

const RETRY_AFTER_MS = 10_000;

const lateSite = ({ sites, plan }: World): Site | undefined =>
  sites.find(({ index }) => plan.vendors[index]?.connectsAtMs !== undefined);

/** Nobody has heard of a vendor before it is connected. */
export function isConnected({ plan, scheduler }: World, { index }: Site): boolean {
  const { connectsAtMs = 0 } = plan.vendors[index]!;
  return scheduler.clock.now() >= START_MS + connectsAtMs;
}

/** Puts the connection that comes in the middle of the history. */
export function connectLate(world: World): void {
  const site = lateSite(world);
  if (site === undefined) return;
  const planned = world.plan.vendors[site.index]!;
  world.scheduler.at(START_MS + planned.connectsAtMs!, () => {
    const connection = connectionOf(site, world.scheduler.clock.now(), firstDocument(planned));
    // In memory a commit is done when it returns.
    void world.tables.connections.commit(rowsOf(connection));
  });
}

/** An operator begins a job, as the API does, and again until there is one of that direction under way. */
export function backfillAct(world: World, functions: Functions, { operation }: Operation): boolean {
  const site = lateSite(world);
  if (site === undefined) return false;
  if (operation === 'backfill-cancel') cancel(world, functions, site);
  else start(world, functions, site, operation === 'backfill-out' ? 'out' : 'in');
  return true;
}

function start(world: World, functions: Functions, site: Site, direction: 'in' | 'out'): void {
  const { organization, connection } = site;
  const earlier = jobsOf(world).length;
  let isUnderWay = false;
  functions.invoke(
    async (invocation) => {
      const backfills = backfillsOn(platformFor(world, invocation));
      const request = {
        connection: connectionOf(site, 0),
        manifest: world.catalog.get(site.integration)!.manifest,
        ...(direction === 'out' ? { direction } : {}),
        actor: 'user:ops',
      };
      const own = await backfills.of({ organization, id: connection });
      // An answer was lost: it is there.
      if (own.slice(0, own.length - earlier).some((job) => isOf(job, direction))) return;
      try {
        await backfills.start(request);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        isUnderWay = true;
      }
    },
    'backfill',
    (isDone) => {
      if (isDone && !isUnderWay) return world.injector.count(`backfill:started-${direction}`);
      world.scheduler.after(RETRY_AFTER_MS, () => start(world, functions, site, direction));
    },
  );
}

const isOf = ({ direction }: BackfillJob, wanted: 'in' | 'out'): boolean => (direction ?? 'in') === wanted;

function cancel(world: World, functions: Functions, { organization, connection }: Site): void {
  functions.invoke(async (invocation) => {
    const backfills = backfillsOn(platformFor(world, invocation));
    const [last] = await backfills.of({ organization, id: connection });
    if (last?.state !== 'running') return;
    await backfills.cancel(organization, last.id, 'user:ops');
    world.injector.count('backfill:cancelled');
  }, 'backfill');
}

/** People authorize it again within a minute: a job waits for nothing else. */
function reconnect(world: World, functions: Functions, site: Site): void {
  if (stateOf(world, site) !== 'parked') return;
  if (endpointOf(world, site) === undefined) void activate(world, site);
  else functions.invoke((invocation) => authorizeAgain(world, site, invocation), 'authorize');
}

async function activate({ tables, scheduler }: World, site: Site): Promise<void> {
  const key = connectionKey(site.organization, site.connection);
  const item = await tables.connections.get<ConnectionData>(key.pk, key.sk);
  if (item === undefined) return;
  const { mapping: _mapping, ...connection } = connectionOf(site, scheduler.clock.now());
  await tables.connections.commit([putWrite({ connection, unannounced: [] }, item.version)]);
}

/**
 * What was cancelled is begun anew in the end, by whoever still wants it; what has found nothing for want of a
 * permission, by whoever gave that back: the job says how little it was, and no hub can say more; and what has passed over
 * files of something in the bin, by whoever took that out: nobody tells of them.
 */
export function backfillAnew(world: World, functions: Functions): void {
  const site = lateSite(world);
  if (site === undefined) return;
  for (const direction of ['in', 'out'] as const) {
    const last = jobsOf(world).findLast((job) => isOf(job, direction));
    const isWanting = direction === 'in' && (site.vendor.hasExportedInVain || hasPassedOver(site));
    if (last?.state === 'cancelled' || isWanting) start(world, functions, site, direction);
  }
}

const hasPassedOver = ({ vendor }: Site): boolean =>
  [...vendor.unlisted].some((file) => vendor.isLive(file.id) && vendor.isLive(file.parent!.externalId));

/** In the order in which they were begun. */
export function jobsOf({ tables }: World): readonly BackfillJob[] {
  return tables.connections
    .items()
    .filter(({ pk }) => pk.endsWith('#backfills'))
    .map(({ data }) => data as BackfillJob)
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs);
}

/** Part of every sweep: a job whose function was stopped has nobody else to send its message. */
export function backfillSweep(world: World, functions: Functions): void {
  const site = lateSite(world);
  if (site === undefined) return;
  reconnect(world, functions, site);
  functions.invoke((invocation) => resending(platformFor(world, invocation)).run(), 'backfills');
}

export const backfillsUnderWay = (world: World): readonly string[] =>
  jobsOf(world)
    .filter(({ state, exports }) => state === 'running' || exports.some(({ name }) => name !== undefined))
    .map(({ id, state }) => `backfill ${id} is ${state}`);

/** The function behind an integration's queue of jobs; what it gives back comes again, as from the queue. */
export async function backfillOn(
  world: World,
  integration: string,
  message: BackfillMessage,
  invocation: Invocation,
): Promise<void> {
  const code = codeFor(world, integration, invocation);
  const work = backfiller(code, (id) => world.catalog.get(id), platformFor(world, invocation));
  const record = {
    messageId: 'm1',
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: '1' },
  };
  const getRemainingTimeInMillis = () => invocation.deadlineMs - invocation.clock.now();
  const given = await work({ Records: [record] } as never, { getRemainingTimeInMillis } as never);
  if (given.batchItemFailures.length > 0) invocation.kill();
}
