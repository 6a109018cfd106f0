import type { Operation } from '../plan.ts';
import { areaActs } from './areas.ts';
import { hasVendor, type Layer, withActs, withConnectors } from './layer.ts';
import { withLosses } from './losses.ts';

const REMAPS = { from: 2, more: 4 };
/** Numbers of mapping changes, apart from all others. */
const REMAP_MARKS = 4_000;

/** The fields of every connector are paired by a document of its connection's, which its operator changes in flight. */
export const remaps: Layer = {
  isIn: (plan) => hasVendor(plan, ({ profile }) => profile.hasDocument === true),
  lay(plan, random) {
    const vendors = withConnectors(plan, { hasDocument: true });
    const acts = Array.from({ length: REMAPS.from + random.integer(REMAPS.more) }, (_, at): Operation => {
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
    const losses = withLosses({ ...plan, vendors });
    const operations = withActs(plan, [...acts, ...areaActs(plan), ...losses.acts]);
    return { ...plan, vendors: losses.vendors, operations };
  },
};
