import { ConflictError, HubError, RateLimitedError } from '../../../shared/errors.ts';
import type { World } from '../world.ts';
import type { Breach } from './families.ts';

/** What the sweeper catches, and tells as a defect of the hub's. */
const UNPLANNED = new Set(['unknown', 'invariant']);

/** A function fails only of what was done to it: anything else is a defect that a retry would hide. */
export function failuresHaveCauses({ chronicle, injector, telemetry }: World): readonly Breach[] {
  const ownFaults = telemetry.logs
    .filter(({ level, facts }) => level === 'error' && UNPLANNED.has(String(facts.code)))
    .map(({ message, facts }) => ({ invariant: 5, what: `${message}: ${JSON.stringify(facts)}` }));
  const failed = chronicle.failures
    .filter(({ error }) => !isOwed(error, injector.errors))
    .map(({ where, error }) => ({ invariant: 5, what: `${where} failed of its own: ${nameOf(error)}` }));
  return [...failed, ...ownFaults];
}

function isOwed(error: unknown, injected: WeakSet<Error>): boolean {
  if (!(error instanceof HubError)) return false;
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (injected.has(each)) return true;
  }
  // Two functions met on one item: the store said so to one of them, and its message comes again.
  return error instanceof ConflictError || error instanceof RateLimitedError;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
