import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOf, isSame } from '../../../shared/sync/copy.ts';

const names = fc.constantFrom('a', 'b', '0', 'hasOwnProperty');
const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 'a', '', null, true, undefined),
    fc.array(tie('plain'), { maxLength: 3 }),
    fc.dictionary(names, tie('plain'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('copies of plain data', () => {
  it('says of two pieces whether they are deeply equal, in whatever order their members stand', () => {
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        expect(isSame(one, other)).toBe(isDeepStrictEqual(one, other));
      }),
      { numRuns: 1_000 },
    );
    expect(isSame({ a: undefined }, { b: undefined })).toBe(false);
    expect(isSame({ a: undefined }, { a: undefined })).toBe(true);
    expect(isSame({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBe(true);
  });

  it('is the same as what it was made of, and shares no object with it', () => {
    const original = { lanes: { one: [{ at: 1 }, null] }, none: null };

    const copy = copyOf(original);
    copy.lanes.one[0]!.at = 2;

    expect(copyOf(original)).toEqual(original);
    expect(copy).toEqual({ lanes: { one: [{ at: 2 }, null] }, none: null });
    expect(original.lanes.one[0]!.at).toBe(1);
  });
});
