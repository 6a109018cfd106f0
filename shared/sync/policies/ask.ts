import type { ConflictPolicy } from '../policy.ts';

/** Nobody is overwritten before a person has decided; every other field goes on. */
export const ask: ConflictPolicy = {
  name: 'ask',
  decide: () => ({ winner: 'nobody', why: 'both sides changed it; a person decides' }),
};
