import { ConflictError, HubError, RateLimitedError } from '../../../shared/errors.ts';
import type { World } from '../world.ts';
import type { Breach } from './families.ts';

/** A function fails only of what was done to it: anything else is a defect that a retry would hide. */
export function failuresHaveCauses({ chronicle, injector }: World): readonly Breach[] {
  return chronicle.failures
    .filter(({ error }) => !isOwed(error, injector.errors))
    .map(({ where, error }) => ({ invariant: 5, what: `${where} failed of its own: ${nameOf(error)}` }));
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
