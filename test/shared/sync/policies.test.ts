import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf, mergedSet } from '../../../shared/sync/policies/set.ts';
import { mergedText } from '../../../shared/sync/policies/text.ts';
import { policyOf } from '../../../shared/sync/policy.ts';

const at = (value: string | null, fromMs = 0, toMs = 100) => ({ value, by: 'x', fromMs, toMs });

describe('policy side', () => {
  it('lets the named side win, whoever was later', () => {
    const early = at('early', 0, 0);
    const late = at('late', 9, 9);

    expect(policyOf({ use: 'side', side: 'this connection' }).decide(late, early, null).winner).toBe('edit');
    expect(policyOf({ use: 'side', side: 'hub record' }).decide(early, late, null).winner).toBe('record');
  });
});

describe('policy ask', () => {
  it('decides for nobody', () => {
    expect(policyOf({ use: 'ask' }).decide(at('a'), at('b'), 'c').winner).toBe('nobody');
  });
});

const set = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
  .map((members) => (members.length === 0 ? null : members.join(';')));

describe('policy set', () => {
  it('keeps what either side added and drops what either took away', () => {
    expect(mergedSet('a;b;c', 'a;c;x', 'b;c;y')).toBe('c;x;y');
  });

  it('does not depend on which side is which', () => {
    fc.assert(
      fc.property(set, set, set, (base, one, other) => {
        expect(mergedSet(base, one, other)).toBe(mergedSet(base, other, one));
      }),
    );
  });

  it('never invents a member, and never loses one that nobody took away', () => {
    fc.assert(
      fc.property(set, set, set, (base, one, other) => {
        const [o, a, b] = [membersOf(base), membersOf(one), membersOf(other)];
        const merged = membersOf(mergedSet(base, one, other));
        for (const member of merged) expect([...a, ...b]).toContain(member);
        for (const member of a)
          if (!o.includes(member) || b.includes(member)) expect(merged).toContain(member);
      }),
    );
  });

  it('changes nothing that only one side changed', () => {
    fc.assert(
      fc.property(set, set, (base, other) => {
        expect(membersOf(mergedSet(base, base, other)).toSorted()).toEqual(membersOf(other).toSorted());
      }),
    );
  });

  it('takes as many members as a text holds', () => {
    const long = (from: number) =>
      Array.from({ length: 30_000 }, (_, at) => (at + from).toString(36)).join(';');

    expect(membersOf(mergedSet(long(0), long(1), long(2)))).toHaveLength(30_000);
  });

  it('takes the separator the mapping names', () => {
    expect(mergedSet('a,b', 'a,b,x', 'b', ',')).toBe('b,x');
  });

  it('takes members with space around them, and members said twice, for one', () => {
    expect(membersOf(' a ;b;; a')).toEqual(['a', 'b']);
  });
});

const text = fc
  .array(fc.constantFrom('one', 'two', 'three', 'four', ''), { maxLength: 8 })
  .map((lines) => lines.join('\n'));

describe('policy text', () => {
  it('keeps both sides’ changes in other lines', () => {
    expect(mergedText('a\nb\nc\nd', 'A\nb\nc\nd', 'a\nb\nc\nD')).toBe('A\nb\nc\nD');
  });

  it('does not merge what both changed; the later text stands whole', () => {
    expect(mergedText('a\nb', 'x\nb', 'y\nb')).toBeUndefined();
    expect(policyOf({ use: 'text' }).decide(at('x\nb', 1, 1), at('y\nb', 2, 2), 'a\nb')).toEqual({
      winner: 'edit',
      why: expect.stringContaining('same lines'),
    });
  });

  it('does not merge without knowing what both started from', () => {
    expect(mergedText(undefined, 'a', 'b')).toBeUndefined();
    expect(mergedText(null, 'a', 'b')).toBeUndefined();
  });

  it('gives up on texts of very many lines instead of taking minutes', () => {
    const long = Array.from({ length: 1_001 }, (_, line) => `${line}`).join('\n');

    expect(mergedText(long, `${long}\nx`, `y\n${long}`)).toBeUndefined();
  });

  it('gives up on lines said very often, for each is compared with each', () => {
    const long = Array.from({ length: 900 }, () => 'x').join('\n');

    expect(mergedText(long, `a\n${long}`, `${long}\nb`)).toBeUndefined();
  });

  it('does not depend on which side is which', () => {
    fc.assert(
      fc.property(text, text, text, (base, one, other) => {
        expect(mergedText(base, one, other)).toBe(mergedText(base, other, one));
      }),
    );
  });

  it('never invents a line', () => {
    fc.assert(
      fc.property(text, text, text, (base, one, other) => {
        const merged = mergedText(base, one, other);
        if (merged === undefined) return;
        const said = [...one.split('\n'), ...other.split('\n')];
        for (const line of merged.split('\n')) expect(said).toContain(line);
      }),
    );
  });

  it('is the other side’s text where one side changed nothing', () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(mergedText(base, base, other)).toBe(other);
      }),
    );
  });
});
