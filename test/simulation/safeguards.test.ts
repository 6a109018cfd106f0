import { describe, expect, it } from 'vitest';
import { KNOWN_SEEDS } from './known-breaches.ts';
import { runBatch } from './pool.ts';
import { SAFEGUARDS } from './safeguards.ts';

const HISTORIES = 1_000;
const TIMEOUT_MS = 400_000;

describe('simulation: every safeguard is needed', () => {
  for (const safeguard of SAFEGUARDS) {
    it(
      `breaks within ${HISTORIES} histories without ${safeguard}`,
      async () => {
        const outcomes = await runBatch({
          seed: 1,
          histories: HISTORIES,
          without: safeguard,
          stopsAtBreach: true,
          // A history that breaks with every safeguard on proves nothing of the one that is off.
          skip: KNOWN_SEEDS,
        });

        expect(outcomes.filter(({ breaches }) => breaches.length > 0)).not.toEqual([]);
      },
      TIMEOUT_MS,
    );
  }
});
