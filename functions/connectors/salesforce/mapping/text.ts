import type { FieldValue, RecordKind } from '../../../../shared/domain/index.ts';

/** What each field takes at most; a comment's body is counted in bytes (object reference, CaseComment). */
const LIMITS: Readonly<Record<string, { readonly max: number; readonly in: 'characters' | 'bytes' }>> = {
  subject: { max: 255, in: 'characters' },
  description: { max: 32_000, in: 'characters' },
  body: { max: 4_000, in: 'bytes' },
  /** An account's; a contact's comes in two parts. */
  name: { max: 255, in: 'characters' },
  website: { max: 255, in: 'characters' },
  phone: { max: 40, in: 'characters' },
};
const CUT = '…';

/**
 * `@{name.id}` in a part of a composite names another part's answer, in whoever's text it stands, and there is no
 * escape: a word joiner keeps it the text it is. Any other of its kind would have the whole call refused.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm
 */
export const unreferring = (text: string): string => text.replaceAll('@{', '@\u2060{');

/**
 * A text as Salesforce would keep it: line ends as `\n`, no outer whitespace, cut to the field's limit (it
 * would refuse what is longer, with STRING_TOO_LONG), and null where nothing is left.
 */
export function fitted(field: string, text: string): string | null {
  const trimmed = unreferring(text.replace(/\r\n?/g, '\n').trim());
  if (trimmed === '') return null;
  const limit = LIMITS[field];
  if (limit === undefined || sizeOf(trimmed, limit.in) <= limit.max) return trimmed;
  const room = limit.max - sizeOf(CUT, limit.in);
  return `${head(trimmed, room, limit.in).trimEnd()}${CUT}`;
}

const sizeOf = (text: string, unit: 'characters' | 'bytes'): number =>
  unit === 'bytes' ? Buffer.byteLength(text) : text.length;

/** Whole code points only: half a surrogate pair is no text. */
function head(text: string, room: number, unit: 'characters' | 'bytes'): string {
  let kept = '';
  let size = 0;
  for (const point of text) {
    size += sizeOf(point, unit);
    if (size > room) return kept;
    kept += point;
  }
  return kept;
}

export const MAX_FIRST_NAME = 40;
export const MAX_LAST_NAME = 80;

export interface SplitName {
  readonly FirstName: string | null;
  readonly LastName: string;
}

/** One name in two fields: the last word is the family name, the only one Salesforce insists on. */
export function splitName(name: string): SplitName {
  const words = name.trim().split(/\s+/);
  const last = [...(words.at(-1) ?? '')].slice(0, MAX_LAST_NAME).join('');
  const first = head(words.slice(0, -1).join(' '), MAX_FIRST_NAME, 'characters').trim();
  return { FirstName: first === '' ? null : first, LastName: head(last, MAX_LAST_NAME, 'characters') };
}

/** The name as the two fields give it back. */
export function fittedName(name: string): string | null {
  if (name.trim() === '') return null;
  const { FirstName, LastName } = splitName(name);
  return FirstName === null ? LastName : `${FirstName} ${LastName}`;
}

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** Null where Salesforce would refuse the whole contact for it (INVALID_EMAIL_ADDRESS). */
export function fittedEmail(email: string): string | null {
  const plain = email.trim().toLowerCase();
  return EMAIL.test(plain) && plain.length <= 80 ? plain : null;
}

export function canonicalForm(kind: RecordKind, field: string, raw: FieldValue): FieldValue {
  if (typeof raw !== 'string') return raw;
  if (kind === 'contact' && field === 'name') return fittedName(raw);
  if (field === 'email') return raw.trim() === '' ? null : raw.trim().toLowerCase();
  return fitted(field, raw);
}
