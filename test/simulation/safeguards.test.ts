import { describe, expect, it } from 'vitest';
import { KNOWN_SEEDS } from './known-breaches.ts';
import { breaks, runBatch } from './pool.ts';
import { CONTROL, keptBy, SAFEGUARDS } from './safeguards.ts';

const HISTORIES = 1_000;
const CONTROL_HISTORIES = 60;
const TIMEOUT_MS = 400_000;

describe('simulation: every safeguard is needed', () => {
  for (const safeguard of SAFEGUARDS) {
    const kept = keptBy(safeguard);
    it(
      `breaks invariant ${kept.join(' or ')} within ${HISTORIES} histories without ${safeguard}`,
      async () => {
        const outcomes = await runBatch({
          seed: 1,
          histories: HISTORIES,
          without: safeguard,
          stopsAt: kept,
          // A history that breaks with every safeguard on proves nothing of the one that is off.
          skip: KNOWN_SEEDS,
        });

        expect(outcomes.filter((outcome) => breaks(outcome, kept))).not.toEqual([]);
      },
      TIMEOUT_MS,
    );
  }

  it(
    `breaks nothing in ${CONTROL_HISTORIES} histories that differ by one random number`,
    async () => {
      const outcomes = await runBatch({ seed: 1, histories: CONTROL_HISTORIES, without: CONTROL });

      expect(outcomes.flatMap(({ breaches }) => breaches.map(({ what }) => what))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
