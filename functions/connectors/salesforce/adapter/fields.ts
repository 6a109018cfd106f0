import type { Fields, FieldValue, RecordKind } from '../../../../shared/domain/index.ts';
import { CASE_FIELDS } from '../mapping/case.ts';
import { splitName } from '../mapping/text.ts';

/** Raw values under canonical names as the body of a request. */
export function vendorFields(kind: RecordKind, fields: Fields): Record<string, FieldValue> {
  switch (kind) {
    case 'ticket':
      return renamed(fields, CASE_FIELDS);
    case 'comment':
      return renamed(fields, { body: 'CommentBody' });
    case 'contact': {
      const { name, ...rest } = fields;
      const parts = typeof name === 'string' ? splitName(name) : {};
      return { ...parts, ...renamed(rest, { email: 'Email', phone: 'Phone' }) };
    }
  }
}

function renamed(fields: Fields, names: Readonly<Record<string, string>>): Record<string, FieldValue> {
  const body: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(fields)) {
    const name = names[field];
    if (name !== undefined) body[name] = value;
  }
  return body;
}
