import { describe, expect, it } from 'vitest';
import { COUNTERS } from './counting.ts';
import { instrument } from './instrument.ts';

/** What a text does when it is run, and how often each of its ways was taken then. */
function ran(source: string) {
  const { text, branches, slots } = instrument('told.ts', source);
  const counters = new Uint32Array(slots);
  Object.assign(globalThis, { [COUNTERS]: counters });
  const result: unknown = new Function(text)();
  const times = ({ slot, less }: (typeof branches)[number]) =>
    counters[slot]! - (less === undefined ? 0 : counters[less]!);
  return { result, taken: Object.fromEntries(branches.map((each) => [each.label, times(each)])) };
}

describe('a counted file', () => {
  it.each([
    ['both ways of an if', 'for (const x of [1, 2, 3]) if (x > 2) void x;', { 'x > 2': 1, 'not: x > 2': 2 }],
    ['a condition that is an expression', 'return 1 ? 2 : 3;', { '1': 1, 'not: 1': 0 }],
    ['loops by their condition', 'for (let x = 0; x < 2; x += 1); ', { 'x < 2': 2, 'not: x < 2': 1 }],
    ['what is asked while it holds', 'let x = 2; while (x) x -= 1;', { x: 2, 'not: x': 1 }],
    ['an and that stops at its left', 'return 0 && 1;', { 'then 1': 0, 'without 1': 1 }],
    ['an or that goes on', 'return 0 || 1;', { 'then 1': 1, 'without 1': 0 }],
    ['a fallback that is not needed', 'return 0 ?? 1;', { 'then 1': 0, 'without 1': 1 }],
    ['what is set only if nothing is', 'let x; x ??= 1; x ??= 2; return x;', { 'then 1': 1, 'then 2': 0 }],
    ['each of several in a row', 'return 0 || 1 || 2;', { 'then 1': 1, 'then 2': 0, 'without 2': 1 }],
    ['functions, by their name', 'const f = () => 1; function g() {} f(); f();', { 'f()': 2, 'g()': 0 }],
    ['functions without a name', '[1, 2].map((x) => ({ x }));', { '(x) => ({ x })': 2 }],
    ['methods', 'new (class { f() {} })().f();', { 'f()': 1 }],
    ['cases', "switch ('b') { case 'a': case 'b': break; default: }", { "case 'b'": 1, "case 'a'": 0 }],
    ['cases fallen into', "switch ('a') { case 'a': case 'b': }", { "case 'a'": 1, "case 'b'": 1 }],
    ['what is left out', 'const f = (x = 1) => x; f(); f(2);', { 'no x': 1 }],
    ['what is caught', 'try { throw 1; } catch {}', { caught: 1 }],
  ])('counts %s', (_, source, expected) => {
    expect(ran(source).taken).toMatchObject(expected);
  });

  it.each([
    ['the value of a condition', 'return [true && "yes" ? 1 : 2, "" || 0 ? 1 : 2];', [1, 2]],
    ['what and and or come to', 'return [0 && 1, 2 && 3, 4 || 5, null ?? 6];', [0, 3, 4, 6]],
    ['mixed ones', 'const [a, b] = [1, 0]; return (a && b) ?? (b || a ? { a } : []);', 0],
    [
      'one thing around another',
      'const f = (x) => x ? (y) => y || x : (x && 2); return [f(3)(0), f(0)];',
      [3, 0],
    ],
  ])('is the same code, in %s', (_, source, expected) => {
    expect(ran(source).result).toEqual(expected);
  });

  it('says where each way is decided', () => {
    const { branches } = instrument('told.ts', 'const f = (x: number) =>\n  x > 1 ? x : 0;');

    expect(branches.map(({ at, label }) => `${at} ${label}`)).toEqual([
      '1:11 f()',
      '2:3 x > 1',
      '2:3 not: x > 1',
    ]);
  });

  it('keeps to its own among the counters of all', () => {
    const { text, slots } = instrument('told.ts', 'export const f = (x: number) => x ?? 0;', 40);

    expect(slots).toBe(3);
    expect(text).toContain('(++w$[40], (++w$[41], x ?? (++w$[42], 0)))');
  });
});
