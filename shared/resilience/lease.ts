import { ConflictError } from '../errors.ts';
import type { Clock, Random, Store } from '../ports/index.ts';

/** The store removes what has expired by its own clock: a lease is there to its end, however wrong its holder's is. */
const KEPT_AFTER_MS = 3_600_000;

interface LeaseData {
  readonly holder: string;
  readonly untilMs: number;
}

export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly untilMs: number;
}

export interface Leases {
  /** Undefined while another holds it. A lease whose time is over is anybody's. */
  acquire(name: string, forMs: number): Promise<Lease | undefined>;
  /** Only the holder's own; a lease that went to somebody else meanwhile is left alone. */
  release(lease: Lease): Promise<void>;
}

export function createLeases(deps: { store: Store; clock: Clock; random: Random }): Leases {
  const { store, clock, random } = deps;
  return {
    async acquire(name, forMs) {
      const key = leaseKey(name);
      const held = await store.get<LeaseData>(key.pk, key.sk);
      if (held !== undefined && held.data.untilMs > clock.now()) return undefined;
      const data = { holder: random.id(), untilMs: clock.now() + forMs };
      const expiresAt = Math.ceil((data.untilMs + KEPT_AFTER_MS) / 1_000);
      try {
        await store.commit([{ put: { ...key, data, expiresAt }, expect: held?.version ?? 0 }]);
        return { name, ...data };
      } catch (error) {
        if (error instanceof ConflictError) return undefined;
        throw error;
      }
    },
    async release(lease) {
      const key = leaseKey(lease.name);
      const held = await store.get<LeaseData>(key.pk, key.sk);
      if (held?.data.holder !== lease.holder) return;
      try {
        await store.commit([{ remove: key, expect: held.version }]);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    },
  };
}

function leaseKey(name: string) {
  return { pk: `lease#${name}`, sk: 'lease' };
}
