import { describe, expect, it } from 'vitest';
import { isReferredTo, RECORD_KINDS, referredKind } from '../../../shared/domain/index.ts';

describe('what refers to what', () => {
  it.each([
    ['ticket', 'contact'],
    ['comment', 'contact'],
    ['contact', 'account'],
    ['account', undefined],
    ['attachment', undefined],
  ] as const)('an object of a %s names one of a %s', (kind, named) => {
    expect(referredKind(kind)).toBe(named);
  });

  it('tells the kinds whose records others name, which are looked after for their sake', () => {
    expect(RECORD_KINDS.filter(isReferredTo)).toEqual(['account', 'contact']);
  });
});
