import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../shared/ports/index.ts';
import { sameToVendor } from '../../../shared/sync/held.ts';
import { absorb, judge, rawOf, type Seen } from '../../../shared/sync/merge.ts';
import type { Link, Written } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { seenTicket, ticketScene } from './scenes.ts';
import { seen, version } from './seen.ts';

describe('judge: what a value seen at a copy is', () => {
  const judged = (link: Partial<Link>, value: string | null, more: Partial<Seen> = {}) =>
    judge(ticketScene({ link }), 'subject', seen({ subject: value }, more));

  it('is no news where it is what was got last', () => {
    expect(judged({}, 'printer')).toBe('echo');
    expect(judged({ got: {} }, null)).toBe('echo');
  });

  it('is no news in a field that no read has shown yet', () => {
    expect(judged({ unbased: ['subject'] }, 'scanner')).toBe('echo');
  });

  it.each([
    ['what was sent, in the vendor’s own form, whoever is named for it', {}, 'other'],
    ['the first that is seen of what was sent', { got: {} }, 'unknown'],
  ] as const)('is normalised where it is %s', (_what, link, authorship) => {
    expect(judged(link, ' printer ', { authorship })).toBe('normalised');
  });

  it('is an edit where it had become something else, and is what was sent again', () => {
    expect(judged({ got: { subject: 'scanner' } }, ' printer ')).toBe('edit');
  });

  describe('where our write came back as something else', () => {
    const wrote = { fields: { subject: 'printer' }, base: { atMs: 50_000 }, version: version(6) };

    const untold = { fields: wrote.fields, base: wrote.base };
    const unshown = { subject: 'written' } as const;

    it.each([
      ['at the write’s own version and by our hand', { wrote }],
      ['at the first look, where the write told no version', { wrote: untold, unshown }],
    ])('is normalised %s', (_rule, link) => {
      expect(judged(link, 'PRT', { authorship: 'hub' })).toBe('normalised');
    });

    it.each([
      ['at a later look, whatever our hand wrote beside it since', {}, {}],
      [
        'at a later look than its own, before one at another field',
        { unshown: { priority: unshown.subject } },
        {},
      ],
      [
        'where a person was heard to set it before our hand wrote beside it',
        { unshown },
        { theirs: ['subject'] },
      ],
    ])('is an edit %s', (_rule, link, more) => {
      expect(judged({ wrote: untold, ...link }, 'PRT', { authorship: 'hub', ...more })).toBe('edit');
    });

    it.each([
      ['at a later version', wrote, { version: version(7) }],
      ['by another hand', wrote, { authorship: 'other' as const }],
      ['in a field the write did not carry', { ...wrote, fields: { priority: 'low' } }, {}],
    ])('is an edit %s', (_rule, ours, more) => {
      expect(judged({ wrote: ours }, 'PRT', { authorship: 'hub', ...more })).toBe('edit');
    });

    it('is an edit in a field whose value has been given up since', () => {
      expect(judged({ wrote, sent: {} }, 'PRT', { authorship: 'hub' })).toBe('edit');
    });
  });

  describe('where a request was given up', () => {
    const superseded = [{ subject: 'plotter' }, { priority: 'high' }];

    it('is that request landing late, in the vendor’s own form', () => {
      expect(judged({ superseded }, ' plotter ', { authorship: 'hub' })).toBe('late');
    });

    it.each([
      ['a person set the same', 'plotter', 'other'],
      ['nobody says who set it', 'plotter', 'unknown'],
      ['our hand set what no request asked for', 'scanner', 'hub'],
      ['our hand emptied what a request did not name', null, 'hub'],
    ] as const)('is an edit where %s', (_what, value, authorship) => {
      expect(judged({ superseded }, value, { authorship })).toBe('edit');
    });
  });

  describe('where a creation was given up, or sent twice', () => {
    const creations = [{ subject: 'plotter' }];
    const found = (link: Partial<Link>) => judged({ creations, ...link }, 'plotter', { authorship: 'hub' });
    const last = (more: Partial<Written>) => ({
      subject: [{ value: 'printer', base: { atMs: 1 }, ...more }],
    });

    it.each<[string, Partial<Link>]>([
      ['that has never been seen', { got: {} }],
      ['that our own creation is to have made, unseen', { written: last({ isFirst: true }) }],
    ])('is what that one made, on a copy %s', (_which, link) => {
      expect(found(link)).toBe('late');
    });

    it.each<[string, Partial<Link>]>([
      ['that was met', {}],
      ['whose creation has been seen', { written: last({ isFirst: true, seen: { atMs: 2 } }) }],
      ['that was written to since', { written: last({}) }],
    ])('is an edit on a copy %s: it would have made another', (_which, link) => {
      expect(found(link)).toBe('edit');
    });
  });

  it('takes two values for one where the vendor does', () => {
    const scene = ticketScene({});

    expect(sameToVendor(scene, 'subject', ' printer', 'printer ')).toBe(true);
    expect(sameToVendor(scene, 'subject', 'printer', 'scanner')).toBe(false);
    expect(sameToVendor(scene, 'subject', undefined, null)).toBe(true);
    expect(sameToVendor(scene, 'subject', undefined, 'printer')).toBe(false);
    expect(sameToVendor(scene, 'subject', 'printer', undefined)).toBe(false);
  });
});

describe('a comment’s visibility', () => {
  it.each([
    ['is judged like a field where it is told', { visibility: 'public' as const }, 'public'],
    ['is internal where a whole comment tells none (invariant 7)', {}, 'internal'],
    ['is not spoken of where a part of a comment tells none', { isComplete: false }, undefined],
    ['is judged in a part of a comment too', { isComplete: false, visibility: 'public' as const }, 'public'],
  ])('%s', (_rule, told, visibility) => {
    const { visibility: _public, ...comment } = seenComment({});

    const raw = rawOf({ ...comment, ...told } as Observation);

    expect(raw).toEqual({ body: 'it burns', ...(visibility === undefined ? {} : { visibility }) });
  });

  it('is nothing a ticket has', () => {
    expect(rawOf(seenTicket({ visibility: 'public' }))).toEqual(seenTicket({}).fields);
  });

  it('becomes the record’s when a person changes it', () => {
    const scene = commentScene({});

    expect(absorb(scene, seen({ body: 'it burns', visibility: 'internal' }))).toEqual({
      applied: 1,
      noted: 0,
    });
    expect(scene.record).toMatchObject({ visibility: 'internal' });
  });
});
