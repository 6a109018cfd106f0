import type { Fields, FieldValue, RecordId } from '../../../../shared/domain/index.ts';
import type { Authorship, MappingContext, Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceCase } from '../wire.ts';
import { millisOf, upperBoundMs } from './moments.ts';
import { fitted } from './text.ts';
import { priorities, statuses } from './values.ts';

/** Canonical field → the vendor's own. */
export const CASE_FIELDS: Readonly<Record<string, string>> = {
  subject: 'Subject',
  description: 'Description',
  status: 'Status',
  priority: 'Priority',
  requester: 'ContactId',
};

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

export function caseObservation(row: SalesforceCase, context: MappingContext): Observation | undefined {
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
    fields: {
      subject: row.Subject ?? null,
      description: row.Description ?? null,
      status: row.Status ?? null,
      priority: row.Priority ?? null,
      requester: contact ?? null,
    },
    isComplete: true,
    ...(marker === undefined ? {} : { marker }),
    ...(contact === undefined ? {} : { contactExternalId: contact }),
  };
}

/** Only what the record says something about: what it leaves open keeps the org's own default. */
export function projectCase(record: Projectable, context: MappingContext): Fields {
  const { subject, description, status, priority, requester } = record.fields;
  const projected: Record<string, FieldValue> = {};
  if (subject !== undefined) projected.subject = fitted('subject', String(subject ?? ''));
  if (description !== undefined) projected.description = fitted('description', String(description ?? ''));
  const vendorStatus = statuses(context.settings).toVendor(status ?? null);
  if (vendorStatus !== undefined) projected.status = vendorStatus;
  const vendorPriority = priorities(context.settings).toVendor(priority ?? null);
  if (vendorPriority !== undefined) projected.priority = vendorPriority;
  if (requester === null) projected.requester = null;
  else if (record.requesterExternalId != null) projected.requester = referenceOf(record.requesterExternalId);
  return projected;
}

/** A contact's id means nothing here: the engine knows whose it is. */
export function interpretCase(raw: Fields, context: MappingContext): Fields {
  const meant: Record<string, FieldValue> = {};
  for (const field of ['subject', 'description'] as const) {
    const value = raw[field];
    if (value !== undefined) meant[field] = value;
  }
  const status = statuses(context.settings).toCanonical(String(raw.status ?? ''));
  if (status !== undefined) meant.status = status;
  const priority = priorities(context.settings).toCanonical(String(raw.priority ?? ''));
  if (priority !== undefined) meant.priority = priority;
  if (raw.requester === null) meant.requester = null;
  return meant;
}
