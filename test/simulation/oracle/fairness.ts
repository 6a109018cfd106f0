import type { World } from '../world.ts';
import type { Breach } from './families.ts';

/** The longest any worker lives (DESIGN, Queues): by then one of those at work is free again. */
const WORKER_MS = 30_000;
/** What frees itself in one window of a shared limit is kept for who was refused; another, for its wake and its turn. */
const WINDOWS = 2;

/**
 * Invariant 6, between tenants: while others flood a queue, a tenant with nothing under way on it has its next message
 * taken up as soon as one function is free.
 */
export function nobodyStarves(world: World): readonly Breach[] {
  if (world.plan.isFlooded !== true) return [];
  return [...workWaits(world), ...(world.plan.faults.length === 0 ? callsWait(world) : [])];
}

const isModest = ({ organization }: { readonly organization: string }) => organization === 'org0';

function workWaits({ chronicle, injector }: World): readonly Breach[] {
  const modest = chronicle.starved.filter(isModest);
  if (modest.length > 0) injector.count('waited-among-greedy', modest.length);
  return modest
    .filter(({ forMs }) => forMs > WORKER_MS)
    .map(({ queue, forMs }) => ({
      invariant: 6,
      what: `${queue}: work of the modest tenant waited ${Math.round(forMs / 1_000)} s behind a greedy one's`,
    }));
}

/** Where nothing else goes wrong, who was refused by a limit that others drain is let through within its windows. */
function callsWait({ chronicle, injector, catalog }: World): readonly Breach[] {
  const modest = chronicle.refusedMs.filter(isModest);
  if (modest.length > 0) injector.count('refused-among-greedy', modest.length);
  const windowMs = Math.max(
    0,
    ...[...catalog.values()].flatMap(({ manifest }) => manifest.limits.map((limit) => limit.windowMs)),
  );
  return modest
    .filter(({ forMs }) => forMs > WINDOWS * windowMs)
    .map(({ forMs }) => ({
      invariant: 6,
      what: `the modest tenant was refused for ${Math.round(forMs / 1_000)} s by a limit that a greedy one drains`,
    }));
}
