import { describe, expect, it } from 'vitest';
import type { TestSpecification, Vitest } from 'vitest/node';
import { LongestFirst } from './sequence.ts';

const project = { name: '', config: { isolate: true, sequence: { groupOrder: 0 } } };
const named = (path: string) => ({ moduleId: `/hub/${path}`, project }) as unknown as TestSpecification;
/** As in a clean checkout: no run before this one has measured anything. */
const ctx = { cache: { getTestSpecificationResult: () => undefined } } as unknown as Vitest;

describe('the order of test files', () => {
  it('is the simulation, then the journeys, then all others, each once', async () => {
    const files = ['test/a.test.ts', 'test/journeys/story.test.ts', 'test/simulation/simulation.test.ts'];

    const sorted = await new LongestFirst(ctx).sort(files.map(named));

    expect(sorted.map(({ moduleId }) => moduleId)).toEqual([
      '/hub/test/simulation/simulation.test.ts',
      '/hub/test/journeys/story.test.ts',
      '/hub/test/a.test.ts',
    ]);
  });
});
