import type { ExternalId, RecordId } from '../domain/ids.ts';
import {
  type Comment,
  type Fields,
  type FieldValue,
  type RecordKind,
  referenceOf,
  type Visibility,
} from '../domain/record.ts';
import type { Projectable } from '../ports/mapping.ts';
import { contextOf, isChannel, type Place } from './places.ts';
import type { AnyRecord, Child, Link } from './state.ts';

/** Whom an object refers to. `isOld`: as what that one was before it was merged away. */
export interface Named {
  readonly record: RecordId;
  readonly isOld?: true;
}
/** The copy, at the same place, of the record that a root refers to: by it the raw reference reads and writes. */
export interface ReferredCopy extends Named {
  /** Null where that record has no copy there that could be named. */
  readonly externalId: ExternalId | null;
}

export function commentOf(child: Child): Comment {
  const content = { body: String(child.fields.body ?? ''), author: child.author };
  return child.visibility === 'public'
    ? { visibility: 'public', ...content }
    : { visibility: 'internal', ...content };
}

/** Whether this record may be seen at all at this place (invariant 7, whatever the mapping says). */
export function mayStandAt(record: AnyRecord, place: Place): boolean {
  const visibility = visibilityOf(record);
  if (visibility !== undefined && isChannel(place)) return maySee(visibility, place);
  // Stryker disable next-line ConditionalExpression: for the compiler alone, nothing else has an audience
  return record.kind !== 'comment' || record.audience !== 'channels';
}

/** Whoever reads at this place may see what is meant for so many. */
export const maySee = (visibility: Visibility, place: Place): boolean =>
  visibility === 'public' || !isChannel(place);

export const hasVisibility = (kind: RecordKind): boolean => kind === 'comment' || kind === 'attachment';

/** Of what can be internal: comments and attachments. */
export function visibilityOf(record: AnyRecord): Visibility | undefined {
  return record.kind === 'comment' ? record.visibility : record.file?.visibility;
}
export function setVisibility(record: AnyRecord, value: FieldValue): void {
  const visibility = value === 'public' ? 'public' : 'internal';
  if (record.kind === 'comment') record.visibility = visibility;
  else if (record.file !== undefined) record.file.visibility = visibility;
}

/** The raw fields a copy should hold; undefined where the record has no place. */
export function project(
  record: AnyRecord,
  link: Pick<Link, 'origin'>,
  place: Place,
  referred: ReferredCopy | undefined,
  nowMs: number,
): Fields | undefined {
  if (!mayStandAt(record, place)) return undefined;
  return place.mapping.project(projectable(record, link, referred), contextOf(place, nowMs));
}

function projectable(
  record: AnyRecord,
  link: Pick<Link, 'origin'>,
  referred: ReferredCopy | undefined,
): Projectable {
  const base = { id: record.id, kind: record.kind, fields: record.fields, copy: link.origin };
  if (record.kind === 'comment') return { ...base, comment: commentOf(record) };
  if (record.kind === 'attachment') return { ...base, visibility: record.file?.visibility ?? 'internal' };
  const reference = referenceOf(record.kind);
  if (reference === undefined) return base;
  const isKnown = referred !== undefined && referred.record === record.fields[reference.field];
  return { ...base, referredExternalId: isKnown ? referred.externalId : null };
}

/** Raw to canonical; a reference through the copy it names, a comment's visibility as it stands. */
export function interpret(
  record: Pick<AnyRecord, 'kind'>,
  raw: Fields,
  place: Place,
  referred: ReferredCopy | undefined,
  nowMs: number,
): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {
    ...place.mapping.interpret(record.kind, raw, contextOf(place, nowMs)),
  };
  const reference = referenceOf(record.kind);
  if (reference !== undefined) {
    const { field } = reference;
    delete values[field];
    const named = raw[field];
    if (named === null) values[field] = null;
    else if (named !== undefined && named === referred?.externalId) values[field] = referred.record;
  }
  if (hasVisibility(record.kind) && 'visibility' in raw) values.visibility = raw.visibility ?? 'internal';
  return values;
}

export function currentValue(record: AnyRecord, field: string): FieldValue {
  const visibility = field === 'visibility' ? visibilityOf(record) : undefined;
  return visibility ?? record.fields[field] ?? null;
}
