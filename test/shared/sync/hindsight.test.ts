import { describe, expect, it } from 'vitest';
import { lookBack, verdictOf } from '../../../shared/sync/hindsight.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { deskPlace, ticketScene } from './scenes.ts';
import { heard, ours, UNSEEN, WRITE } from './written.ts';

const MET = { atMs: 10_000 };
/** One more of ours after that, decided at 80 s and first seen at 90 s. */
const NEXT = {
  value: 'normal',
  was: 'high',
  stood: { atMs: 60_000 },
  base: { atMs: 80_000 },
  seen: { atMs: 90_000 },
};
const BY_A_PERSON = { isExact: true, authorship: 'other' } as const;

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
    ['said-again', 'a person’s, though it stood there', heard('high', 70_000, BY_A_PERSON)],
    [
      'said-again',
      'a person’s in a whole state, by the field’s own time',
      heard('high', 70_000, { authorship: 'other', fieldTimesMs: { priority: 70_000 } }),
    ],
    ['known', 'what stands there, said again by nobody knows whom', heard('high', 70_000, { isExact: true })],
    ['known', 'what our write was decided on, of that very moment', heard('low', 40_000)],
    [
      'said-again',
      'what our write was decided on, set by a person at that very moment',
      heard('low', 40_000, BY_A_PERSON),
    ],
    ['said-again', 'that, set by a person before it', heard('low', 30_000, BY_A_PERSON)],
    ['known', 'that, when it came to stand there', heard('low', 20_000, BY_A_PERSON)],
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

  it('is known of the second in which the first replaced it, though the second was decided on in that', () => {
    const next = { ...NEXT, base: { atMs: 60_000 } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [WRITE, next] } } });

    expect(verdictOf(scene, 'priority', heard('low', 60_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('low', 60_000, { isExact: true }))).toBe('overwritten');
    expect(verdictOf(scene, 'priority', heard('low', 61_000))).toBe('overwritten');
  });

  it('is overwritten in the second a third was decided on, though the first replaced the same before the second', () => {
    const next = { ...NEXT, base: { atMs: 60_000 }, seen: { atMs: 65_000 } };
    const third = { value: 'high', was: 'normal', stood: { atMs: 65_000 }, base: { atMs: 80_000 } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [UNSEEN, next, third] } } });

    expect(verdictOf(scene, 'priority', heard('low', 60_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('low', 80_000))).toBe('overwritten');
  });

  it('is known of the moment since when stood what another write of ours was decided on', () => {
    const [unseen, next] = [UNSEEN, { ...NEXT, was: 'urgent', stood: { atMs: 60_000 } }];
    const scene = ticketScene({ link: { ...ours, written: { priority: [unseen, next] } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 60_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('normal', 60_000))).toBe('overwritten');
    expect(verdictOf(scene, 'priority', heard('urgent', 59_000))).toBe('overwritten');
  });

  it('is known before all that is known of a field we have written, should that be one write alone', () => {
    const scene = ticketScene({ link: { written: { priority: [WRITE] } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 20_000))).toBe('known');
  });

  const { stood: _stood, ...undated } = WRITE;
  it.each([
    ['came to stand there at that very moment', { ...WRITE, stood: { atMs: 40_000 } }],
    ['stood there since nobody knows when', undated],
  ])('is known where what our write was decided on %s, though a person set it', (_since, write) => {
    const scene = ticketScene({ link: { ...ours, written: { priority: [write] } } });

    expect(verdictOf(scene, 'priority', heard('low', 40_000, BY_A_PERSON))).toBe('known');
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

  it('knows what an earlier write of ours was decided on, told of under the second in which both were', () => {
    const [first, second] = [
      { ...WRITE, stood: { atMs: 60_000 }, base: { atMs: 60_000 }, seen: { atMs: 60_000 } },
      { ...NEXT, base: { atMs: 60_000 } },
    ];
    const scene = ticketScene({ link: { ...ours, written: { priority: [first, second] } } });

    expect(verdictOf(scene, 'priority', heard('low', 60_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('low', 60_001))).toBe('overwritten');
    expect(verdictOf(scene, 'priority', heard('urgent', 60_000))).toBe('overwritten');
  });

  it('takes it for an edit where the other write was decided on later', () => {
    const next = { ...NEXT, was: 'urgent', base: { atMs: 80_000 } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [WRITE, next] } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 40_000))).toBe('overwritten');
  });

  it('tells a later version from what stood there before our first write, should a second hold them all', () => {
    const version = (value: number) => ({ source: 'desk', value });
    const [first, second] = [
      { ...WRITE, stood: { atMs: 60_000 }, base: { atMs: 60_000 }, seen: { atMs: 60_000 } },
      { ...NEXT, base: { atMs: 60_000, version: version(5) } },
    ];
    const scene = ticketScene({ link: { ...ours, written: { priority: [first, second] } } });
    const of = (value: number) =>
      verdictOf(scene, 'priority', heard('low', 60_000, { version: version(value) }));

    expect([of(5), of(6)]).toEqual(['known', 'overwritten']);
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

  it('takes what is empty in a copy that was never looked at for emptied only where that is all that changed', () => {
    const scene = ticketScene({ link: { got: {}, sent: {} } });
    const empty = {
      fields: { priority: null },
      authorship: 'other',
      fieldTimesMs: { priority: 50_000 },
    } as const;

    expect(verdictOf(scene, 'priority', heard('', 50_000, empty))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('', 50_000, { ...empty, isExact: true }))).toBe('said-again');
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
