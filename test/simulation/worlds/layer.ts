import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, OperationName, Plan, VendorPlan } from '../plan.ts';
import type { Profile } from '../vendor/profile.ts';

/** One of the worlds that may be laid over a usual history. */
export interface Layer {
  /** Whether a history has it. */
  isIn(plan: Plan): boolean;
  lay(plan: Plan, random: SeededRandom): Plan;
}

export const hasAct = ({ operations }: Plan, name: OperationName): boolean =>
  operations.some(({ operation }) => operation === name);

export const hasVendor = ({ vendors }: Plan, is: (vendor: Plan['vendors'][number]) => boolean): boolean =>
  vendors.some(is);

/** The plan's vendors, its connectors with this besides. */
export const withConnectors = ({ vendors }: Plan, more: Partial<Profile>): readonly VendorPlan[] =>
  vendors.map((vendor) =>
    vendor.profile.role === 'channel' ? vendor : { ...vendor, profile: { ...vendor.profile, ...more } },
  );

/** When the last of them is. */
export const lastMsOf = ({ operations }: Plan, atLeastMs: number): number =>
  Math.max(atLeastMs, ...operations.map(({ atMs }) => atMs));

export const withActs = (plan: Plan, acts: readonly Operation[]): readonly Operation[] =>
  [...plan.operations, ...acts].sort((a, b) => a.atMs - b.atMs);

/** Acts of which chance says on what of what is there then. */
export const actsBy =
  (random: SeededRandom, fields = 4) =>
  (operation: OperationName, atMs: number, value: number, vendor = random.integer(60)): Operation => ({
    operation,
    atMs,
    vendor,
    target: random.integer(60),
    field: random.integer(fields),
    value,
  });

/** An act at about the time of one that is planned already, or soon after, of which chance says on what. */
export function drawnAmid(
  { operations }: Plan,
  random: SeededRandom,
  act: Pick<Operation, 'operation' | 'value'>,
): Operation {
  const amid = random.pick(operations).atMs + random.integer(random.pick([500, 5_000, 60_000]));
  return {
    ...act,
    atMs: Math.max(amid, 6_000),
    vendor: random.integer(60),
    target: random.integer(60),
    field: random.integer(60),
  };
}
