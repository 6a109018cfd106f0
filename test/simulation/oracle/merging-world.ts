import { quietWorld } from '../quiet-world.ts';
import { type Profile, SALESFORCE_LIKE } from '../vendor/profile.ts';
import type { World } from '../world.ts';

/** One vendor that merges. */
export const mergingWorld = (more: Partial<Profile> = {}): World =>
  quietWorld([{ profile: { ...SALESFORCE_LIKE, merges: true, ...more } }]);
