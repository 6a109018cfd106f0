import {
  type Fields,
  type FieldValue,
  type RecordKind,
  referenceOf,
} from '../../../../shared/domain/index.ts';
import type { Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';

/** Which field holds an id of another object: fixed, whatever a connection's document says of the others. */
export const isReference = (kind: RecordKind, field: string): boolean => referenceOf(kind)?.field === field;

/** A reference in its one spelling; the text as it stands where it is none. */
export const spelled = (value: unknown): FieldValue =>
  typeof value === 'string' ? (canonicalId(value) ?? value) : null;

export function refersTo(id: FieldValue | undefined): Pick<Observation, 'refersTo'> {
  const externalId = canonicalId(id);
  return externalId === undefined ? {} : { refersTo: externalId };
}

/** The id of the copy it is to name: none while that is not known, null where it names nobody. */
export function projectReference({ kind, fields, referredExternalId = null }: Projectable): Fields {
  const { field = '' } = referenceOf(kind) ?? {};
  if (fields[field] === null) return { [field]: null };
  return referredExternalId === null ? {} : { [field]: spelled(referredExternalId) };
}

/** An id means nothing here: the engine knows whose it is. */
export function withoutReference(kind: RecordKind, raw: Fields): Fields {
  const { field = '' } = referenceOf(kind) ?? {};
  const { [field]: id = null, ...fields } = raw;
  return id === null ? raw : fields;
}
