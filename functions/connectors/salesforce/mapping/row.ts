import type {
  Fields,
  FieldValue,
  MappedKind,
  RecordId,
  RecordKind,
} from '../../../../shared/domain/index.ts';
import { type DocumentedContext, rulesOf } from '../../../../shared/mapping/index.ts';
import type { Authorship, MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceMarked, SalesforceStamped } from '../wire.ts';
import { millisOf, upperBoundMs } from './moments.ts';
import { isPerson } from './person.ts';
import { isReference, refersTo } from './reference.ts';

/** Which object a row is, and as of when; undefined for one without an id or a stamp. */
export function baseOf<Kind extends RecordKind>(kind: Kind, row: SalesforceStamped, context: MappingContext) {
  const externalId = canonicalId(row.Id);
  const stampMs = millisOf(row.SystemModstamp);
  if (externalId === undefined || stampMs === undefined) return undefined;
  return {
    kind,
    externalId,
    version: { source: 'systemmodstamp', value: stampMs },
    authorship: authorshipOf(row.LastModifiedById, context),
    atMs: upperBoundMs(stampMs),
  };
}

export const DELETED = { fields: {}, isComplete: false, life: 'deleted' } as const;

/** A row of an object that carries the hub's own mark. */
export function markedObservation(
  kind: MappedKind,
  row: SalesforceMarked,
  context: DocumentedContext,
): Observation | undefined {
  const base = baseOf(kind, row, context);
  if (base === undefined) return undefined;
  if (row.IsDeleted === true) return { ...base, ...DELETED, ...survivorOf(row) };
  const marker = markerOf(row.Deskbridge_Id__c);
  const fields = rawFields(kind, row, context);
  return {
    ...base,
    fields,
    isComplete: true,
    ...refersTo(namedIn(kind, row)),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** Whoever maps no reference has it still: it says whom the ticket is from. */
function namedIn(kind: MappedKind, row: SalesforceMarked): FieldValue | undefined {
  if (kind === 'ticket') return row.ContactId;
  return kind === 'contact' && !isPerson(row) ? row.AccountId : undefined;
}

/** Of two merged, the loser in the bin names the one that goes on. */
function survivorOf({ MasterRecordId }: SalesforceMarked): Pick<Observation, 'mergedInto'> {
  const mergedInto = canonicalId(MasterRecordId);
  return mergedInto === undefined ? {} : { mergedInto };
}

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

/** What a row holds of the fields in step with the hub. */
export function rawFields(
  kind: MappedKind,
  row: Readonly<Record<string, unknown>>,
  { mapping }: DocumentedContext,
): Fields {
  return Object.fromEntries(
    rulesOf(mapping, kind).map(({ field, vendorField }) => [
      field,
      isReference(kind, field) ? referenceIn(row, vendorField) : scalar(row[vendorField]),
    ]),
  );
}

const referenceIn = (row: Readonly<Record<string, unknown>>, vendorField: string): FieldValue =>
  isPerson(row) ? null : (canonicalId(row[vendorField]) ?? null);

/** Compounds and references to whole rows are no values of a field. */
export const scalar = (value: unknown): FieldValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
