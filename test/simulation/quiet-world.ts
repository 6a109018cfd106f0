import type { Plan, VendorPlan } from './plan.ts';
import { type World, worldOf } from './world.ts';

/** Nothing happens and nothing fails: a history says what does. */
export const QUIET: Omit<Plan, 'vendors'> = {
  seed: 1,
  skewsMs: [],
  retentionMs: 900_000,
  operations: [],
  faults: [],
  spells: [],
};

/** One tenant's vendors, and nothing that happens by itself: whoever asks lets happen what is to be judged. */
export const quietWorld = (vendors: readonly Omit<VendorPlan, 'organization'>[]): World =>
  worldOf({ ...QUIET, vendors: vendors.map((each) => ({ organization: 0, ...each })) });
