import { describe, expect, it } from 'vitest';
import type { World } from '../world.ts';
import { limitsHold } from './limits.ts';

const LIMIT = { name: 'calls', tokens: 2, windowMs: 20_000, per: 'app' } as const;

const drawnAt = (...atMs: readonly number[]) => ({
  chronicle: { permits: atMs.map((each) => ({ of: 'v0', limit: LIMIT, atMs: each })) },
});

describe('what a limit lets through', () => {
  it('is no more than that in any span of its window', () => {
    const world = drawnAt(0, 9_000, 18_000) as unknown as World;

    expect(limitsHold(world)).toEqual([{ invariant: 6, what: 'v0: more than 2 calls within 20 s' }]);
  });

  it('is drawn anew once a window has passed, as clocks tell it', () => {
    expect(limitsHold(drawnAt(0, 9_000, 18_500, 29_000) as unknown as World)).toEqual([]);
  });

  it('is counted apart for each of whatever it is of', () => {
    const world = drawnAt(0, 1, 2);
    const permits = world.chronicle.permits.map((each, at) => ({ ...each, of: `v${at}` }));

    expect(limitsHold({ chronicle: { permits } } as unknown as World)).toEqual([]);
  });
});
