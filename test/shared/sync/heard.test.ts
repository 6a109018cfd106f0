import { describe, expect, it } from 'vitest';
import { heardFrom, keepHeard } from '../../../shared/sync/hindsight.ts';
import { ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

const TOLD = { fields: { priority: 'high' }, authorship: 'unknown' } as const;

describe('what is heard and cannot be judged yet', () => {
  it('is kept, the last eight', () => {
    const { link } = ticketScene({});

    for (let atMs = 1; atMs <= 10; atMs += 1) keepHeard(link, { ...TOLD, atMs });

    expect(link.heard?.map(({ atMs }) => atMs)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is kept with all it tells, and nothing it does not', () => {
    const all = seen(
      { priority: 'high' },
      { receivedAtMs: 1, fieldTimesMs: { priority: 2 }, isExact: false },
    );

    expect(heardFrom(all)).toStrictEqual({ ...all });
    expect(heardFrom(seen({ priority: 'high' }, { version: undefined }))).toStrictEqual({
      ...TOLD,
      atMs: 60_000,
    });
  });
});
