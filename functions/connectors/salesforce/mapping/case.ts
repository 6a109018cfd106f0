import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { Projectable } from '../../../../shared/ports/index.ts';
import { isReference, projectReference } from './reference.ts';
import { fitted } from './text.ts';

/** The document has said what to write; here it takes the form Salesforce would keep. */
export function projectCase(record: Projectable): Fields {
  const projected: Record<string, FieldValue> = { ...projectReference(record) };
  for (const [field, value] of Object.entries(record.fields))
    if (!isReference('ticket', field))
      projected[field] = typeof value === 'string' ? fitted(field, value) : value;
  return projected;
}
