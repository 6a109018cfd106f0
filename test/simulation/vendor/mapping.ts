import {
  type Fields,
  type FieldValue,
  type RecordKind,
  referenceOf,
  TICKET_PRIORITIES,
  TICKET_STATUSES,
} from '../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../shared/errors.ts';
import { documented, type OwnMapping } from '../../../shared/mapping/index.ts';
import type { Decoded, Mapping, Observation, Projectable } from '../../../shared/ports/index.ts';
import { AREA } from '../worlds/areas.ts';
import { observedUnder } from '../worlds/documented.ts';
import { standardFor } from '../worlds/documents.ts';
import type { Normaliser, Profile } from './profile.ts';

const CUT_AT = 48;
const TEXTS: ReadonlySet<string> = new Set(['subject', 'description', 'body', 'name']);

/** What a kept body of a model vendor says, as JSON. */
export type WireEvent =
  | { readonly type: 'changed'; readonly objects: readonly Observation[] }
  | { readonly type: 'typing' };

export function mappingOf(profile: Profile): Mapping {
  return profile.hasDocument === true
    ? documented(mappedOf(profile), standardFor(profile))
    : fixedOf(profile);
}

/** Words and pairs are the document's to say. */
function mappedOf(profile: Profile): OwnMapping {
  const { project, canonicalForm } = fixedOf(profile, (_name, value) => value);
  return {
    decode(body, _contentType, { mapping }) {
      const decoded = decode(body);
      if (decoded.outcome !== 'observations') return decoded;
      return { ...decoded, observations: decoded.observations.map((o) => observedUnder(mapping, o)) };
    },
    project(record, context) {
      const fields = project(record, context);
      const area = record.fields[AREA];
      return fields === undefined || area === undefined ? fields : { ...fields, [AREA]: area };
    },
    interpret: (_kind, raw) => raw,
    canonicalForm,
  };
}

function fixedOf(profile: Profile, encode: typeof encoded = encoded): Mapping {
  const writableAlways = profile.role === 'connector';
  return {
    decode: (body) => decode(body),
    project(record) {
      if (record.kind === 'comment' && record.comment?.visibility !== 'public' && !writableAlways)
        return undefined;
      if (record.kind === 'attachment' || (record.kind === 'ticket' && !writableAlways)) return {};
      if (record.copy === 'theirs' && !(writableAlways && record.kind !== 'contact')) return {};
      return projected(record, encode);
    },
    interpret: (kind, raw) => interpreted(kind, raw),
    canonicalForm: (_kind, field, raw) =>
      typeof raw === 'string' && TEXTS.has(field) ? canonicalText(profile.normaliser, raw) : raw,
  };
}

function decode(body: Uint8Array): Decoded {
  const event = parsed(body);
  return event.type === 'changed'
    ? { outcome: 'observations', observations: event.objects }
    : { outcome: 'filtered', reason: 'nothing changed' };
}

function parsed(body: Uint8Array): WireEvent {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as WireEvent;
  } catch (cause) {
    throw new InvalidInputError('the body is not JSON', { cause });
  }
}

function projected({ kind, fields, referredExternalId }: Projectable, encode: typeof encoded): Fields {
  const raw: Record<string, FieldValue> = {};
  for (const name of NAMES[kind]) {
    const value = fields[name];
    if (value !== undefined) raw[name] = encode(name, value);
  }
  const { field = '' } = referenceOf(kind) ?? {};
  // Contacts of most histories have no account.
  if (referredExternalId !== undefined && (kind === 'ticket' || fields[field] !== undefined))
    raw[field] = referredExternalId;
  return raw;
}

const NAMES: Record<RecordKind, readonly string[]> = {
  ticket: ['subject', 'description', 'status', 'priority'],
  comment: ['body'],
  account: ['name'],
  contact: ['name', 'email'],
  attachment: ['name', 'type', 'size'],
};

/** Vendors have words of their own: status `open` is `S2` here, priority `high` is `P3`. */
function encoded(name: string, value: FieldValue): FieldValue {
  if (name === 'status') return `S${indexIn(TICKET_STATUSES, value) + 1}`;
  if (name === 'priority') return `P${indexIn(TICKET_PRIORITIES, value) + 1}`;
  return value;
}

function decodedValue(name: string, value: FieldValue): FieldValue | undefined {
  if (name === 'status') return TICKET_STATUSES[Number(String(value).slice(1)) - 1];
  if (name === 'priority') return TICKET_PRIORITIES[Number(String(value).slice(1)) - 1];
  return value;
}

function interpreted(kind: RecordKind, raw: Fields): Fields {
  const fields: Record<string, FieldValue> = {};
  for (const name of NAMES[kind]) {
    const value = raw[name];
    const meaning = value === undefined ? undefined : decodedValue(name, value);
    if (meaning !== undefined) fields[name] = meaning;
  }
  return fields;
}

export function canonicalText(normaliser: Normaliser, text: string): string {
  switch (normaliser) {
    case 'none':
      return text;
    case 'trim':
      return text.trim();
    case 'newline':
      return text.replace(/\n+$/, '');
    case 'cut':
      return text.slice(0, CUT_AT);
    // What it will add nobody can know.
    case 'restless':
      return text;
  }
}

const RESTLESS: ReadonlySet<string> = new Set(['subject', 'description', 'body']);
export const isRestless = (field: string): boolean => RESTLESS.has(field);

/** A text without what a restless vendor put to its end. */
export const atRest = (text: string): string => text.replace(/(\s*~\d*)*\s*$/, '');

/** What a restless vendor makes, this time, of what it is given. */
export function restless(fields: Fields, turn: number): Fields {
  const added = Object.entries(fields).map(([name, value]) => {
    return [name, typeof value === 'string' && isRestless(name) ? `${atRest(value)} ~${turn}` : value];
  });
  return Object.fromEntries(added);
}

/** What the vendor makes of a value it is given. */
export function normalised(normaliser: Normaliser, fields: Fields): Fields {
  const kept = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' && TEXTS.has(name) ? storedText(normaliser, value) : value,
  ]);
  return Object.fromEntries(kept);
}

function storedText(normaliser: Normaliser, text: string): string {
  if (normaliser !== 'newline') return canonicalText(normaliser, text);
  return text.endsWith('\n') ? text : `${text}\n`;
}

function indexIn(words: readonly string[], value: FieldValue): number {
  return words.indexOf(String(value));
}
