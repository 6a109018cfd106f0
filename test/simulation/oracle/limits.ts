import type { World } from '../world.ts';
import type { Breach } from './families.ts';

/** Functions' clocks agree to within a second, and what one of them is let do it does a moment later. */
const CLOCKS_MS = 1_500;

/**
 * Invariant 6, between tenants: of what a vendor lets through in any span of a limit's window the workers draw no more
 * than that. It would refuse whoever comes then.
 */
export function limitsHold({ chronicle }: World): readonly Breach[] {
  const drawn = Object.groupBy(chronicle.permits, ({ of }) => of);
  return Object.entries(drawn).flatMap(([of, permits = []]) => {
    const over = permits.find(({ limit: { tokens, windowMs }, atMs }, at) => {
      const first = permits[at - tokens];
      return first !== undefined && atMs - first.atMs < windowMs - CLOCKS_MS;
    });
    if (over === undefined) return [];
    const { tokens, windowMs } = over.limit;
    return [{ invariant: 6, what: `${of}: more than ${tokens} calls within ${windowMs / 1_000} s` }];
  });
}
