import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { Projectable } from '../../../../shared/ports/index.ts';
import { isReference, projectReference, withoutReference } from './reference.ts';
import { fitted, fittedEmail, fittedName } from './text.ts';

/** Salesforce wants a family name; a customer who gave none is called by what is known. */
const NAMELESS = 'Unknown';

/** A contact that was there before the hub keeps what its owners wrote. */
export function projectContact(record: Projectable): Fields {
  if (record.copy === 'theirs') return {};
  const { name, email, ...others } = record.fields;
  const projected: Record<string, FieldValue> = {
    ...projectReference(record),
    name: fittedName(String(name ?? '')) ?? fittedName(String(email ?? '')) ?? NAMELESS,
  };
  if (email !== undefined) projected.email = fittedEmail(String(email ?? ''));
  for (const [field, value] of Object.entries(others))
    if (!isReference('contact', field))
      projected[field] = typeof value === 'string' ? fitted(field, value) : value;
  return projected;
}

export function interpretContact(raw: Fields): Fields {
  const { email, ...others } = withoutReference('contact', raw);
  if (email === undefined) return others;
  return { ...others, email: typeof email === 'string' ? email.trim().toLowerCase() : email };
}
