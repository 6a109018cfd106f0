import { describe, expect, it } from 'vitest';
import { faultOf, LinearRegExp } from '../../../shared/mapping/expressions/linear.ts';

const LONG = 'a'.repeat(50_000);

/** Both from the same place on, as JSONata asks. */
function both(pattern: RegExp, text: string, from: number) {
  const [ours, theirs] = [new LinearRegExp(pattern), new RegExp(pattern.source, pattern.flags)];
  ours.lastIndex = from;
  theirs.lastIndex = from;
  const seen = [ours, theirs].map((engine) => {
    const match = engine.exec(text);
    return match && { all: [...match], index: match.index, next: engine.lastIndex };
  });
  return { ours: seen[0], theirs: seen[1] };
}

describe('the regular expressions of mappings', () => {
  it.each([
    [/(a+)+$/g, `${LONG}!`, null],
    [/^(a|aa)+$/g, `${LONG}!`, null],
    [/(a*)*b/g, LONG, null],
    [/^(a+)+$/g, LONG, LONG],
    [/^(?:a|b|ab)+$/g, LONG, LONG],
  ])('answer %s over fifty thousand letters', (pattern, text, found) => {
    expect(new LinearRegExp(pattern).exec(text)?.[0] ?? null).toBe(found);
  });

  it.each([
    [/^a/g, 'aa', 1],
    [/\d{4}-(\d\d)|(x)/gi, 'on 2026-11, X', 0],
    [/\d{4}-(\d\d)|(x)/gi, 'on 2026-11, X', 10],
    [/(?<year>\d{4})/g, 'in 2026', 0],
    [/[\w.-]+@[\w-]+\.\w+/g, 'mail <a.b@c-d.org>', 0],
    [/(a|ab)(c|bcd)/g, 'abcd', 0],
    [/a.*?c/g, 'a c c', 0],
    [/a.*c/g, 'a c c', 0],
    [/o$/gm, 'foo\nbar', 0],
    [/\bfoo\b/g, 'a foo b', 3],
    [/[^,;]+\/?/g, 'a/,b', 2],
    [/x*/g, 'abc', 1],
    [/$/g, 'abc', 3],
    [/\u00e4\x41\//gi, 'ÄA/', 0],
    [/[\\\]]\\1\0/g, ']\\1\0', 0],
    [/never/g, 'abc', 0],
  ])('find what JavaScript finds: %s in %j from %i', (pattern, text, from) => {
    const { ours, theirs } = both(pattern, text, from);

    expect(ours).toEqual(theirs);
  });

  it.each([
    /a(?=b)/,
    /a(?!b)/,
    /(?<=a)b/,
    /(?<!a)b/,
    /(a)\1/,
    /(?<n>a)\k<n>/,
    /(a)\\\1/,
    /()()()()()()()()(a)\9/,
    /a{1001}/,
  ])('do not take %s', (pattern) => {
    expect(faultOf(pattern)).toEqual(expect.any(String));
    expect(() => new LinearRegExp(pattern)).toThrow();
  });
});
