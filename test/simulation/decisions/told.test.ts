import { describe, expect, it } from 'vitest';
import { PATIENCE_MS, stepBack } from '../background.ts';
import { runBatch } from '../pool.ts';
import { reportOf } from '../report.ts';
import { instrument } from './instrument.ts';
import { Counted } from './tally.ts';
import { type Decisions, decisionsOf, told } from './told.ts';

stepBack();

const SEED = 3;

/** The branches of a text, each counted as often as its label says. */
function decisionsIn(source: string, times: Readonly<Record<string, number>>): Decisions {
  const { branches } = instrument('judge.ts', source);
  return decisionsOf(
    new Map([['judge.ts', branches.map((each) => ({ ...each, times: times[each.label] ?? 0 }))]]),
  );
}

const JUDGE =
  'function judge(x) { if (x) return late(x && 1); return edit(); }\nfunction late(x) { return x; }';

describe('decisions', () => {
  it('are told with how often each was called, and each of its branches taken', () => {
    const { 'judge.ts': judged } = decisionsIn(JUDGE, { 'judge()': 3, x: 1, 'not: x': 2, 'late()': 1 });

    expect(judged).toMatchObject({ taken: 4, of: 6, calls: { judge: 3, late: 1 } });
    expect(judged!.branches).toMatchObject({
      '1:1 judge()': 3,
      '1:25 x': 1,
      '1:25 not: x': 2,
      '2:1 late()': 1,
    });
  });

  it('say of what is idle only where it begins', () => {
    const never = (times: Readonly<Record<string, number>>) => decisionsIn(JUDGE, times)['judge.ts']!.never;

    expect(never({})).toEqual(['1:1 judge()', '2:1 late()']);
    expect(never({ 'judge()': 2, 'not: x': 2 })).toEqual(['1:25 x', '2:1 late()']);
    expect(never({ 'judge()': 2, x: 2, 'then 1': 2, 'late()': 2 })).toEqual([
      '1:25 not: x',
      '1:45 without 1',
    ]);
  });

  it('are told in lines a person reads', () => {
    expect(told(decisionsIn(JUDGE, { 'judge()': 2, 'not: x': 2 }))).toEqual([
      '2 of the 6 branches of shared/sync were taken (how often each: --json)',
      '  judge.ts: 2 of 6, judge 2, late 0',
      '    never: 1:25 x | 2:1 late()',
    ]);
  });
});

describe('the engine’s decisions', () => {
  it('are counted over all workers', () => {
    const counted = new Counted();
    for (const { counters } of [counted.give(), counted.give()]) new Uint32Array(counters).fill(1);

    const branches = [...counted.tally.values()].flat();

    expect(branches.filter(({ less }) => less === undefined).every(({ times }) => times === 2)).toBe(true);
    expect(branches.filter(({ less }) => less !== undefined).every(({ times }) => times === 0)).toBe(true);
  });

  it(
    'are counted in every history, and those that nothing leads to any more are idle',
    async () => {
      const heardIn = async (more: { readonly without?: 'heard' }) => {
        const ran = await runBatch({ seed: SEED, histories: 1, ...more });
        return reportOf(ran).decisions['heard.ts']!;
      };

      const [usual, without] = [await heardIn({}), await heardIn({ without: 'heard' })];

      expect(usual.calls.keepHeard).toBeGreaterThan(0);
      expect(usual.never.join()).not.toContain('keepHeard()');
      expect(without.calls.keepHeard).toBe(0);
      expect(without.never).toContainEqual(expect.stringMatching(/ keepHeard\(\)$/));
    },
    PATIENCE_MS,
  );
});
