import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../shared/mapping/index.ts';
import type { FieldRule, MappingDocument } from '../../../shared/ports/index.ts';

const standard: MappingDocument = { version: 0, kinds: { ticket: { rules: [] } } };

/** None of which ends by itself. */
function documentOf(expressions: number): MappingDocument {
  const rules = Array.from({ length: expressions }, (_, at): FieldRule => {
    const out = `($f := function($x) { $f($x + ${at}) }; $f(1))`;
    return {
      field: `custom.f${at}`,
      vendorField: `F${at}`,
      direction: 'out',
      transforms: [{ use: 'expression', out }],
    };
  });
  return { version: 1, kinds: { ticket: { rules } } };
}

describe('a document of many expressions', () => {
  it('is refused before any of them is tried', () => {
    const faults = faultsOf(documentOf(26), { standard, current: standard, descriptions: {} });

    expect(faults).toEqual([
      { pointer: '/kinds', code: 'bad_expression', message: expect.stringContaining('saw 26') },
    ]);
  });

  it('is looked at as any other up to that', () => {
    const faults = faultsOf(documentOf(25), { standard, current: standard, descriptions: {} });

    expect(faults.map(({ code }) => code)).toContain('unknown_field');
  });
});
