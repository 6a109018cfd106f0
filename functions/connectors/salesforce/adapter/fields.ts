import type { Fields, FieldValue, RecordKind } from '../../../../shared/domain/index.ts';
import { vendorNames } from '../../../../shared/mapping/index.ts';
import type { MappingDocument } from '../../../../shared/ports/index.ts';
import { splitName, unreferring } from '../mapping/text.ts';

const COMMENT = { body: 'CommentBody' };

/** Raw values under canonical names as the body of a request. */
export function vendorFields(
  kind: RecordKind,
  fields: Fields,
  mapping: MappingDocument,
): Record<string, FieldValue> {
  const names = kind === 'comment' ? COMMENT : vendorNames(mapping, kind);
  const body = renamed(fields, names);
  const { Name: name, ...others } = body;
  if (kind !== 'contact' || name === undefined) return body;
  return { ...(typeof name === 'string' ? splitName(name) : {}), ...others };
}

function renamed(fields: Fields, names: Readonly<Record<string, string>>): Record<string, FieldValue> {
  const body: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(fields)) {
    const name = names[field];
    if (name !== undefined) body[name] = typeof value === 'string' ? unreferring(value) : value;
  }
  return body;
}
