import { STRIKES } from '../faults.ts';
import type { Fault, FaultName, Operation, VendorPlan } from '../plan.ts';
import { hasVendor, type Layer, lastMsOf, withActs } from './layer.ts';
import type { TokenRules } from './token-endpoint.ts';

/** Of the way to a token endpoint and back. */
export const TOKEN_FAULTS = (Object.keys(STRIKES) as FaultName[]).filter((name) => STRIKES[name] === 'renew');

const MINUTE_MS = 60_000;
/** Renewed ten minutes ahead of their end, these are fresh for a minute or two. */
const LIVES_MS = [10.5 * MINUTE_MS, 11 * MINUTE_MS, 12 * MINUTE_MS];
/** How long a refresh token that was exchanged is still good, by vendor. */
const GRACES_MS = [0, 0, 60_000, Number.POSITIVE_INFINITY];
const RENEWALS = 14;

/**
 * Vendors' tokens end, and their refresh tokens are good once: who comes with an old one has the whole family revoked
 * (RFC 9700 §4.14.2). Functions die with a new one in their hands, answers are lost, somebody revokes what was granted.
 */
export const tokens: Layer = {
  isIn: (plan) => hasVendor(plan, (vendor) => vendor.tokens !== undefined),
  lay(plan, random) {
    const vendors = plan.vendors.map((vendor): VendorPlan => {
      const rules: TokenRules = { lifeMs: random.pick(LIVES_MS), graceMs: random.pick(GRACES_MS) };
      return { ...vendor, tokens: rules };
    });
    const faults = TOKEN_FAULTS.filter(() => random.chance(0.5)).map(
      (fault): Fault => ({ fault, at: random.integer(RENEWALS) }),
    );
    const lastMs = lastMsOf(plan, MINUTE_MS);
    const again = Array.from({ length: 3 }, (): Operation => {
      const atMs = 30_000 + random.integer(lastMs);
      return { operation: 'authorize', atMs, vendor: random.integer(60), target: 0, field: 0, value: 0 };
    });
    const operations = withActs(plan, again);
    return { ...plan, vendors, operations, faults: [...plan.faults, ...faults] };
  },
};
