import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import type { FieldRule, MappingDocument, ValuePair } from '../../../../shared/ports/index.ts';

export const SEVERITY: FieldRule = {
  field: 'custom.severity',
  vendorField: 'Severity__c',
  direction: 'both',
  values: [
    { hub: 'critical', vendor: ['S1'] },
    { hub: 'major', vendor: ['S2'] },
    { hub: 'minor', vendor: ['S3'] },
  ],
};

/** An org's own fields, one of each type, beside the default rules. */
export const OWN: readonly FieldRule[] = [
  SEVERITY,
  {
    field: 'custom.area',
    vendorField: 'Product_Area__c',
    direction: 'both',
    transforms: [{ use: 'truncate', length: 40 }],
  },
  {
    field: 'custom.impact',
    vendorField: 'Impact_Score__c',
    direction: 'both',
    transforms: [{ use: 'number' }],
  },
  { field: 'custom.due', vendorField: 'Due_On__c', direction: 'both', transforms: [{ use: 'date' }] },
  {
    field: 'custom.regulated',
    vendorField: 'Is_Regulated__c',
    direction: 'both',
    transforms: [{ use: 'boolean' }],
  },
];

/** The default document with further rules for cases; of a field it has already, the later rule counts. */
export function documentWith(rules: readonly FieldRule[], version = 1): MappingDocument {
  const { kinds } = manifest.mapping!;
  const kept = kinds.ticket!.rules.filter(({ field }) => !rules.some((rule) => rule.field === field));
  return {
    version,
    custom: {
      severity: { type: 'text' },
      area: { type: 'text' },
      impact: { type: 'number' },
      due: { type: 'date' },
      regulated: { type: 'boolean' },
    },
    kinds: { ...kinds, ticket: { rules: [...kept, ...rules] } },
  };
}

export const words = (...pairs: readonly (readonly [string, ...string[]])[]): readonly ValuePair[] =>
  pairs.map(([hub, ...vendor]) => ({ hub, vendor }));
