import { describe, expect, it } from 'vitest';
import { lineOf, percentile, play } from '../../../../bin/local/demo/timeline.ts';
import { hold, until } from '../../../../bin/local/demo/until.ts';

const done = (name: string) => ({ name, run: async () => undefined });
const lags = async () => [3, 1, 2];

describe('a story', () => {
  it('holds only if every step does', async () => {
    const told: string[] = [];

    const report = await play([done('one'), done('two')], lags, ({ name }) => told.push(name));

    expect(report).toMatchObject({
      ok: true,
      steps: [{ name: 'one' }, { name: 'two' }],
      syncLagMs: { p50: 2, p99: 3 },
    });
    expect(told).toEqual(['one', 'two']);
  });

  it('breaks off at the first step that does not hold, with the reason', async () => {
    const broken = { name: 'two', run: async () => hold('one Case', false) };

    const report = await play([done('one'), broken, done('three')], lags, () => undefined);

    expect(report.ok).toBe(false);
    expect(report.steps.map(({ name, problem }) => [name, problem])).toEqual([
      ['one', undefined],
      ['two', 'one Case: not within 0 ms'],
    ]);
    expect(lineOf({ name: 'two', ms: 3, problem: 'why' })).toContain('DID NOT HOLD: why');
    expect(lineOf({ name: 'one', ms: 3 })).toMatch(/ 3 ms {2}one$/);
  });
});

describe('a story that is stopped', () => {
  it('says no more, even of the step under way', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const endless = { name: 'endless', run: () => new Promise<void>(() => stop.abort()) };

    const playing = play([done('one'), endless], lags, ({ name }) => told.push(name), stop.signal);

    await expect(playing).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toEqual(['one']);
  });
});

describe('percentiles', () => {
  it.each([
    [[], 0.5, 0],
    [[5], 0.99, 5],
    [[4, 1, 3, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.99, 4],
  ])('of %j at %d are by nearest rank', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });
});

describe('waiting', () => {
  it('gives what was found, however often it took to look', async () => {
    let looks = 0;

    const found = await until('three looks', async () => {
      looks += 1;
      return looks === 3 ? looks : undefined;
    });

    expect(found).toBe(3);
  });

  it('ends at its deadline with what was waited for', async () => {
    await expect(until('rain', async () => undefined, 1)).rejects.toThrow('rain: not within 1 ms');
  });
});
