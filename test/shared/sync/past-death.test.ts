import { describe, expect, it } from 'vitest';
import { takeRead } from '../../../shared/sync/settlement.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { askAgainAfterMs } from '../../../shared/sync/want-read.ts';
import { theirs } from './deaths.ts';
import { version } from './seen.ts';

describe('a read that shows the death of what came back, and was seen alive since', () => {
  const alive = {
    revived: { atMs: 90_000, version: version(9) },
    gotAtMs: 92_000,
    gotVersion: version(10),
    needsRead: true,
  } as const;
  const { revived: _revived, ...neverDead } = alive;

  it.each<[string, Partial<Link>, 'stale' | 'taken']>([
    ['may be of before where there is news of its life since', { ...alive, announcedAtMs: 92_001 }, 'stale'],
    [
      'may be of before where all that is told of its life was seen',
      { ...alive, announcedAtMs: 92_000 },
      'stale',
    ],
    ['may be of before where nothing was told of', alive, 'stale'],
    [
      'is believed where its death was told',
      { ...alive, announcedAtMs: 95_000, doomed: { atMs: 95_000 } },
      'taken',
    ],
    ['is believed where it was never dead', { ...neverDead, announcedAtMs: 95_000 }, 'taken'],
  ])('%s', (_what, link, taken) => {
    const scene = theirs({ link });

    expect([takeRead(scene, { state: 'deleted' }), askAgainAfterMs(scene.link)]).toEqual([taken, 1_000]);
  });

  it('is believed after a few looks, should nobody tell of it', () => {
    const scene = theirs({ link: alive });
    const looks = [1, 2, 3, 4].map(() => takeRead(scene, { state: 'deleted' }));

    expect(looks).toEqual(['stale', 'stale', 'stale', 'taken']);
  });
});
