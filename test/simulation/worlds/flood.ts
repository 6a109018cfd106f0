import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, OperationName, VendorPlan } from '../plan.ts';
import { type Layer, withActs } from './layer.ts';

const FLOOD = { opens: 24, edits: 12, withinMs: 1_500, slowMs: 6_000 };
/** Marks of what is opened in a flood, apart from all others. */
const FLOOD_MARKS = 2_000;

/**
 * A second tenant of the same integrations opens and edits more at once than all functions together can carry out, at
 * vendors that answer slowly; the first goes on meanwhile. Nobody stops the functions: that is no tenant's doing. Some
 * histories have no fault, so that how long anybody waits is the flood's doing alone.
 */
export const flood: Layer = {
  isIn: ({ isFlooded }) => isFlooded === true,
  lay(plan, random) {
    const modest = plan.vendors.filter(({ organization }) => organization === 0);
    const greedy = modest.map(({ profile }, at): VendorPlan => {
      return { organization: 1, profile, sharesWith: at, slowMs: FLOOD.slowMs };
    });
    const spells = plan.spells.filter(({ spell }) => spell !== 'consumers-stopped');
    const operations = withActs(plan, floodOf(modest.length, random));
    const isCalm = random.chance(0.4);
    const flooded = { ...plan, operations, vendors: [...modest, ...greedy], isFlooded: true } as const;
    return isCalm ? { ...flooded, faults: [], spells: [] } : { ...flooded, spells };
  },
};

function floodOf(tenants: number, random: SeededRandom): readonly Operation[] {
  const fromMs = 6_000 + random.integer(30_000);
  const act = (operation: OperationName, at: number, afterMs: number, vendor: number): Operation => ({
    operation,
    atMs: fromMs + afterMs,
    vendor,
    target: random.integer(60),
    field: random.integer(4),
    value: FLOOD_MARKS + at,
  });
  const flood = Array.from({ length: FLOOD.opens }, (_, at) =>
    act('open', at, random.integer(FLOOD.withinMs), tenants),
  );
  const more = Array.from({ length: FLOOD.edits }, (_, at) =>
    act('edit', 100 + at, 3_000 + random.integer(20_000), tenants + random.integer(tenants)),
  );
  const between = Array.from({ length: 8 }, (_, at) =>
    act(at % 4 === 0 ? 'open' : 'edit', 200 + at, random.integer(25_000), random.integer(tenants)),
  );
  return [...flood, ...more, ...between];
}
