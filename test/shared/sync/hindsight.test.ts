import { describe, expect, it } from 'vitest';
import { lookBack, mergeOverlooked, notePutBack, verdictOf } from '../../../shared/sync/hindsight.ts';
import type { Heard, Link } from '../../../shared/sync/state.ts';
import { ticketScene } from './scenes.ts';

const MET = { atMs: 10_000 };
/** Our write of `high` over `low`, which stood there since 20 s; decided at 40 s, first seen at 60 s. */
const WRITTEN = {
  priority: {
    value: 'high',
    was: 'low',
    stood: { atMs: 20_000 },
    base: { atMs: 40_000 },
    seen: { atMs: 60_000 },
  },
};
const ours: Partial<Link> = {
  met: MET,
  written: WRITTEN,
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
    ['known', 'the value our write was decided on', heard('low', 30_000)],
    ['overwritten', 'between that state and our landing', heard('urgent', 50_000)],
    ['known', 'our own value at our landing', heard('high', 55_000)],
    ['since', 'later than our landing', heard('urgent', 70_000)],
    ['known', 'what stands there', heard('high', 70_000)],
    [
      'said-again',
      'a person’s, though it stood there',
      heard('high', 70_000, { isExact: true, authorship: 'other' }),
    ],
    ['known', 'our own hand', heard('urgent', 70_000, { authorship: 'hub' })],
  ])('is %s: %s', (verdict, _what, told) => {
    expect(verdictOf(ticketScene({ link: ours }), 'priority', told)).toBe(verdict);
  });

  it('takes a field nobody wrote for known up to the first whole look, and for news after it', () => {
    const scene = ticketScene({ link: { met: MET, got: { priority: 'low' } } });

    expect(verdictOf(scene, 'priority', heard('urgent', 10_000))).toBe('known');
    expect(verdictOf(scene, 'priority', heard('urgent', 10_001))).toBe('since');
  });

  it('tells our landing from a later state by our own event, should that be heard too', () => {
    const { seen: _unseen, ...written } = WRITTEN.priority;
    const scene = ticketScene({ link: { ...ours, written: { priority: written } } });

    lookBack(scene, [heard('high', 45_000, { authorship: 'hub' }), heard('urgent', 50_000)]);

    expect(scene.link.written?.priority?.seen).toEqual({ atMs: 45_000 });
  });
});

describe('hindsight: what was overlooked', () => {
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

  it('was put back where our value stands there again after something else', () => {
    const scene = ticketScene({ link: ours });
    const seen = { fields: { priority: 'high' }, authorship: 'unknown', atMs: 80_000 } as const;

    notePutBack(scene, lookBack(scene, [heard('urgent', 70_000)]), seen);

    expect(scene.link.got.priority).toBe('urgent');
  });
});
