import type { Fields, FieldValue } from '../../../shared/domain/index.ts';
import type { Mapping } from '../../../shared/ports/index.ts';
import { decode } from './mapping/decode.ts';
import { canonicalText, toMarkdown, toMrkdwn, toPlain } from './mapping/text.ts';

const SUBJECT_LENGTH = 200;

/** How each raw value reads in the hub; names without an entry have no meaning there. */
const INTERPRETATIONS: Readonly<Record<string, (raw: string) => FieldValue | undefined>> = {
  body: toMarkdown,
  description: toMarkdown,
  subject: subjectOf,
  name: (raw) => raw,
  email: (raw) => raw.toLowerCase(),
  phone: (raw) => raw,
  type: (raw) => raw,
  size: () => undefined,
};

export const mapping: Mapping = {
  decode,

  /** The hub writes into a conversation, never over what a customer wrote; notes have no place there. */
  project(record) {
    if (record.kind !== 'comment' || record.copy === 'theirs') {
      return (record.comment ?? record).visibility === 'internal' ? undefined : {};
    }
    if (record.comment?.visibility !== 'public') return undefined;
    return { body: toMrkdwn(record.comment.body) };
  },

  interpret(_kind, raw) {
    const canonical: Record<string, FieldValue> = {};
    for (const [name, value] of Object.entries(raw)) {
      const meaning = typeof value === 'string' ? INTERPRETATIONS[name]?.(value) : value;
      if (meaning !== undefined && name in INTERPRETATIONS) canonical[name] = meaning;
    }
    return canonical satisfies Fields;
  },

  canonicalForm(_kind, field, raw) {
    if (typeof raw !== 'string') return raw;
    if (field === 'body' || field === 'description') return canonicalText(raw);
    return field === 'email' ? raw.trim().toLowerCase() : raw.trim();
  },
};

/** A message that is only a picture has no first line; a subject of nothing is none. */
function subjectOf(raw: string): string | undefined {
  const line = toPlain(raw).replace(/\s+/gu, ' ').trim();
  if (line === '') return undefined;
  return line.length <= SUBJECT_LENGTH ? line : `${[...line].slice(0, SUBJECT_LENGTH - 1).join('')}…`;
}
