import { describe, expect, it } from 'vitest';
import { evaluated, faultIn } from '../../../shared/mapping/expressions/evaluate.ts';
import { inward, outward } from '../../../shared/mapping/interpret.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';

const rule = (out: string, back?: string): FieldRule => ({
  field: 'custom.name',
  vendorField: 'Name__c',
  direction: 'both',
  transforms: [{ use: 'expression', out, ...(back === undefined ? {} : { in: back }) }],
});

describe('an expression of a mapping', () => {
  it('changes a value on its way, and another changes it back', () => {
    const area = rule("'AREA-' & $uppercase($)", "$lowercase($substringAfter($, 'AREA-'))");

    expect([outward(area, 'hardware'), inward(area, 'AREA-HARDWARE')]).toEqual(['AREA-HARDWARE', 'hardware']);
  });

  it('may answer nothing, which empties the other side', () => {
    expect(evaluated('$substringAfter($, "x")[$ = "never"]', 'abc')).toEqual({ value: null });
  });

  it('is told where it cannot be read', () => {
    expect(faultIn('$uppercase(')).toBe(
      'failed at character 11: Expected ")" before end of expression (S0203)',
    );
    expect(faultIn('$uppercase($)')).toBeUndefined();
  });

  it.each([
    ['never ends', '($f := function($x) { $f($x) }; $f(1))'],
    ['calls itself ever deeper', '($f := function($x) { 1 + $f($x) }; $f(1))'],
    ['eats memory by a list', '$sum([1..9999999])'],
    [
      'eats memory by doubling a text',
      '($f := function($t) { $f($t & $t & $uppercase($t)) }; $f("aaaaaaaaaaaaaaaa"))',
    ],
    ['doubles a text until it is read', `($a := $ & $; ${'$a := $a & $a; '.repeat(20)} $uppercase($a))`],
    ['pads a text by a list of nothing', '$length($pad("a", 30000000))'],
    ['pads a year beyond all measure', '$length($fromMillis(0, "[Y,30000000]"))'],
    ['joins what is long by itself', '$length($join([1..9000].$pad("a", 30000)))'],
    ['says the same long text very often', '($p := $pad("a", 30000); $length($string([1..9000].$p)))'],
    ['replaces each letter by a long text', '($p := $pad("a", 30000, "a"); $length($replace($p, /a/, $p)))'],
    ['pads a text beyond all measure', '$length($pad("a", 500000000))'],
    ['matches the rest of a text at each of its letters', '$replace($pad("x", 90000, "x"), /x*y|x/, "")'],
    ['looks back by a pattern', '$match($, /(a)\\1/)'],
    ['hides such a pattern in a text', '$eval("$match($, /(?<=a)a/)")'],
    ['asks the time', '$string($now())'],
    ['asks the time in numbers', '$millis()'],
    ['asks chance', '$string($random())'],
    ['leaves the order to chance', '$join($shuffle(["a", "b"]))'],
    ['asks the time by way of another', '$eval("$millis()")'],
    ['answers a list', '[$, $]'],
    ['answers an object', '{"a": $}'],
    ['answers a text too long', '$pad("a", 40000)'],
  ])('that %s fails, and the next one is answered', (_what, expression) => {
    const value = `${'a'.repeat(40)}!`;

    expect(evaluated(expression, value)).toEqual({ failure: expect.any(String) });
    expect(evaluated('$uppercase($)', 'ok')).toEqual({ value: 'OK' });
  });

  it('that had to be ended is not begun again', () => {
    const hangs = '$replace($pad($, 90000, "x"), /x*y|x/, "")';
    const first = evaluated(hangs, 'x');

    expect(first).toEqual({ failure: expect.stringContaining('was ended') });
    expect(evaluated(hangs, 'y')).toEqual(first);
  });

  it.each([
    ['($f := function($x) { 1 + $f($x) }; $f(1))', 'calls itself more than 200 deep (D1011)'],
    ['$sum([1..99999999])', 'makes a list of more than 10000 values (D2014)'],
    ['$sum([1..20000].($))', 'makes a list of more than 10000 values (D2015)'],
    ['$number($)', 'failed at character 8: Unable to cast value to a number: … (D3030)'],
    ['$ + 1', 'failed at character 3: The left side of the "+" operator must evaluate to a number (T2001)'],
  ])('is told what it did wrong: %s', (expression, failure) => {
    expect(evaluated(expression, 'abc')).toEqual({ failure });
  });

  it.each([
    '$number($)',
    '$error("saw " & $)',
    '$assert(false, $)',
    '$eval($)',
    '$sqrt(-$length($)) & $',
    '-$',
  ])('never says in its failure what it was given: %s', (expression) => {
    const { failure } = evaluated(expression, 'a secret of somebody’s') as { failure: string };

    expect(failure).toMatch(/^failed/);
    expect(failure).not.toContain('secret');
  });

  it('is never given a text beyond its bounds', () => {
    expect(evaluated('$', 'x'.repeat(40_000))).toMatchObject({ failure: expect.stringContaining('32000') });
  });
});

describe('a regular expression of a mapping', () => {
  it.each([
    ['$contains($pad("a", 5000, "a") & "!", /(a+)+$/)', false],
    ['$contains($pad("a", 5000, "a"), /^(a+)+$/)', true],
    ['$length($match($pad("a", 500, "a") & "!", /(a|aa)+/).match)', 500],
  ])('ends with the answer, whatever a pattern could try: %s', (expression, answer) => {
    expect(evaluated(expression, 'any')).toEqual({ value: answer });
  });

  it.each([
    ['$match($, /A-(\\d+)|B/i).groups[0]', 'xa-12', '12'],
    ['$replace($, /(\\w+)\\s(\\w+)/, "$2, $1")', 'Grace Hopper', 'Hopper, Grace'],
    ['$join($split($, /\\s*[,;]\\s*/), "|")', 'a, b ;c', 'a|b|c'],
    ['$contains($, /^(?<year>\\d{4})-\\d\\d$/m)', 'on\n2026-11', true],
    ['$string($match($, /o/).index)', 'foo', '[1,2]'],
    ['$string($match($, /(a)|(b)/)[1].groups)', 'ab', '[null,"b"]'],
    ['$replace($, /^a/, "")', 'aab', 'ab'],
    ['$contains($, /ä\\/\\u0041/i)', 'x Ä/a', true],
  ])('means what it meant: %s', (expression, value, answer) => {
    expect(evaluated(expression, value)).toEqual({ value: answer });
  });

  it('that looks around or back is no expression of a mapping, and all of them are told', () => {
    expect(faultIn('$match($, /a(?=b)/)[0] & $replace($, /(a)\\1/, "") & $match($, /ok/)[0]')).toMatch(
      /^has a regular expression that cannot be taken, at character \d+: .*\(\?=.*; at character \d+: .*\\1/,
    );
    expect(faultIn('$map($, function($v) { $split($v, /(?<!a)b/) })')).toContain('(?<!a)b');
    expect(faultIn('$replace($, /(a+)+/, "")')).toBeUndefined();
  });
});
