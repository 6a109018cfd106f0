import { describe, expect, it } from 'vitest';
import { planOf } from '../generate.ts';
import { APART, isApart, LAYER_NAMES, pairsIn } from './layers.ts';

const SEEDS = 6_000;
const PAIRS = LAYER_NAMES.flatMap((one, at) =>
  LAYER_NAMES.slice(at + 1).map((other) => [one, other] as const),
);

describe('worlds laid over one another', () => {
  const met = new Set(Array.from({ length: SEEDS }, (_, seed) => pairsIn(planOf(seed))).flat());

  it.each(PAIRS.filter((pair) => !isApart(...pair)))('brings %s and %s together', (one, other) => {
    expect(met).toContain(`${one}+${other}`);
  });

  it('says of each pair once why it is kept apart', () => {
    const named = APART.map(([one, other]) => [one, other].toSorted().join());
    expect(new Set(named).size).toBe(APART.length);
  });

  it.each(PAIRS)('lays %s and %s over a history by name', (one, other) => {
    expect(pairsIn(planOf(1, [one, other]))).toEqual([`${one}+${other}`]);
  });

  it.each(LAYER_NAMES.filter((name) => name !== 'flood' && !isApart('flood', name)))(
    'leaves tenants of one vendor alike with %s',
    (name) => {
      const plans = [1, 2, 3, 314].map((seed) => planOf(seed, ['flood', name]));

      const pairs = plans.flatMap(({ vendors }) =>
        vendors.flatMap(({ sharesWith, profile }) =>
          sharesWith === undefined ? [] : [[profile, vendors[sharesWith]?.profile]],
        ),
      );
      expect(pairs.length).toBeGreaterThan(0);
      for (const [own, others] of pairs) expect(own).toEqual(others);
    },
  );
});
