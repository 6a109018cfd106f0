import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { type World, worldOf } from '../world.ts';

/** One vendor that merges, and nothing that happens by itself: whoever asks lets happen what is to be judged. */
export const mergingWorld = (): World =>
  worldOf({
    seed: 1,
    vendors: [{ organization: 0, profile: { ...SALESFORCE_LIKE, merges: true } }],
    skewsMs: [],
    retentionMs: 900_000,
    operations: [],
    faults: [],
    spells: [],
  });
