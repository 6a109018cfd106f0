import type { SeededRandom } from '../../memory/index.ts';
import type { VendorPlan } from '../plan.ts';
import { hasVendor, type Layer } from './layer.ts';

/** Vendors that change every text they are given, differently each time; most of them do not say who did it. */
export const restless: Layer = {
  isIn: (plan) => hasVendor(plan, ({ profile }) => profile.normaliser === 'restless'),
  lay(plan, random) {
    const drawn = plan.vendors.map((vendor) => unsettled(vendor, random));
    return { ...plan, vendors: drawn.map((vendor) => asItsIntegration(vendor, drawn)) };
  },
};

/** Tenants of one integration have one vendor. */
function asItsIntegration(vendor: VendorPlan, all: readonly VendorPlan[]): VendorPlan {
  const { sharesWith } = vendor;
  return sharesWith === undefined ? vendor : { ...vendor, profile: all[sharesWith]!.profile };
}

function unsettled(vendor: VendorPlan, random: SeededRandom): VendorPlan {
  if (!random.chance(0.8)) return vendor;
  const hasAuthorship = vendor.profile.hasAuthorship && random.chance(0.4);
  return { ...vendor, profile: { ...vendor.profile, normaliser: 'restless', hasAuthorship } };
}
