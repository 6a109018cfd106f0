import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalId, makeId, to18 } from './ids.ts';

describe('Salesforce sandbox: ids', () => {
  it('completes published examples of ids', () => {
    expect(to18('001R0000005hDFY')).toBe('001R0000005hDFYIA2');
    expect(to18('0056g000003XW7A')).toBe('0056g000003XW7AAAW');
  });

  it('never makes one id twice, in any letter case of its long form', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 50 }), (serials) => {
        const ids = serials.map((serial) => makeId('500', serial).toUpperCase());

        expect(new Set(ids).size).toBe(serials.length);
      }),
    );
  });

  it('refuses a suffix that contradicts the letters', () => {
    expect(canonicalId('001R0000005hDFYAAA')).toBeUndefined();
    expect(canonicalId('too short')).toBeUndefined();
  });
});
