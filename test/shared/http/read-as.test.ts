import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readerOf } from '../../../shared/http/read-as.ts';

const readAs = readerOf('acme');
const schema = z.object({ id: z.string(), parts: z.array(z.object({ size: z.number() })) });

describe('a vendor’s payload', () => {
  it('is read as published, and what nobody asked for is left out', () => {
    expect(readAs(schema, { id: 'a', parts: [{ size: 1, unit: 'kg' }], more: true }, '')).toEqual({
      id: 'a',
      parts: [{ size: 1 }],
    });
  });

  it.each([
    ['/message', { id: 'a', parts: [{ size: 'canary' }] }, '/message/parts/0/size', '/message/parts/0/size'],
    ['', { id: 7, parts: [] }, '/id', '/id'],
    ['', 'canary', '', '/'],
  ])('at "%s" of another shape is refused by its place, and not quoted', (at, value, pointer, place) => {
    expect(() => readAs(schema, value, at)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        pointer,
        message: `acme payload is not as published at ${place}`,
      }),
    );
  });
});
