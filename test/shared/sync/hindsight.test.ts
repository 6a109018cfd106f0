import { describe, expect, it } from 'vitest';
import type { MappingDocument } from '../../../shared/ports/index.ts';
import { lookBack, mergeOverlooked, notePutBack, verdictOf } from '../../../shared/sync/hindsight.ts';
import { needOf } from '../../../shared/sync/need.ts';
import type { Heard, Link, Written } from '../../../shared/sync/state.ts';
import { deskPlace, knowing, ticketScene } from './scenes.ts';
import { UNSEEN, WRITE } from './written.ts';

const MET = { atMs: 10_000 };
/** One more of ours after that, decided at 80 s and first seen at 90 s. */
const NEXT = {
  value: 'normal',
  was: 'high',
  stood: { atMs: 60_000 },
  base: { atMs: 80_000 },
  seen: { atMs: 90_000 },
};
const ours: Partial<Link> = {
  met: MET,
  written: { priority: [WRITE] },
  since: { priority: { atMs: 60_000 } },
  got: { subject: 'printer', priority: 'high' },
  sent: { subject: 'printer', priority: 'high' },
};

const heard = (priority: string, atMs: number, more: Partial<Heard> = {}): Heard => ({
  fields: { priority },
  atMs,
  authorship: 'unknown',
  ...more,
});

