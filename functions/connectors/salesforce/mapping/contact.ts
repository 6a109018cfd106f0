import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { DocumentedContext } from '../../../../shared/mapping/index.ts';
import type { Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceContact } from '../wire.ts';
import { authorshipOf, markerOf, rawFields } from './case.ts';
import { millisOf, upperBoundMs } from './moments.ts';
import { fitted, fittedEmail, fittedName } from './text.ts';

/** Salesforce wants a family name; a customer who gave none is called by what is known. */
const NAMELESS = 'Unknown';

export function contactObservation(
  row: SalesforceContact,
  context: DocumentedContext,
): Observation | undefined {
  const externalId = canonicalId(row.Id);
  const stampMs = millisOf(row.SystemModstamp);
  if (externalId === undefined || stampMs === undefined) return undefined;
  const base = {
    kind: 'contact' as const,
    externalId,
    version: { source: 'systemmodstamp', value: stampMs },
    authorship: authorshipOf(row.LastModifiedById, context),
    atMs: upperBoundMs(stampMs, context.receivedAtMs),
  };
  if (row.IsDeleted === true) return { ...base, fields: {}, isComplete: false, life: 'deleted' };
  const marker = markerOf(row.Deskbridge_Id__c);
  return {
    ...base,
    fields: rawFields('contact', row, context),
    isComplete: true,
    ...(marker === undefined ? {} : { marker }),
  };
}

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
