import type { Clock, Integration, Random } from '../../shared/ports/index.ts';
import { createLimiter, Gate, guarded, openBreaker } from '../../shared/resilience/index.ts';
import type { Ports } from './invocation.ts';
import type { Site } from './truth.ts';
import { connectionOf, type World } from './world.ts';

interface Guarding {
  readonly integration: Integration;
  readonly ports: Ports & { readonly clock: Clock; readonly random: Random };
  readonly onClosed: () => Promise<void>;
}

/** The limits and the breaker that stand around every adapter in production. */
export function guardedFor(
  world: World,
  site: Site,
  { integration, ports, onClosed }: Guarding,
): Integration {
  const { vendor, connection } = site;
  if (!vendor.profile.isGuarded) return integration;
  const { store, clock, random } = ports;
  const gate = new Gate({
    manifest: world.catalog.get(vendor.id)!.manifest,
    connection: connectionOf(site, 0),
    breaker: openBreaker({ store, clock }, connection),
    limiter: createLimiter({ store, clock }),
    priority: 'live',
    random,
    telemetry: world.telemetry,
    onClosed,
  });
  return guarded(integration, gate);
}