describe('hindsight: what a value heard of late means', () => {
  it.each([
    ['known', 'older than what stood there', heard('urgent', 20_000)],
    ['put-back', 'before the state our write was decided on', heard('urgent', 30_000)],
    ['put-back', 'before it, though our write was the same', heard('high', 30_000)],
    ['known', 'the value our write was decided on', heard('low', 30_000)],
    ['overwritten', 'between that state and our landing', heard('urgent', 50_000)],
    ['still', 'what our write was decided on, after that state', heard('low', 50_000)],
    ['known', 'our own value at our landing', heard('high', 55_000)],
    ['since', 'later than our landing', heard('urgent', 70_000)],
    ['known', 'what stands there', heard('high', 70_000)],
    [
      'said-again',
      'a person’s, though it stood there',
      heard('high', 70_000, { isExact: true, authorship: 'other' }),
    ],
    ['known', 'what stands there, said again by nobody knows whom', heard('high', 70_000, { isExact: true })],
    ['known', 'what our write was decided on, of that very moment', heard('low', 40_000)],
    ['known', 'our own hand', heard('urgent', 70_000, { authorship: 'hub' })],
  ])('is %s: %s', (verdict, _what, told) => {
    expect(verdictOf(ticketScene({ link: ours }), 'priority', told)).toBe(verdict);
  });

  it.each([
    ['known', 'older than what stood before the first', heard('urgent', 20_000)],
    ['put-back', 'before the state the first was decided on', heard('urgent', 30_000)],
    ['overwritten', 'by the first', heard('urgent', 50_000)],
    ['put-back', 'between the two', heard('urgent', 70_000)],
    ['known', 'our own first value at its landing', heard('high', 55_000)],
    ['overwritten', 'what stands there now, at the landing of the first', heard('normal', 60_000)],
    ['overwritten', 'by the second', heard('urgent', 85_000)],
    ['since', 'later than both', heard('urgent', 95_000)],
  ])('is %s around two writes of ours: %s', (verdict, _what, told) => {
    const got = { subject: 'printer', priority: 'normal' };
    const since = { priority: { atMs: 90_000 } };
    const scene = ticketScene({ link: { ...ours, got, since, written: { priority: [WRITE, NEXT] } } });

    expect(verdictOf(scene, 'priority', told)).toBe(verdict);
  });

  it('is known after one write of ours and before what another was decided on', () => {
    const next = { ...NEXT, stood: { atMs: 70_000 } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [WRITE, next] } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 65_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('urgent', 75_000))).toBe('put-back');
  });

  it('is known before all that is known of a field we have written, should that be one write alone', () => {
    const scene = ticketScene({ link: { written: { priority: [WRITE] } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 20_000))).toBe('known');
  });

  it('is known before a write that nobody knows what it replaced', () => {
    const { was: _was, ...blind } = WRITE;
    const scene = ticketScene({ link: { ...ours, written: { priority: [blind] } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 30_000))).toBe('known');
  });

  it('is known of the very version our write was decided on, whatever it says', () => {
    const version = (value: number) => ({ source: 'desk', value });
    const write = { ...WRITE, base: { atMs: 40_000, version: version(5) } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [write] } } });
    const of = (value: number) =>
      verdictOf(scene, 'priority', heard('urgent', 45_000, { version: version(value) }));

    expect([of(5), of(6)]).toEqual(['known', 'overwritten']);
  });

  it('knows our own second write, told of under the second in which the first one landed, too', () => {
    const created = { value: 'low', isFirst: true, base: { atMs: 0 }, seen: { atMs: 60_000 } } as const;
    const next = { ...WRITE, stood: { atMs: 60_000 }, base: { atMs: 60_000 }, seen: { atMs: 60_000 } };
    const { met: _met, ...unmet } = ours;
    const scene = ticketScene({ link: { ...unmet, written: { priority: [created, next] } } });

    expect(verdictOf(scene, 'priority', heard('high', 60_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('urgent', 60_000))).toBe('overwritten');
  });

  describe('around the creation of a copy of ours, before which nothing stood there', () => {
    const created = { value: 'low', isFirst: true, base: { atMs: 0 } } as const;
    const seen = { ...created, seen: { atMs: 60_000 } };
    const at = (priority: string, link: Partial<Link>) =>
      ticketScene({ link: { got: { subject: 'printer', priority }, ...link } });

    it('is known once the first look has shown what became of it', () => {
      const scene = at('high', { written: { priority: [seen] }, since: { priority: { atMs: 60_000 } } });

      expect(verdictOf(scene, 'priority', heard('urgent', 50_000))).toBe('known');
    });

    it('was put back where the first look has shown what was created', () => {
      const scene = at('low', { written: { priority: [seen] }, since: { priority: { atMs: 60_000 } } });

      expect(verdictOf(scene, 'priority', heard('urgent', 50_000))).toBe('since');
      expect(verdictOf(scene, 'priority', heard('low', 50_000))).toBe('known');
    });

    it('is later than what we hold, as long as nobody has looked', () => {
      const scene = at('low', { written: { priority: [created] } });

      expect(verdictOf(scene, 'priority', heard('urgent', 50_000))).toBe('since');
      expect(verdictOf(scene, 'priority', heard('low', 50_000))).toBe('known');
    });

    it('is known where we have written there since', () => {
      const next = { ...WRITE, stood: { atMs: 60_000 }, base: { atMs: 60_000 }, seen: { atMs: 70_000 } };
      const again = { ...next, value: 'low', was: 'high' };

      for (const [got, written] of [
        ['high', [seen, next]],
        ['low', [seen, again]],
      ] as const)
        expect(
          verdictOf(at(got, { written: { priority: [...written] } }), 'priority', heard('urgent', 50_000)),
        ).toBe('known');
    });
  });

  it('knows what the first look after our write has shown, told of under its own second', () => {
    const got = { subject: 'printer', priority: 'urgent' };
    const scene = ticketScene({ link: { ...ours, got } });

    expect(verdictOf(scene, 'priority', heard('urgent', 60_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('urgent', 59_999))).toBe('overwritten');
    expect(verdictOf(scene, 'priority', heard('normal', 60_000))).toBe('overwritten');
  });

  it('does not take a value for that of an earlier write of ours, once another has followed', () => {
    const next = { value: 'normal', was: 'low', stood: { atMs: 70_000 }, base: { atMs: 80_000 } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [UNSEEN, next] } } });

    expect(verdictOf(scene, 'priority', heard('high', 85_000))).toBe('overwritten');
  });

  it('takes a field nobody wrote for known up to the first whole look, and for news after it', () => {
    const scene = ticketScene({ link: { met: MET, got: { priority: 'low' } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 10_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('urgent', 10_001))).toBe('since');
  });

  it('tells our landing from a later state by our own event, should that be heard too', () => {
    const scene = ticketScene({ link: { ...ours, written: { priority: [UNSEEN] } } });

    lookBack(scene, [heard('high', 45_000, { authorship: 'hub' }), heard('urgent', 50_000)]);

    expect(scene.link.written?.priority?.at(-1)?.seen).toEqual({ atMs: 45_000 });
  });

  it.each([
    ['a write on a condition came first of all that followed its base', true, { atMs: 45_000 }],
    ['without one nobody can tell which of the same values was ours', false, undefined],
  ])('where nobody says who did it, %s', (_rule, hasConditionalWrites, seen) => {
    const place = deskPlace({ hasConditionalWrites, hasAuthorship: false });
    const scene = ticketScene({ place, link: { ...ours, written: { priority: [UNSEEN] } } });

    lookBack(scene, [heard('high', 45_000), heard('urgent', 50_000), heard('high', 55_000)]);

    expect(scene.link.written?.priority?.at(-1)?.seen).toEqual(seen);
  });
});

