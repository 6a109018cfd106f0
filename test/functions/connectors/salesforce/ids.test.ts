import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalId } from '../../../../functions/connectors/salesforce/ids.ts';
import { to18 } from '../../../sandboxes/salesforce/ids.ts';

const letters = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
const short = fc.array(letters, { minLength: 15, maxLength: 15 }).map((chars) => chars.join(''));

describe('Salesforce ids: one object, one spelling', () => {
  it('gives the same spelling to both forms of an id, whatever the case of its suffix', () => {
    fc.assert(
      fc.property(short, (id) => {
        const long = canonicalId(id);

        expect(long).toBe(to18(id));
        expect(canonicalId(long)).toBe(long);
        expect(canonicalId(id + long?.slice(15).toLowerCase())).toBe(long);
      }),
    );
  });

  it('keeps ids apart that differ in letter case alone, even where letter case is lost', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        fc.pre(a !== b);

        expect(canonicalId(a)?.toUpperCase()).not.toBe(canonicalId(b)?.toUpperCase());
      }),
    );
    expect(canonicalId('500ws00000000ab')).not.toBe(canonicalId('500Ws00000000Ab'));
  });

  it.each(['', '500', '500Ws00000000AbAAA', '500Ws00000000Ab!', ' 500Ws00000000Ab', 42, null, undefined])(
    'takes %j for no id',
    (text) => {
      expect(canonicalId(text)).toBeUndefined();
    },
  );
});
