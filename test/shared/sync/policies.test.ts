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

    expect(policyOf({ use: 'side', side: 'this connection' }).decide(late, early, null)).toEqual({
      winner: 'edit',
      why: expect.stringContaining('this connection'),
    });
    expect(policyOf({ use: 'side', side: 'hub record' }).decide(early, late, null)).toEqual({
      winner: 'record',
      why: expect.stringContaining('what the hub holds'),
    });
  });

  it('lets no edit of the named side win that its vendor may have made of our write', () => {
    const perhapsOurs = { ...at('what we wrote, changed'), isUnsettled: true };

    expect(policyOf({ use: 'side', side: 'this connection' }).decide(at('said'), perhapsOurs, null)).toEqual({
      winner: 'record',
      why: expect.stringContaining('our write'),
    });
  });
});

describe('policy ask', () => {
  it('decides for nobody', () => {
    expect(policyOf({ use: 'ask' }).decide(at('a'), at('b'), 'c')).toEqual({
      winner: 'nobody',
      why: expect.stringContaining('a person decides'),
    });
  });
});

describe('conflict policies', () => {
  it('is named in the journal as the mapping names it', () => {
    const uses = [{ use: 'newest' }, { use: 'set' }, { use: 'text' }, { use: 'ask' }] as const;

    for (const choice of uses) expect(policyOf(choice).name).toBe(choice.use);
    expect(policyOf({ use: 'side', side: 'hub record' }).name).toBe('side');
    expect(policyOf({ use: 'side', side: 'this connection' }).name).toBe('side');
  });
});

const set = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
  .map((members) => (members.length === 0 ? null : members.join(';')));

describe('policy set', () => {
  it('keeps what either side added and drops what either took away', () => {
    expect(mergedSet('a;b;c', 'a;c;x', 'b;c;y')).toBe('c;x;y');
  });

  it('merges against what both started from, and says what was merged', () => {
    expect(policyOf({ use: 'set' }).decide(at('a;b'), at('b;c'), 'a;b')).toEqual({
      winner: 'merge',
      value: 'b;c',
      why: expect.stringContaining('added or took away'),
    });
    expect(policyOf({ use: 'set' }).decide(at('a'), at('b'), undefined)).toMatchObject({ value: 'a;b' });
  });

  it('is empty, as any field is, where everybody took away the rest', () => {
    expect(mergedSet('a;b', 'a', 'b')).toBeNull();
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

  it('says that it kept both sides’ lines', () => {
    expect(policyOf({ use: 'text' }).decide(at('A\nb\nc'), at('a\nb\nC'), 'a\nb\nc')).toEqual({
      winner: 'merge',
      value: 'A\nb\nC',
      why: 'both changed other lines',
    });
  });

  it('does not merge what one side emptied, or what is no text', () => {
    expect(mergedText('a\nb', null, 'a\nc')).toBeUndefined();
    expect(mergedText('a\nb', 'a\nc', null)).toBeUndefined();
    expect(mergedText('a\nb', 'a\nc', 3)).toBeUndefined();
  });

  it('takes a line that both sides changed alike once', () => {
    expect(mergedText('a\nb\nc', 'x\nb\nc', 'x\nb\nC')).toBe('x\nb\nC');
  });

  it.each([
    ['merges as many lines as a long ticket has', 998, true],
    ['leaves a text alone that one side made very long', 1_001, false],
  ])('%s', (_rule, lines, isMerged) => {
    const long = Array.from({ length: lines }, (_, line) => `${line}`).join('\n');

    expect(mergedText('x\ny', `${long}\nx\ny`, 'x\nz')).toBe(isMerged ? `${long}\nx\nz` : undefined);
  });

  it.each([
    ['merges a line said often', 200, true],
    ['leaves a text alone in which one side keeps saying it too often', 201, false],
  ])('%s', (_rule, times, isMerged) => {
    const often = Array.from({ length: times }, () => 'x').join('\n');

    expect(mergedText(often, `a\n${often}`, 'x')).toBe(isMerged ? 'a\nx' : undefined);
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
