import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../shared/mapping/index.ts';
import type { FieldDescription, FieldRule, MappingDocument } from '../../../shared/ports/index.ts';

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

describe('a document with patterns no engine takes in one pass', () => {
  const described = (name: string): FieldDescription => ({
    name,
    label: name,
    type: 'text',
    isCustom: true,
    isCreateable: true,
    isUpdateable: true,
    isNillable: true,
    isDefaulted: false,
  });
  const ruleOf = (name: string, direction: FieldRule['direction'], pattern: string): FieldRule => ({
    field: `custom.${name}`,
    vendorField: name,
    direction,
    first: direction === 'in' ? 'vendor' : 'hub',
    transforms: [
      {
        use: 'expression',
        ...(direction !== 'out' && { in: `$replace($, ${pattern}, "")` }),
        ...(direction !== 'in' && { out: `$[$contains($, ${pattern})]` }),
      },
    ],
  });

  it('has each of them named at its path, whichever way its rule goes', () => {
    const rules = [
      ruleOf('Ahead', 'out', '/a(?=b)/'),
      ruleOf('Plain', 'both', '/^(a+)+$/'),
      ruleOf('Back', 'both', '/(a)\\1/'),
      ruleOf('Behind', 'in', '/(?<!a)b/'),
    ];
    const document: MappingDocument = {
      version: 1,
      custom: Object.fromEntries(
        rules.map(({ vendorField }) => [vendorField, { type: 'text', label: vendorField }]),
      ),
      kinds: { ticket: { rules } },
    };
    const descriptions = { ticket: rules.map(({ vendorField }) => described(vendorField)) };

    const faults = faultsOf(document, { standard, current: standard, descriptions });

    const expected = [
      '/kinds/ticket/rules/0/transforms/0/out',
      '/kinds/ticket/rules/2/transforms/0/in',
      '/kinds/ticket/rules/2/transforms/0/out',
      '/kinds/ticket/rules/3/transforms/0/in',
    ];
    expect(faults).toEqual(
      expected.map((pointer) => ({
        pointer,
        code: 'bad_expression',
        message: expect.stringContaining('cannot be taken'),
      })),
    );
  });
});
