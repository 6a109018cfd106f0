import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { DocumentedContext } from '../../../../shared/mapping/index.ts';
import type { Observation, Projectable } from '../../../../shared/ports/index.ts';
import type { SalesforceContact } from '../wire.ts';
import { markedObservation } from './row.ts';
import { fitted, fittedEmail, fittedName } from './text.ts';

/** Salesforce wants a family name; a customer who gave none is called by what is known. */
const NAMELESS = 'Unknown';

export const contactObservation = (
  row: SalesforceContact,
  context: DocumentedContext,
): Observation | undefined => markedObservation('contact', row, context);

/** A contact that was there before the hub keeps what its owners wrote. */
export function projectContact(record: Projectable): Fields {
  if (record.copy === 'theirs') return {};
  const { name, email, ...others } = record.fields;
  const projected: Record<string, FieldValue> = {
    name: fittedName(String(name ?? '')) ?? fittedName(String(email ?? '')) ?? NAMELESS,
  };
  if (email !== undefined) projected.email = fittedEmail(String(email ?? ''));
  for (const [field, value] of Object.entries(others))
    projected[field] = typeof value === 'string' ? fitted(field, value) : value;
  return projected;
}

export function interpretContact(raw: Fields): Fields {
  const { email } = raw;
  return typeof email === 'string' ? { ...raw, email: email.trim().toLowerCase() } : raw;
}
