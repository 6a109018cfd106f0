/**
 * Of the thousand histories of `npm test`, those in which the engine still breaks an invariant: seed →
 * invariants. Each is an open defect, replayed by `npm run simulate -- --histories 1 --seed SEED`. The test
 * fails for any breach that is not listed, and for any listed history that has healed: the list only shrinks.
 */
export const KNOWN_BREACHES: Readonly<Record<number, readonly number[]>> = {
  // In a conversation that two records share since a merge, a comment of the one that came under no mark, its answer on
  // the way, is taken for a comment of the other's.
  649: [1, 3, 4],
};

/** Of the sixty histories that differ from those by one random number alone, told of under the same terms. */
export const KNOWN_CONTROL_BREACHES: typeof KNOWN_BREACHES = {};

export const KNOWN_SEEDS: readonly number[] = Object.keys(KNOWN_BREACHES).map(Number);
