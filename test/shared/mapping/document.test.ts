import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { irreversibles, neighbourFaults, nextDocument } from '../../../shared/mapping/index.ts';
import { inward, outward } from '../../../shared/mapping/interpret.ts';
import type { FieldRule, MappingDocument } from '../../../shared/ports/index.ts';

const rule = (field: string, vendorField: string, direction: FieldRule['direction'] = 'both'): FieldRule => ({
  field,
  vendorField,
  direction,
});
const document = (rules: readonly FieldRule[], version = 0): MappingDocument => ({
  version,
  kinds: { ticket: { rules } },
});

const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
/** Any value map: words that stand twice, on either side, among them. */
const pairs = fc.uniqueArray(
  fc.record({ hub: word, vendor: fc.array(word, { minLength: 1, maxLength: 3 }) }),
  { selector: ({ hub }) => hub, minLength: 1, maxLength: 6 },
);

describe('a round trip', () => {
  it('through a reversible value map is identity; of any other the validation names the values', () => {
    fc.assert(
      fc.property(pairs, (values) => {
        const mapped = { ...rule('priority', 'Priority'), values };
        const named = new Set(
          irreversibles(document([mapped])).map(({ pointer }) => Number(pointer.split('/').at(-1))),
        );

        values.forEach(({ hub }, index) => {
          const back = inward(mapped, outward(mapped, hub));
          expect(back === hub).toBe(!named.has(index));
        });
      }),
    );
  });

  it('from the vendor and back says again what was understood', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), (values, nth) => {
        const mapped = { ...rule('priority', 'Priority'), values };
        const known = values.flatMap(({ vendor }) => vendor);
        const meant = inward(mapped, known[nth % known.length]);

        const again = inward(mapped, outward(mapped, meant));

        expect(again === meant || irreversibles(document([mapped])).length > 0).toBe(true);
      }),
    );
  });
});

describe('the next version of a document', () => {
  const current = document([rule('subject', 'Subject'), rule('priority', 'Priority', 'in')], 3);

  it('marks what is paired anew, or in a direction that had no base', () => {
    const next = nextDocument(
      document([
        rule('subject', 'Subject'),
        rule('priority', 'Priority'),
        { ...rule('custom.area', 'Area__c'), first: 'hub' },
      ]),
      current,
    );

    expect(next.version).toBe(4);
    expect(next.kinds.ticket?.rules.map(({ since }) => since)).toEqual([undefined, 4, 4]);
  });

  it('keeps since when a pair is there, whatever somebody writes into it', () => {
    const paired = nextDocument(document([rule('custom.area', 'Area__c')]), current);

    const next = nextDocument(document([{ ...rule('custom.area', 'Area__c', 'out'), since: 1 }]), paired);

    expect(next.kinds.ticket?.rules[0]?.since).toBe(4);
  });

  it('marks what its values mean something else in since, and keeps the mark', () => {
    const upper = { ...rule('subject', 'Subject'), transforms: [{ use: 'uppercase' as const }] };
    const marks = (rules: readonly FieldRule[], before: MappingDocument) =>
      nextDocument(document(rules), before).kinds.ticket?.rules.map(({ reworded }) => reworded);

    expect(marks([upper, rule('priority', 'Priority', 'in')], current)).toEqual([4, undefined]);
    expect(marks([upper], nextDocument(document([upper]), current))).toEqual([4]);
    expect(marks([{ ...rule('subject', 'Subject'), reworded: 9 }], current)).toEqual([undefined]);
  });
});

describe('a document beside its neighbours', () => {
  const own = (rules: readonly FieldRule[]) => ({ name: 'A', document: document(rules) });
  const other = (rules: readonly FieldRule[]) => ({ name: 'B', document: document(rules) });

  it('has no cycle where the same fields go both ways at each of them', () => {
    const rules = [rule('subject', 'Subject'), rule('priority', 'Priority')];

    expect(neighbourFaults(own(rules), [other(rules)])).toEqual([]);
  });

  it('is refused with the way round where a value would come back by other rules', () => {
    const faults = neighbourFaults(own([rule('subject', 'F', 'in'), rule('priority', 'F', 'out')]), [
      other([rule('subject', 'G', 'out'), rule('priority', 'G', 'in')]),
    ]);

    expect(faults).toContainEqual({
      pointer: '/kinds/ticket/rules/0',
      code: 'cycle',
      message: 'A: F → ticket.subject → B: G → ticket.priority → A: F',
    });
  });

  it('is refused where a field of the organization’s own is of another type elsewhere', () => {
    const typed = (name: string, type: 'text' | 'number') => ({
      name,
      document: { ...document([]), custom: { score: { type } } },
    });

    expect(neighbourFaults(typed('A', 'text'), [typed('B', 'number')])).toMatchObject([
      { pointer: '/custom/score/type', code: 'custom_differs' },
    ]);
  });
});
