import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import type { World } from '../world.ts';

/** One vendor that merges. */
export const mergingWorld = (): World => quietWorld([{ profile: { ...SALESFORCE_LIKE, merges: true } }]);
