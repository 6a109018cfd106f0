import type { Cursor } from '../../../shared/ports/index.ts';
import { START_MS } from '../../memory/index.ts';
import type { GateOptions } from '../invocation.ts';
import type { FaultName } from '../plan.ts';
import type { Site } from '../truth.ts';
import { isUnder, type World } from '../world.ts';
import { errorOf } from './integration.ts';

export function callTimes({ random, plan }: World, { index }: Site): GateOptions {
  const inMs = 10 + random.integer(120);
  const outMs = 10 + random.integer(random.chance(0.1) ? 3_000 : 250);
  const { slowMs } = plan.vendors[index]!;
  return { inMs, outMs: outMs + (slowMs === undefined ? 0 : random.integer(slowMs)) };
}

export function refuseRead(world: World, site: Site, fault: FaultName | undefined): void {
  const failure =
    fault === 'read-throttled' ? 'throttled' : fault === 'read-unavailable' ? 'unavailable' : undefined;
  if (failure !== undefined) {
    world.injector.count(fault!);
    throw world.injector.caused(errorOf(failure));
  }
  if (isUnder(world, 'outage', site.index)) {
    world.injector.count('outage');
    throw world.injector.caused(errorOf('unavailable'));
  }
}

/** What was there before is for a backfill to bring. */
export function sinceConnected({ plan }: World, { index }: Site): Cursor | undefined {
  const { connectsAtMs } = plan.vendors[index]!;
  return connectsAtMs === undefined ? undefined : { stamp: String(START_MS + connectsAtMs), id: '' };
}
