import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, Plan, VendorPlan } from '../plan.ts';

const REMAPS = { from: 2, more: 4 };
/** Numbers of mapping changes, apart from all others. */
const REMAP_MARKS = 4_000;

/** The fields of every connector are paired by a document of its connection's, which its operator changes in flight. */
export function withRemaps(plan: Plan, random: SeededRandom): Plan {
  if (!random.chance(0.07) || plan.isFlooded) return plan;
  const vendors = plan.vendors.map((vendor): VendorPlan => {
    const { profile } = vendor;
    return profile.role === 'channel' ? vendor : { ...vendor, profile: { ...profile, hasDocument: true } };
  });
  const remaps = Array.from({ length: REMAPS.from + random.integer(REMAPS.more) }, (_, at): Operation => {
    // While what people have just done is on its way.
    const amid = random.pick(plan.operations).atMs + random.integer(random.pick([500, 5_000, 60_000]));
    return {
      operation: 'remap',
      atMs: Math.max(amid, 6_000),
      vendor: random.integer(60),
      target: random.integer(60),
      field: random.integer(4),
      value: REMAP_MARKS + 100 * at + random.integer(100),
    };
  });
  const operations = [...plan.operations, ...remaps].sort((a, b) => a.atMs - b.atMs);
  return { ...plan, vendors, operations };
}
