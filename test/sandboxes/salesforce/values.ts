import { SalesforceFailure } from './failure.ts';
import { canonicalId } from './ids.ts';
import { type FieldSpec, fieldOf, type ObjectSpec } from './schema.ts';

/** As stored: datetimes are epoch milliseconds, whole seconds. */
export type Stored = string | number | boolean | null;
export type Row = Record<string, Stored>;

/** `2026-11-22T19:12:00.000+0000`: the API's only spelling, always whole seconds. */
export const datetime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

export const render = (field: FieldSpec, value: Stored): Stored =>
  field.type === 'datetime' && typeof value === 'number' ? datetime(value) : value;

const wrongType = (expected: string): SalesforceFailure =>
  new SalesforceFailure(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${expected} from VALUE value or request may be missing a required field`,
  );

function referenceValue(field: FieldSpec, value: unknown): string {
  const id = typeof value === 'string' ? canonicalId(value) : undefined;
  if (id) return id;
  throw new SalesforceFailure(400, 'MALFORMED_ID', `${field.name}: id value of incorrect type: ${value}`, [
    field.name,
  ]);
}

/**
 * Text as the API keeps it: outer whitespace goes, nothing left is null, too much is refused (since API
 * version 15 never cut):
 * https://developer.salesforce.com/docs/platform/api/guide/sforce-api-header-allowfieldtruncation.md
 */
function textValue(field: FieldSpec, value: unknown): string | null {
  if (typeof value === 'object') throw wrongType('string');
  const trimmed = String(value).trim();
  if (trimmed === '') return null;
  const size = field.lengthIn === 'bytes' ? Buffer.byteLength(trimmed) : trimmed.length;
  if (field.length !== undefined && size > field.length) {
    const shown = trimmed.slice(0, 50);
    throw new SalesforceFailure(
      400,
      'STRING_TOO_LONG',
      `${field.name}: data value too large: ${shown} (max length=${field.length})`,
      [field.name],
    );
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(trimmed)) {
    throw new SalesforceFailure(
      400,
      'INVALID_EMAIL_ADDRESS',
      `${field.name}: invalid email address: ${trimmed}`,
      [field.name],
    );
  }
  return trimmed;
}

export function coerce(field: FieldSpec, value: unknown, restrictPicklists: boolean): Stored {
  if (value === null || value === undefined) return field.type === 'boolean' ? false : null;
  if (field.type === 'boolean') {
    if (typeof value === 'boolean') return value;
    throw wrongType('boolean');
  }
  if (field.type === 'double' || field.type === 'int') {
    if (typeof value === 'number') return value;
    throw wrongType('double');
  }
  if (field.type === 'date') {
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
    throw wrongType('date');
  }
  if (field.type === 'reference') return value === '' ? null : referenceValue(field, value);
  const stored = textValue(field, value);
  if (
    (restrictPicklists || field.isRestricted === true) &&
    field.values &&
    stored !== null &&
    !field.values.includes(stored)
  ) {
    throw new SalesforceFailure(
      400,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `${field.name}: bad value for restricted picklist field: ${stored}`,
      [field.name],
    );
  }
  return stored;
}

/** The writable values of a request body; unknown and read-only fields refuse the whole of it. */
export function acceptedValues(
  object: ObjectSpec,
  body: Readonly<Record<string, unknown>>,
  verb: 'create' | 'update',
  restrictPicklists: boolean,
): Row {
  const row: Row = {};
  const readOnly: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const field = fieldOf(object, name);
    if (!field) {
      throw new SalesforceFailure(
        400,
        'INVALID_FIELD',
        `No such column '${name}' on sobject of type ${object.name}`,
      );
    }
    if (verb === 'create' ? !field.createable : !field.updateable) readOnly.push(field.name);
    else row[field.name] = coerce(field, value, restrictPicklists);
  }
  if (readOnly.length > 0) {
    throw new SalesforceFailure(
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${readOnly.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      readOnly,
    );
  }
  return row;
}

export function requirePresent(object: ObjectSpec, row: Row, isComplete: boolean): void {
  const missing = [...object.fields.values()]
    .filter((field) => field.required)
    .filter((field) => (isComplete || field.name in row) && (row[field.name] ?? null) === null)
    .map((field) => field.name);
  if (missing.length > 0) {
    throw new SalesforceFailure(
      400,
      'REQUIRED_FIELD_MISSING',
      `Required fields are missing: [${missing.join(', ')}]`,
      missing,
    );
  }
}
