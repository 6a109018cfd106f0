import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { MappingContext, Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceContact } from '../wire.ts';
import { authorshipOf, markerOf } from './case.ts';
import { millisOf, upperBoundMs } from './moments.ts';
import { fitted, fittedEmail, fittedName } from './text.ts';

/** Salesforce wants a family name; a customer who gave none is called by what is known. */
const NAMELESS = 'Unknown';

export function contactObservation(row: SalesforceContact, context: MappingContext): Observation | undefined {
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
    fields: { name: row.Name ?? null, email: row.Email ?? null, phone: row.Phone ?? null },
    isComplete: true,
    ...(marker === undefined ? {} : { marker }),
  };
}

/** A contact that was there before the hub keeps what its owners wrote. */
export function projectContact(record: Projectable): Fields {
  if (record.copy === 'theirs') return {};
  const { name, email, phone } = record.fields;
  const projected: Record<string, FieldValue> = {
    name: fittedName(String(name ?? '')) ?? fittedName(String(email ?? '')) ?? NAMELESS,
  };
  if (email !== undefined) projected.email = fittedEmail(String(email ?? ''));
  if (phone !== undefined) projected.phone = fitted('phone', String(phone ?? ''));
  return projected;
}

export function interpretContact(raw: Fields): Fields {
  const meant: Record<string, FieldValue> = {};
  for (const field of ['name', 'email', 'phone'] as const) {
    const value = raw[field];
    if (value === undefined) continue;
    meant[field] = field === 'email' && typeof value === 'string' ? value.trim().toLowerCase() : value;
  }
  return meant;
}
