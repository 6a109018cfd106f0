import type { Fields, FieldValue, RecordId } from '../../../../shared/domain/index.ts';
import { type DocumentedContext, rulesOf } from '../../../../shared/mapping/index.ts';
import type { Authorship, MappingContext, Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceCase } from '../wire.ts';
import { millisOf, upperBoundMs } from './moments.ts';
import { fitted } from './text.ts';

/** A child is named by its root and itself: `root.child`. */
const RECORD_ID = /^[\x21-\x7e]{1,128}$/;
/** The hub's own mark, where the text could be one. */
export const markerOf = (text: string | null | undefined): RecordId | undefined =>
  typeof text === 'string' && RECORD_ID.test(text) ? (text as RecordId) : undefined;

export function authorshipOf(userId: string | null | undefined, context: MappingContext): Authorship {
  const hub = canonicalId(context.hubUserId);
  const user = canonicalId(userId);
  if (hub === undefined || user === undefined) return 'unknown';
  return user === hub ? 'hub' : 'other';
}

/** A reference in its one spelling; the text as it stands where it is none. */
export const referenceOf = (value: unknown): FieldValue =>
  typeof value === 'string' ? (canonicalId(value) ?? value) : null;

export function caseObservation(row: SalesforceCase, context: DocumentedContext): Observation | undefined {
  const externalId = canonicalId(row.Id);
  const stampMs = millisOf(row.SystemModstamp);
  if (externalId === undefined || stampMs === undefined) return undefined;
  const base = {
    kind: 'ticket' as const,
    externalId,
    version: { source: 'systemmodstamp', value: stampMs },
    authorship: authorshipOf(row.LastModifiedById, context),
    atMs: upperBoundMs(stampMs, context.receivedAtMs),
  };
  if (row.IsDeleted === true) return { ...base, fields: {}, isComplete: false, life: 'deleted' };
  const marker = markerOf(row.Deskbridge_Id__c);
  const contact = canonicalId(row.ContactId);
  return {
    ...base,
    fields: rawFields('ticket', row, context),
    isComplete: true,
    ...(marker === undefined ? {} : { marker }),
    ...(contact === undefined ? {} : { contactExternalId: contact }),
  };
}

/** What a row holds of the fields in step with the hub. */
export function rawFields(
  kind: 'ticket' | 'contact',
  row: Readonly<Record<string, unknown>>,
  { mapping }: DocumentedContext,
): Fields {
  return Object.fromEntries(
    rulesOf(mapping, kind).map(({ field, vendorField }) => [
      field,
      vendorField === 'ContactId' ? (canonicalId(row.ContactId) ?? null) : scalar(row[vendorField]),
    ]),
  );
}

/** Compounds and references to whole rows are no values of a field. */
export const scalar = (value: unknown): FieldValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

/** The document has said what to write; here it takes the form Salesforce would keep. */
export function projectCase(record: Projectable): Fields {
  const { requester, ...fields } = record.fields;
  const projected: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(fields))
    projected[field] = typeof value === 'string' ? fitted(field, value) : value;
  if (requester === null) projected.requester = null;
  else if (record.requesterExternalId != null) projected.requester = referenceOf(record.requesterExternalId);
  return projected;
}

/** A contact's id means nothing here: the engine knows whose it is. */
export const interpretCase = ({ requester, ...fields }: Fields): Fields =>
  requester === null ? { ...fields, requester } : fields;
