import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inward, outward } from '../../../shared/mapping/interpret.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';

const rule = (more: Partial<FieldRule> = {}): FieldRule => ({
  field: 'custom.severity',
  vendorField: 'Severity__c',
  direction: 'both',
  ...more,
});

describe('a rule of a mapping document', () => {
  it('passes a value on as it is where it says nothing of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean()), (value) => {
        expect(inward(rule(), outward(rule(), value))).toBe(value);
      }),
    );
  });

  it('writes the first of a value’s words and understands all, without case and outer space', () => {
    const words = rule({
      values: [
        { hub: 'high', vendor: ['P1', 'P0'] },
        { hub: 'low', vendor: [3] },
      ],
    });

    expect(outward(words, 'high')).toBe('P1');
    expect([inward(words, ' p0 '), inward(words, 3)]).toEqual(['high', 'low']);
  });

  it('says nothing of a value it has no word for, in either direction', () => {
    const words = rule({ values: [{ hub: 'high', vendor: ['P1'] }] });

    expect([outward(words, 'low'), inward(words, 'P7')]).toEqual([undefined, undefined]);
  });

  it('means by a word that stands twice what it stands for first', () => {
    const words = rule({ values: ['closed', 'solved'].map((hub) => ({ hub, vendor: ['Closed'] })) });

    expect([outward(words, 'solved'), inward(words, 'Closed')]).toEqual(['Closed', 'closed']);
  });

  it('goes one way where it has one', () => {
    expect(outward(rule({ direction: 'in' }), 'x')).toBeUndefined();
    expect(inward(rule({ direction: 'out' }), 'x')).toBeUndefined();
  });

  it('empties the other side, unless it is required', () => {
    expect([outward(rule(), null), inward(rule(), null)]).toEqual([null, null]);
    expect([outward(rule({ required: true }), null), inward(rule({ required: true }), null)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('writes its default where the record holds nothing', () => {
    const words = rule({ default: 'low', values: [{ hub: 'low', vendor: ['P3'] }] });

    expect([outward(words, undefined), outward(words, null), outward(words, '')]).toEqual(['P3', 'P3', 'P3']);
  });

  it.each([
    ['trim', ' a ', 'a', ' b ', 'b'],
    ['uppercase', 'p1', 'P1', 'p1', 'P1'],
    ['lowercase', 'P1', 'p1', 'P1', 'p1'],
    ['number', '12', 12, 12, 12],
    ['text', 12, '12', 12, '12'],
    ['boolean', 'yes', true, 'no', false],
    ['date', '2026-11-26T10:00:00Z', '2026-11-26', '2026-11-26', '2026-11-26'],
    ['number', 'twelve', undefined, 'twelve', undefined],
    ['date', 'soon', undefined, 'soon', undefined],
    ['date', 1e20, undefined, 1e20, undefined],
    ['boolean', 'maybe', undefined, 'maybe', undefined],
  ] as const)('transforms by %s: %j out to %j, %j in to %j', (use, held, written, raw, understood) => {
    const one = rule({ transforms: [{ use }] });

    expect([outward(one, held), inward(one, raw)]).toEqual([written, understood]);
  });

  it('cuts what it writes, whole characters only, and nothing it reads', () => {
    const cut = rule({ transforms: [{ use: 'truncate', length: 3 }] });

    expect([outward(cut, 'ab🙂'), outward(cut, 'abcd'), inward(cut, 'abcd')]).toEqual(['ab', 'abc', 'abcd']);
  });
});
