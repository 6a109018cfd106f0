import { describe, expect, it } from 'vitest';
import type { Link } from '../../../shared/sync/state.ts';
import { askAgainAfterMs, forgetAsking, isPast, wantRead } from '../../../shared/sync/want-read.ts';
import { ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const linkOf = (link: Partial<Link> = {}) => ticketScene({ link }).link;

describe('asking for a read', () => {
  it('is counted each time, so that a read begun before is no answer', () => {
    const link = linkOf();

    wantRead(link);
    wantRead(link);

    expect(link).toMatchObject({ needsRead: true, asks: 2 });
    expect(link).not.toHaveProperty('announcedAtMs');
  });

  it('remembers the latest time and the newest version announced, in whatever order they come', () => {
    const link = linkOf();

    wantRead(link, { atMs: 70_000, version: version(8) });
    wantRead(link, { atMs: 60_000, version: version(7) });

    expect(link).toMatchObject({ announcedAtMs: 70_000, announced: version(8) });

    wantRead(link, { atMs: 80_000, version: version(9) });

    expect(link).toMatchObject({ announcedAtMs: 80_000, announced: version(9) });
  });

  it('remembers no version where none was told', () => {
    const [first, known] = [linkOf(), linkOf({ announced: version(8) })];

    for (const link of [first, known]) wantRead(link, { atMs: 70_000 });

    expect(first).not.toHaveProperty('announced');
    expect(known.announced).toEqual(version(8));
  });

  it('keeps the version announced first where another source’s says nothing of it', () => {
    const link = linkOf();

    wantRead(link, { atMs: 70_000, version: version(8) });
    wantRead(link, { atMs: 70_000, version: { source: 'feed', value: 99 } });

    expect(link.announced).toEqual(version(8));
  });

  it('is over with an answer', () => {
    const link = linkOf();
    wantRead(link, { atMs: 70_000, version: version(8) });
    Object.assign(link, { doubts: 2, silences: 1 });

    forgetAsking(link);

    for (const asked of ['needsRead', 'announced', 'announcedAtMs', 'doubts', 'silences'])
      expect(link).not.toHaveProperty(asked);
  });
});

describe('a read that answers with the past', () => {
  const base = { atMs: 50_000, version: version(5) };
  const wrote = { fields: { priority: 'low' }, base };
  const unversioned = { atMs: 60_000 };

  it.each([
    ['is older than what is held', {}, { atMs: 60_000, version: version(4) }],
    ['is older than what was announced', { announced: version(7) }, { atMs: 60_000, version: version(6) }],
    [
      'is older than the first look at our write',
      { gotVersion: version(1), wrote: { ...wrote, seen: { atMs: 1, version: version(7) } } },
      { atMs: 60_000, version: version(6) },
    ],
    ['is what our write was decided on, while nothing has shown that write', { wrote }, base],
    ['is from before that', { gotVersion: version(4), wrote }, { atMs: 60_000, version: version(4) }],
    [
      'is a second earlier than what was announced, where no version tells',
      { announcedAtMs: 61_000 },
      unversioned,
    ],
    ['is a second earlier than what is held, where no version tells', { gotAtMs: 61_000 }, { atMs: 60_000 }],
    [
      'is earlier than what is held, at a version of another source',
      { gotAtMs: 61_000 },
      { atMs: 60_000, version: { source: 'feed', value: 99 } },
    ],
  ])('%s', (_rule, link, seen) => {
    expect(isPast(linkOf(link), seen, 'news')).toBe(true);
  });

  it('shows nothing of the news it was asked for, where no version tells', () => {
    expect(isPast(linkOf({ announcedAtMs: 10_000 }), unversioned, 'nothing')).toBe(true);
  });

  it.each([
    ['nothing was announced', {}, unversioned],
    ['its stamp may be the same second', { announcedAtMs: 60_999 }, unversioned],
    [
      'its version is newer than what is held',
      { announcedAtMs: 60_999 },
      { atMs: 60_000, version: version(6) },
    ],
    [
      'its version is the one announced',
      { announcedAtMs: 90_000, announced: version(5) },
      { atMs: 60_000, version: version(5) },
    ],
    ['its version is the one that is held', { gotAtMs: 90_000 }, { atMs: 60_000, version: version(5) }],
    ['its stamp may be the second of what is held', { gotAtMs: 60_999 }, { atMs: 60_000 }],
    ['our write has been seen since', { wrote: { ...wrote, seen: base } }, base],
    ['it is later than what our write was decided on', { wrote }, { atMs: 60_000, version: version(6) }],
  ])('is believed at once where %s', (_rule, link, seen) => {
    const known = linkOf(link);

    const shows = 'announcedAtMs' in link && seen !== unversioned ? 'nothing' : 'news';

    expect(isPast(known, seen, shows)).toBe(false);
    for (const counted of ['doubts', 'silences']) expect(known).not.toHaveProperty(counted);
  });

  it.each([
    ['time speaks against it', 90_000, 'news', { doubts: 3 }],
    ['silence does', 60_000, 'nothing', { silences: 3 }],
    ['both do', 90_000, 'nothing', { doubts: 3 }],
  ] as const)('is disbelieved three times where only %s', (_what, announcedAtMs, shows, counted) => {
    const link = linkOf({ announcedAtMs });

    const answers = [1, 2, 3, 4, 5].map(() => isPast(link, unversioned, shows));

    expect(answers).toEqual([true, true, true, false, false]);
    expect(link).toMatchObject(counted);
  });

  it('may be newer than what is held, and yet earlier than the news it was asked for, which it does not show', () => {
    const [between, link] = [{ atMs: 60_000, version: version(6) }, { announcedAtMs: 61_000 }];
    const isPastWhere = (shows: 'nothing' | 'news' | 'told') => isPast(linkOf(link), between, shows);

    expect((['nothing', 'news', 'told'] as const).map(isPastWhere)).toEqual([true, true, false]);
  });

  it('is not believed for what others, no earlier than was announced, were disbelieved for: their silence', () => {
    const link = linkOf({ announcedAtMs: 60_000 });
    for (const _each of [1, 2, 3]) isPast(link, unversioned, 'nothing');

    expect(isPast(link, { atMs: 20_000 }, 'news')).toBe(true);
    expect(isPast(link, unversioned, 'nothing')).toBe(false);
  });

  it('is disbelieved as often as need be where its version speaks against it', () => {
    const link = linkOf({ doubts: 3 });

    expect(isPast(link, { atMs: 60_000, version: version(4) }, 'news')).toBe(true);
    expect(link.doubts).toBe(3);
  });

  it('shows what was told before the last news, which is later, be it by little, and no version tells', () => {
    const versioned = { atMs: 60_000, version: version(5) };

    expect(isPast(linkOf({ announcedAtMs: 60_001 }), unversioned, 'outrun')).toBe(true);
    expect(isPast(linkOf({ announcedAtMs: 60_000 }), unversioned, 'outrun')).toBe(false);
    expect(isPast(linkOf({ announcedAtMs: 60_001, announced: version(5) }), versioned, 'outrun')).toBe(false);
  });

  it('is no answer with the past where nothing was announced, though it shows no news', () => {
    expect(isPast(linkOf(), { atMs: 60_000 }, 'nothing')).toBe(false);
  });
});

describe('a read that answered with the past', () => {
  const waits = (link: Partial<Link>) =>
    [{}, { doubts: 1 }, { doubts: 2 }, { doubts: 3 }].map((doubted) =>
      askAgainAfterMs(linkOf({ ...link, ...doubted })),
    );

  it('is repeated after a second', () => {
    expect(waits({})).toEqual([1_000, 1_000, 1_000, 1_000]);
  });

  it('is repeated ever more seldom where it shows a life whose end was told', () => {
    expect(waits({ doomed: { atMs: 60_000 } })).toEqual([1_000, 1_000, 4_000, 16_000]);
  });
});
