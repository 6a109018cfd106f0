import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../shared/mapping/expressions/failure.ts';

describe('a failure of an expression', () => {
  it.each([
    ['D1011', 'calls itself more than 200 deep (D1011)'],
    ['D1012', 'took longer than 200 ms (D1012)'],
    ['D2014', 'makes a list of more than 10000 values (D2014)'],
    ['D2015', 'makes a list of more than 10000 values (D2015)'],
  ])('says which of the hub’s bounds it met: %s', (code, failure) => {
    expect(failureOf({ code, position: 3, value: 200, message: 'as JSONata says it' })).toBe(failure);
  });

  it('of no code of JSONata’s says where, and nothing of what it was about', () => {
    expect(failureOf(new RangeError('a secret'))).toBe('failed (error)');
    expect(failureOf({ position: 7, message: 'a secret' })).toBe('failed at character 7 (error)');
  });

  it('hides every value JSONata puts into its words', () => {
    const error = { code: 'T2009', message: 'The values "ab" and 17 differ', value: 'ab', value2: 17 };

    expect(failureOf(error)).toBe('failed: The values … and … differ (T2009)');
  });
});
