import type { Plan } from './plan.ts';
import { type Outcome, run } from './run.ts';
import type { Safeguard } from './safeguards.ts';

export interface Shrunk {
  readonly plan: Plan;
  readonly outcome: Outcome;
  /** Of all that was tried. */
  readonly runs: number;
  readonly steps: number;
}

/**
 * Takes away whatever the failure does not need: operations, faults, spells, wrong clocks. Bound by steps, of which a
 * history takes some 5,000, and one that does not come to rest many times as many.
 */
export async function shrink(plan: Plan, without: Safeguard | undefined, maxSteps: number): Promise<Shrunk> {
  const first = await run(plan, without);
  const broken = first.breaches[0]?.invariant;
  let best: Shrunk = { plan, outcome: first, runs: 1, steps: first.steps };
  let { runs, steps } = best;
  const attempt = async (candidate: Plan): Promise<boolean> => {
    if (steps >= maxSteps) return false;
    const outcome = await run(candidate, without);
    runs += 1;
    steps += outcome.steps;
    const isStill = outcome.breaches.some(({ invariant }) => invariant === broken);
    if (isStill) best = { plan: candidate, outcome, runs, steps };
    return isStill;
  };
  if (broken === undefined) return best;
  await attempt({ ...best.plan, skewsMs: [] });
  for (let before = -1; before !== sizeOf(best.plan) && steps < maxSteps; ) {
    before = sizeOf(best.plan);
    for (const part of ['spells', 'faults', 'operations'] as const) {
      await withoutParts(() => best.plan, part, attempt);
    }
  }
  return { ...best, runs, steps };
}

function sizeOf({ operations, faults, spells }: Plan): number {
  return operations.length + faults.length + spells.length;
}

/** Halves, quarters, … single ones: whatever can go, goes. */
async function withoutParts(
  current: () => Plan,
  part: 'spells' | 'faults' | 'operations',
  attempt: (plan: Plan) => Promise<boolean>,
): Promise<void> {
  for (let size = current()[part].length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < current()[part].length; ) {
      const kept: readonly unknown[] = current()[part].filter((_, at) => at < from || at >= from + size);
      const isGone = await attempt({ ...current(), [part]: kept } as Plan);
      if (!isGone) from += size;
    }
  }
}

/** A history as a person reads it. */
export function told({ plan, outcome }: Shrunk): string {
  const vendors = plan.vendors.map(
    ({ organization, profile }, at) => `  v${at} (org${organization}): ${JSON.stringify(profile)}`,
  );
  const operations = plan.operations.map(
    ({ atMs, operation, vendor, target, field, value }) =>
      `  ${(atMs / 1000).toFixed(3)} s: ${operation} at v${vendor % plan.vendors.length}, target ${target}, field ${field}, value ${value}`,
  );
  const faults = plan.faults.map(({ fault, at }) => `  ${fault} at opportunity ${at}`);
  const spells = plan.spells.map(
    ({ spell, fromMs, forMs, vendor }) =>
      `  ${spell} at v${vendor % plan.vendors.length} from ${fromMs / 1000} s for ${forMs / 1000} s`,
  );
  const broken = outcome.breaches.map(({ invariant, what }) => `  invariant ${invariant}: ${what}`);
  return [
    'broken:',
    ...broken,
    'vendors:',
    ...vendors,
    'operations:',
    ...operations,
    'faults:',
    ...faults,
    'spells:',
    ...spells,
    `clocks off by (ms): ${plan.skewsMs.join(', ') || 'none'}`,
  ].join('\n');
}
