import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newest } from '../../../shared/sync/policies/newest.ts';
import { clampInterval, policyOf } from '../../../shared/sync/policy.ts';
import { compareVersions, differing, pick, same } from '../../../shared/sync/versions.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }))
  .map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b), value: 'v', by: 'x' }));

describe('policy newest', () => {
  it('keeps the side that was certainly set later (invariant 3)', () => {
    fc.assert(
      fc.property(interval, interval, (record, edit) => {
        const { winner } = newest.decide(record, edit, undefined);
        if (edit.fromMs > record.toMs) expect(winner).toBe('edit');
        if (edit.toMs < record.fromMs) expect(winner).toBe('record');
      }),
    );
  });

  it('keeps the edit where the times overlap, and says so', () => {
    const record = { fromMs: 10, toMs: 30, value: 'a', by: 'x' };
    const edit = { fromMs: 20, toMs: 40, value: 'b', by: 'y' };

    expect(newest.decide(record, edit, undefined)).toEqual({
      winner: 'edit',
      why: expect.stringContaining('overlap'),
    });
  });

  it.each([
    ['the edit', 20, 'edit'],
    ['the record’s value', 40, 'record'],
  ])('keeps %s where it was set later, and gives that for its reason', (_side, atMs, winner) => {
    const record = { fromMs: 30, toMs: 30, value: 'a', by: 'x' };
    const edit = { fromMs: 60 - atMs, toMs: 60 - atMs, value: 'b', by: 'y' };

    expect(newest.decide(record, edit, undefined)).toEqual({ winner, why: 'set later' });
  });

  it.each([
    ['begins when the record’s value was set at the latest', { fromMs: 30, toMs: 40 }],
    ['ends when the record’s value was set at the earliest', { fromMs: 10, toMs: 20 }],
  ])('takes an edit whose time %s for one that overlaps', (_rule, when) => {
    const record = { fromMs: 20, toMs: 30, value: 'a', by: 'x' };

    const { winner, why } = newest.decide(record, { ...when, value: 'b', by: 'y' }, undefined);

    expect({ winner, why }).toEqual({ winner: 'edit', why: expect.stringContaining('overlap') });
  });

  it.each([10, 30, 31])(
    'keeps the record’s value where the vendor may have made the edit of our write (from %d)',
    (fromMs) => {
      const record = { fromMs: 10, toMs: 30, value: 'a', by: 'x' };
      const edit = { fromMs, toMs: 40, value: 'b', by: 'y', isUnsettled: true };

      const { winner, why } = newest.decide(record, edit, undefined);

      expect({ winner, why }).toEqual({ winner: 'record', why: expect.stringContaining('our write') });
    },
  );

  it('is what a field has that says nothing else', () => {
    expect(policyOf(undefined)).toBe(newest);
    expect(policyOf({ use: 'newest' })).toBe(newest);
  });

  it('believes no time beyond the receipt', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (from, to, received) => {
        const clamped = clampInterval(from, to, received);
        expect(clamped.toMs).toBeLessThanOrEqual(received);
        expect(clamped.fromMs).toBeLessThanOrEqual(clamped.toMs);
      }),
    );
  });
});

describe('versions', () => {
  it.each([
    [{ source: 'a', value: 2 }, { source: 'a', value: 1 }, 'newer'],
    [{ source: 'a', value: 1 }, { source: 'a', value: 2 }, 'older'],
    [{ source: 'a', value: 10 }, { source: 'a', value: 9 }, 'newer'],
    [{ source: 'a', value: '10' }, { source: 'a', value: '9' }, 'older'],
    [{ source: 'a', value: 1 }, { source: 'a', value: 1 }, 'equal'],
    [{ source: 'a', value: 2 }, { source: 'b', value: 1 }, 'unknown'],
    [undefined, { source: 'a', value: 1 }, 'unknown'],
  ])('compares %j with %j as %s: only within one source', (seen, known, order) => {
    expect(compareVersions(seen, known)).toBe(order);
  });

  it.each([
    [{ source: 'a', value: '10' }, { source: 'a', value: 9 }, 'older'],
    [{ source: 'a', value: 10 }, { source: 'a', value: '9' }, 'older'],
    [{ source: 'a', value: 'x' }, { source: 'a', value: 'x' }, 'equal'],
    [{ source: 'a', value: 'y' }, { source: 'a', value: 'x' }, 'newer'],
    [{ source: 'a', value: 1 }, undefined, 'unknown'],
  ])('compares %j with %j as %s: as texts unless both are numbers', (seen, known, order) => {
    expect(compareVersions(seen, known)).toBe(order);
  });

  it('picks the fields named that are there, an absent value as null', () => {
    expect(pick({ a: 1, b: null }, ['a', 'b', 'c'])).toEqual({ a: 1, b: null });
  });

  it('takes an absent value and null for the same', () => {
    expect(same(undefined, null)).toBe(true);
    expect(differing({ a: null, b: 1 }, { b: 2 })).toEqual(['b']);
  });
});
