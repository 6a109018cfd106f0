import type { DeletionPolicies, FieldPolicy } from '../../../shared/ports/index.ts';
import type { SeededRandom } from '../../memory/index.ts';
import type { Plan, VendorPlan } from '../plan.ts';
import { hasVendor, type Layer } from './layer.ts';

const CHOICES: Readonly<Record<string, readonly FieldPolicy[]>> = {
  subject: [{ use: 'set' }, { use: 'ask' }, { use: 'side', side: 'this connection' }],
  description: [{ use: 'text' }, { use: 'text' }, { use: 'ask' }],
  status: [{ use: 'side', side: 'hub record' }, { use: 'ask' }],
  priority: [{ use: 'side', side: 'this connection' }, { use: 'side', side: 'hub record' }, { use: 'ask' }],
  body: [
    { use: 'text' },
    { use: 'text' },
    { use: 'ask' },
    { use: 'side', side: 'hub record' },
    { use: 'side', side: 'this connection' },
  ],
};

const DELETIONS: readonly DeletionPolicies[] = [
  {},
  { ticket: 'close' },
  { ticket: 'ignore', comment: 'ignore' },
  { ticket: 'close', comment: 'ignore' },
];

/** Owners of connections have chosen how conflicts are settled there, and what a deletion there means elsewhere. */
export const policies: Layer = {
  isIn: (plan) => hasVendor(plan, (vendor) => vendor.policies !== undefined),
  lay(plan, random) {
    const vendors = plan.vendors.map((vendor) => {
      const chosen = Object.entries(CHOICES).filter(() => random.chance(0.6));
      const own = Object.fromEntries(chosen.map(([field, choices]) => [field, random.pick(choices)]));
      return { ...vendor, policies: own, deletions: random.pick(DELETIONS) };
    });
    return { ...plan, vendors: vendors.map(withoutFollowing(random.fork())) };
  },
};

/** By draws of their own: what a deletion of a file or a person there means elsewhere. */
const withoutFollowing = (random: SeededRandom) => (vendor: VendorPlan) => ({
  ...vendor,
  deletions: {
    ...vendor.deletions,
    ...(random.chance(0.4) ? { attachment: 'ignore' as const } : {}),
    ...(random.chance(0.4) ? { contact: 'ignore' as const } : {}),
  },
});

/** Every conflict is settled by the newest. */
export const withoutPolicies = (plan: Plan): Plan => ({
  ...plan,
  vendors: plan.vendors.map(({ policies: _policies, ...vendor }) => vendor),
});
