import type { Clock, Integration, Random, Store } from '../../shared/ports/index.ts';
import {
  createLimiter,
  Gate,
  guarded,
  type Limiter,
  openBreaker,
  QUOTA,
} from '../../shared/resilience/index.ts';
import type { Ports } from './invocation.ts';
import type { Site } from './truth.ts';
import { connectionOf, type World } from './world.ts';

interface Guarding {
  readonly integration: Integration;
  readonly ports: Ports & { readonly clock: Clock; readonly random: Random };
  /** Buckets and breakers, which polls draw from and report to as well. */
  readonly limits: Store;
  readonly onClosed: () => Promise<void>;
}

/** What was drawn is free again at once. */
const FORGETFUL = { ...QUOTA, heldSlots: 0 };

const rulesIn = ({ without }: World) => (without === 'quota' ? FORGETFUL : QUOTA);

function permitsNoted({ chronicle, scheduler }: World, limiter: Limiter): Limiter {
  return {
    take: async (scope, priority) => {
      const permit = await limiter.take(scope, priority);
      const { connection, limit } = scope;
      const of = limit.per === 'app' ? connection.integration : connection.id;
      if (permit.isGranted) chronicle.permits.push({ of, limit, atMs: scheduler.clock.now() });
      return permit;
    },
    throttled: (...told) => limiter.throttled(...told),
    correct: (...told) => limiter.correct(...told),
  };
}

/** The limits and the breaker that stand around every adapter in production. */
export function guardedFor(
  world: World,
  site: Site,
  { integration, ports, limits: store, onClosed }: Guarding,
): Integration {
  const { vendor, connection } = site;
  if (!vendor.profile.isGuarded) return integration;
  const { clock, random } = ports;
  const now = () => world.scheduler.clock.now();
  const gate = new Gate({
    manifest: world.catalog.get(site.integration)!.manifest,
    connection: connectionOf(site, 0),
    breaker: openBreaker({ store, clock }, connection),
    limiter: permitsNoted(world, createLimiter({ store, clock, rules: rulesIn(world) })),
    priority: 'live',
    random,
    telemetry: world.telemetry,
    onClosed,
    onThrottled: async () => {
      if (!world.refusedSinceMs.has(connection)) world.refusedSinceMs.set(connection, now());
    },
  });
  return guarded(integration, gate);
}
