import { describe, expect, it } from 'vitest';
import {
  equalInConstantTime,
  hmacSha256Hex,
  isFreshSeconds,
  isSignedByAny,
  presentSecrets,
} from '../../../shared/http/index.ts';

describe('signatures: HMAC-SHA256', () => {
  it('gives RFC 4231 test case 2', () => {
    expect(hmacSha256Hex('Jefe', 'what do ya ', Buffer.from('want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('refuses an empty secret, which would let anybody sign', () => {
    expect(() => hmacSha256Hex('', 'x')).toThrow(expect.objectContaining({ code: 'configuration' }));
  });
});

describe('signatures: comparison', () => {
  it('is false for another length and another value, and true for the same', () => {
    const [abc, abd, abcd] = ['abc', 'abd', 'abcd'].map((text) => Buffer.from(text));

    expect(equalInConstantTime(abc!, Buffer.from('abc'))).toBe(true);
    expect(equalInConstantTime(abc!, abd!)).toBe(false);
    expect(equalInConstantTime(abc!, abcd!)).toBe(false);
    expect(equalInConstantTime(Buffer.of(), Buffer.of())).toBe(true);
  });

  it('finds the current secret or the previous, in any place, and nothing among none', () => {
    const given = hmacSha256Hex('b', 'text');

    expect(isSignedByAny(given, ['a', 'b'], 'te', Buffer.from('xt'))).toBe(true);
    expect(isSignedByAny(given, ['b', 'a'], 'text')).toBe(true);
    expect(isSignedByAny(given, ['a', 'c'], 'text')).toBe(false);
    expect(isSignedByAny(given, ['b'], 'another text')).toBe(false);
    expect(isSignedByAny('', ['b'], 'text')).toBe(false);
    expect(isSignedByAny(given, [], 'text')).toBe(false);
  });

  it('takes nothing behind a good signature, nor anything but digits in lower case', () => {
    const given = hmacSha256Hex('b', 'text');

    const shortened = [given.slice(0, -2), `${given.slice(0, -1)}x`];
    for (const forged of [`${given}0`, `${given},${given}`, given.toUpperCase(), ...shortened]) {
      expect(isSignedByAny(forged, ['b'], 'text')).toBe(false);
    }
  });

  it('leaves out secrets that are missing or empty', () => {
    expect(presentSecrets({ a: 'x', b: '' }, ['a', 'b', 'c'])).toEqual(['x']);
  });
});

describe('signatures: freshness', () => {
  const nowMs = 1_700_000_000_000;

  it.each([
    ['now', '1700000000', true],
    ['five minutes ago', '1699999700', true],
    ['five minutes ahead', '1700000300', true],
    ['a second more than that ago', '1699999699', false],
    ['a second more than that ahead', '1700000301', false],
    ['nothing', undefined, false],
    ['empty', '', false],
    ['two of them', '1700000000,1700000000', false],
    ['words', 'now', false],
    ['a fraction', '1700000000.0', false],
    ['a negative', '-1', false],
    ['an exponent', '17e8', false],
  ])('%s', (_, header, isFresh) => {
    expect(isFreshSeconds(header, nowMs, 300_000)).toBe(isFresh);
  });
});
