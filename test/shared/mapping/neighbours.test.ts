import { describe, expect, it } from 'vitest';
import { type Named, neighbourFaults } from '../../../shared/mapping/index.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';

const rule = (field: string, vendorField: string, direction: FieldRule['direction'] = 'both'): FieldRule => ({
  field,
  vendorField,
  direction,
});

const named = (name: string, ticket: readonly FieldRule[], contact: readonly FieldRule[] = []): Named => ({
  name,
  document: { version: 1, kinds: { ticket: { rules: ticket }, contact: { rules: contact } } },
});

describe('a document beside its neighbours', () => {
  it('has a way round from a field into itself by way of another refused, with its steps', () => {
    const one = named('one', [rule('custom.a', 'A', 'out'), rule('custom.b', 'B', 'in')]);
    const other = named('other', [rule('custom.a', 'X', 'in'), rule('custom.b', 'X', 'out')]);
    const round = named('round', [rule('custom.a', 'A', 'in'), rule('custom.b', 'A', 'out')]);

    expect(neighbourFaults(one, [other])).toEqual([]);
    expect(
      neighbourFaults(round, [named('back', [rule('custom.a', 'Z', 'out'), rule('custom.b', 'Z', 'in')])]),
    ).toMatchObject([
      {
        code: 'cycle',
        pointer: '/kinds/ticket/rules/0',
        message: expect.stringContaining('round: A → ticket.custom.a'),
      },
      { code: 'cycle', pointer: '/kinds/ticket/rules/1' },
    ]);
  });

  it('may have a field of a ticket and one of a contact by the same name', () => {
    const region = (name: string) =>
      named(name, [rule('custom.region', 'Region__c')], [rule('custom.region', 'Region__c')]);

    expect(neighbourFaults(region('one'), [region('other')])).toEqual([]);
  });

  it('is told from a neighbour of the same name', () => {
    const out = named('Salesforce', [rule('custom.a', 'A', 'out')]);

    expect(
      neighbourFaults(out, [named('Salesforce', [rule('custom.b', 'B'), rule('custom.a', 'A', 'in')])]),
    ).toEqual([]);
  });
});
