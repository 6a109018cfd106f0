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
    expect(faultIn('$uppercase(')).toMatch(/failed at character \d+/);
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
    ['waits for a regular expression', '$match($, /^(a+)+$/)'],
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
    const hangs = '$match($, /^(b+)+$/)';
    const first = evaluated(hangs, `${'b'.repeat(40)}!`);

    expect(evaluated(hangs, 'b')).toEqual(first);
  });

  it('never says in its failure what it was given', () => {
    const ruled = evaluated('$number($)', 'a secret of somebody’s');

    expect(JSON.stringify(ruled)).not.toContain('secret');
  });

  it('is never given a text beyond its bounds', () => {
    expect(evaluated('$', 'x'.repeat(40_000))).toMatchObject({ failure: expect.stringContaining('32000') });
  });
});