describe('hindsight: when our own write landed', () => {
  const landing = (told: Heard, write: Written, place = deskPlace()) => {
    const scene = ticketScene({ place, link: { ...ours, written: { priority: [{ ...write }] } } });
    lookBack(scene, [told]);
    return scene.link.written?.priority?.at(-1)?.seen;
  };

  it('is no later than it was seen to have', () => {
    const ownEvent = (atMs: number) => heard('high', atMs, { authorship: 'hub' });

    expect(landing(ownEvent(70_000), WRITE)).toEqual({ atMs: 60_000 });
    expect(landing(ownEvent(45_000), WRITE)).toEqual({ atMs: 45_000 });
  });

  it('is not told by another’s hand, nor by nobody’s where nothing is known of the vendor', () => {
    expect(landing(heard('high', 45_000, { authorship: 'other' }), UNSEEN)).toBeUndefined();
    expect(landing(heard('high', 45_000), UNSEEN, knowing(deskPlace(), {}))).toBeUndefined();
  });
});

describe('hindsight: what was overlooked', () => {
  it('is told of each field by what told of it', () => {
    const told = [
      heard('urgent', 45_000),
      { fields: { subject: 'printer' }, atMs: 50_000, authorship: 'unknown' } as const,
    ];

    expect(lookBack(ticketScene({ link: ours }), told).overlooked).toMatchObject([
      { field: 'priority', value: 'urgent' },
    ]);
  });

  it('casts doubt on what we wrote, whatever else was heard of before', () => {
    const scene = ticketScene({ link: { ...ours, written: { priority: [UNSEEN] } } });

    expect(lookBack(scene, [heard('urgent', 30_000), heard('low', 50_000)]).doubtful).toEqual(['priority']);
  });

  it('casts none in words that mean nothing here', () => {
    const place = deskPlace();
    const mute = { ...place, mapping: { ...place.mapping, interpret: () => ({}) } };
    const scene = ticketScene({ place: mute, link: { ...ours, written: { priority: [UNSEEN] } } });

    mergeOverlooked(scene, lookBack(scene, [heard('low', 50_000)]));

    expect(scene.tree.losses).toEqual([]);
  });

  it('needs no write where it is what stands there, said again', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      link: { ...ours, sent: { subject: 'printer' } },
    });
    const again = heard('high', 70_000, { isExact: true, authorship: 'other' });

    expect(mergeOverlooked(scene, lookBack(scene, [again]))).toBe(1);

    expect(scene.record.fields.priority).toBe('high');
    expect(needOf(scene)).toBe('none');
  });

  it('is added to a set of which nobody knows what it was before', () => {
    const place = deskPlace();
    const rule = {
      field: 'priority',
      vendorField: 'Tags',
      direction: 'both',
      policy: { use: 'set' },
    } as const;
    const mapping: MappingDocument = { version: 0, kinds: { ticket: { rules: [rule] } } };
    const merging = { ...place, connection: { ...place.connection, mapping } };
    const { was: _was, ...blind } = UNSEEN;
    const scene = ticketScene({
      place: merging,
      fields: { priority: 'a;b' },
      link: { ...ours, got: { priority: 'a;b' }, written: { priority: [{ ...blind, value: 'a;b' }] } },
    });

    mergeOverlooked(scene, lookBack(scene, [heard('c', 50_000)]));

    expect(scene.record.fields.priority).toBe('a;b;c');
  });

  it('is merged at its own time, and what it replaces is kept', () => {
    const scene = ticketScene({ fields: { priority: 'high' }, link: ours });

    mergeOverlooked(scene, lookBack(scene, [heard('urgent', 50_000, { isExact: true })]));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
    expect(scene.link.sent).not.toHaveProperty('priority');
  });

  it('goes to the journal where the field has been edited again since', () => {
    const scene = ticketScene({ fields: { priority: 'high' }, link: ours });

    mergeOverlooked(scene, lookBack(scene, [heard('urgent', 50_000)]), new Set(['priority']));

    expect(scene.record.fields.priority).toBe('high');
    expect(scene.tree.losses).toMatchObject([{ lost: 'urgent', kept: 'high' }]);
  });

  it('is in doubt where what we wrote over was there again before anybody looked: ours is kept too', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      link: { ...ours, written: { priority: [UNSEEN] } },
    });

    mergeOverlooked(scene, lookBack(scene, [heard('low', 50_000)]));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
  });

  it('is in no doubt once our write has been seen', () => {
    const scene = ticketScene({ fields: { priority: 'urgent' }, link: ours });

    mergeOverlooked(scene, lookBack(scene, [heard('low', 50_000)]));

    expect(scene.tree.losses).toEqual([]);
  });

  it('was put back where our value stands there again after something else', () => {
    const scene = ticketScene({ link: ours });
    const seen = { fields: { priority: 'high' }, authorship: 'unknown', atMs: 80_000 } as const;

    notePutBack(scene, lookBack(scene, [heard('urgent', 70_000)]), seen);

    expect(scene.link.got.priority).toBe('urgent');
  });
});
