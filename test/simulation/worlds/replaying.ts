import type { OrganizationId } from '../../../shared/domain/index.ts';
import type { ParkedFilter, ReplayJob } from '../../../shared/ports/index.ts';
import { engineFor } from '../engine.ts';
import type { Functions } from '../functions.ts';
import { gatedPorts, type Invocation } from '../invocation.ts';
import type { Operation } from '../plan.ts';
import type { World } from '../world.ts';

/** Longer than a job that its function died of waits for the sweeper. */
const RETRY_AFTER_MS = 90_000;
const MAX_TRIES = 20;

export const hasReplays = ({ plan }: World): boolean =>
  plan.operations.some(({ operation }) => operation === 'replay');

/** An operator puts back all that a filter means. One in three functions that begin with it dies of it. */
export function replayAct(world: World, functions: Functions, operation: Operation): boolean {
  const { organization, connection } = world.sites[operation.vendor % world.sites.length]!;
  const filters: readonly ParkedFilter[] = [
    {},
    { cause: 'rejected' },
    { connection },
    { fault: 'vendor' },
    { kind: 'comment' },
    { text: 'rule', untilMs: world.scheduler.clock.now() },
    { cause: 'asked' },
  ];
  const filter = filters[operation.target % filters.length]!;
  const diesAfterMs = operation.value % 3 === 0 ? 20 + ((operation.value * 37) % 400) : undefined;
  start(world, functions, { organization, filter, diesAfterMs }, () => undefined);
  return true;
}

interface Asked {
  readonly organization: OrganizationId;
  readonly filter: ParkedFilter;
  readonly diesAfterMs: number | undefined;
}

function start(world: World, functions: Functions, asked: Asked, onEnd: (isDone: boolean) => void): void {
  const { organization, filter, diesAfterMs } = asked;
  const { injector, scheduler } = world;
  functions.invoke(
    async (invocation) => {
      if (diesAfterMs !== undefined) {
        scheduler.after(diesAfterMs, () => {
          if (!invocation.isDead) injector.count('replay-killed');
          invocation.kill();
        });
      }
      const job = await engineOf(world, invocation).startReplay(organization, filter, 'user:ops');
      count(world, job);
    },
    'replay in bulk',
    onEnd,
  );
}

function count({ injector }: World, { state, replayed, gone }: ReplayJob): void {
  injector.count('bulk-replay');
  if (state === 'cancelled') injector.count('bulk-replay-cancelled');
  injector.count('bulk-replayed', replayed);
  if (gone > 0) injector.count('bulk-replay-met-gone', gone);
}

/** Somebody thinks better of it; false while none is under way. */
export function cancelReplayAct(world: World, functions: Functions): boolean {
  const job = replaysIn(world).find(({ state }) => state === 'running');
  if (job === undefined) return false;
  functions.invoke(async (invocation) => {
    const { organization, id } = job;
    const ended = await engineOf(world, invocation).cancelReplay(organization, id);
    if (ended.state === 'cancelled') world.injector.count('bulk-replay-cancelled');
  }, 'cancelled replay');
  return true;
}

/** Part of every sweep: brings jobs on that their functions have died of. */
export function replaySweep(world: World, functions: Functions): void {
  if (!hasReplays(world)) return;
  functions.invoke(async (invocation) => {
    const replayed = await engineOf(world, invocation).advanceReplays();
    if (replayed > 0) world.injector.count('bulk-replay-taken-over');
  }, 'replays');
}

/** When everything is mended, what was refused goes back by the lot, and again until that is accepted. */
export function mendInBulk(world: World, functions: Functions): void {
  for (const organization of new Set(world.sites.map((site) => site.organization))) {
    const all = (['rejected', 'dead-letter'] as const).map((cause): ParkedFilter => ({ cause }));
    next(world, functions, { organization, filters: all, tries: 0 });
  }
}

interface Mending {
  readonly organization: OrganizationId;
  readonly filters: readonly ParkedFilter[];
  readonly tries: number;
}

function next(world: World, functions: Functions, mending: Mending): void {
  const { organization, filters, tries } = mending;
  const [filter, ...others] = filters;
  world.asking.delete(organization);
  if (filter === undefined || tries >= MAX_TRIES) return;
  world.asking.add(organization);
  // The first function dies of it.
  const diesAfterMs = tries === 0 ? 20 + world.random.integer(400) : undefined;
  start(world, functions, { organization, filter, diesAfterMs }, (isDone) => {
    const rest = isDone ? others : filters;
    const afterMs = isDone ? 1 : RETRY_AFTER_MS;
    world.scheduler.after(afterMs, () =>
      next(world, functions, { organization, filters: rest, tries: tries + 1 }),
    );
  });
}

export function replaysIn({
  store,
}: World): readonly (ReplayJob & { readonly organization: OrganizationId })[] {
  return store.items().flatMap(({ sk, data }) => (sk === 'replay' ? [data as never] : []));
}

function engineOf(world: World, invocation: Invocation) {
  const ports = gatedPorts(world.ports, invocation, world.random);
  return engineFor(world, { ...ports, clock: invocation.clock });
}
