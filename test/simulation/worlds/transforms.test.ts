import { describe, expect, it } from 'vitest';
import { inward, outward } from '../../../shared/mapping/interpret.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { BRACKETS, LOSSY, through } from './transforms.ts';

const TEXTS = ['#12# s345', '#12# s3 ', '#12# s4\n', '#1# Last and on and on and on', '<#1# x>', ' '];

describe('through: what the model says transforms make of a text', () => {
  it.each([...LOSSY, [BRACKETS]].map((transforms) => [transforms.map(({ use }) => use).join(), transforms]))(
    'is, of %s, what the hub makes of it',
    (_name, transforms) => {
      const rule = { field: 'subject', vendorField: 'subject', direction: 'both', transforms } as FieldRule;

      for (const text of TEXTS) {
        expect(through(rule.transforms, text, 'out')).toBe(outward(rule, text));
        expect(through(rule.transforms, text, 'in')).toBe(inward(rule, text));
      }
    },
  );

  it('leaves what is no text', () => {
    expect(through(LOSSY[0], null, 'out')).toBeNull();
    expect(through(undefined, 'as it is', 'in')).toBe('as it is');
  });
});
