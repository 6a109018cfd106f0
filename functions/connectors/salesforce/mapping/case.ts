import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { DocumentedContext } from '../../../../shared/mapping/index.ts';
import type { Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceCase } from '../wire.ts';
import { markedObservation } from './row.ts';
import { fitted } from './text.ts';

/** A reference in its one spelling; the text as it stands where it is none. */
export const referenceOf = (value: unknown): FieldValue =>
  typeof value === 'string' ? (canonicalId(value) ?? value) : null;

export function caseObservation(row: SalesforceCase, context: DocumentedContext): Observation | undefined {
  const observation = markedObservation('ticket', row, context);
  const contact = canonicalId(row.ContactId);
  if (observation === undefined || row.IsDeleted === true || contact === undefined) return observation;
  return { ...observation, refersTo: contact };
}

/** The document has said what to write; here it takes the form Salesforce would keep. */
export function projectCase(record: Projectable): Fields {
  const { requester, ...fields } = record.fields;
  const projected: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(fields))
    projected[field] = typeof value === 'string' ? fitted(field, value) : value;
  if (requester === null) projected.requester = null;
  else if (record.referredExternalId != null) projected.requester = referenceOf(record.referredExternalId);
  return projected;
}

/** A contact's id means nothing here: the engine knows whose it is. */
export const interpretCase = ({ requester, ...fields }: Fields): Fields =>
  requester === null ? { ...fields, requester } : fields;
