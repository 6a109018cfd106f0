import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { MappingDocument } from '../../../shared/ports/index.ts';
import { observedUnder } from './documented.ts';

describe('what a vendor shows of an object, under a document', () => {
  const rule = { field: 'priority', vendorField: 'severity', direction: 'both' } as const;
  const document: MappingDocument = { version: 1, kinds: { ticket: { rules: [rule] } } };
  const shown = {
    kind: 'ticket',
    externalId: 'case-1' as ExternalId,
    authorship: 'other',
    atMs: 70_000,
    fields: { priority: 'P1', severity: 'V2' },
    isComplete: true,
  } as const;

  it('has the value and the time of the field that is in step, by the hub’s name', () => {
    const o = observedUnder(document, { ...shown, fieldTimesMs: { priority: 70_000, severity: 60_000 } });

    expect(o).toMatchObject({ fields: { priority: 'V2' }, fieldTimesMs: { priority: 60_000 } });
  });

  it('has no time of a field that was never set, be it that another has one', () => {
    const o = observedUnder(document, {
      ...shown,
      fields: { priority: 'P1' },
      fieldTimesMs: { priority: 70_000 },
    });

    expect(o.fields).toEqual({ priority: null });
    expect(o.fieldTimesMs).toEqual({});
  });

  it('has no times where the vendor gives none', () => {
    expect(observedUnder(document, shown)).not.toHaveProperty('fieldTimesMs');
  });
});
