import { describe, expect, it } from 'vitest';
import { isAfter, isBefore, momentOf } from '../../../shared/sync/moments.ts';

const version = (value: number, source = 'desk') => ({ source, value });

describe('moments: the order of a source’s states', () => {
  it.each([
    [
      'their versions, whatever the clock says',
      { atMs: 1, version: version(2) },
      { atMs: 9, version: version(1) },
    ],
    ['their times where one has no version', { atMs: 2 }, { atMs: 1, version: version(1) }],
    [
      'their times where versions are of different sources',
      { atMs: 2, version: version(1) },
      { atMs: 1, version: version(9, 'feed') },
    ],
  ])('is that of %s', (_rule, later, earlier) => {
    expect([isAfter(later, earlier), isBefore(later, earlier)]).toEqual([true, false]);
    expect([isAfter(earlier, later), isBefore(earlier, later)]).toEqual([false, true]);
  });

  it.each([
    ['one version', { atMs: 1, version: version(1) }, { atMs: 2, version: version(1) }],
    ['one moment, where no version tells', { atMs: 1 }, { atMs: 1 }],
  ])('is none within %s', (_rule, one, other) => {
    expect([isAfter(one, other), isBefore(one, other)]).toEqual([false, false]);
  });

  it('is kept without a version where there is none to keep', () => {
    expect(momentOf({ atMs: 1, version: undefined })).toStrictEqual({ atMs: 1 });
    expect(momentOf({ atMs: 1, version: version(1) })).toStrictEqual({ atMs: 1, version: version(1) });
  });
});
