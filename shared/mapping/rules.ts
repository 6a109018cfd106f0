import { isMapped, type RecordKind } from '../domain/record.ts';
import type { FieldPolicy, FieldRule, MappingDocument } from '../ports/mapping-document.ts';

/** By which document fields are paired: an integration without a default pairs them all by itself. */
export const pairedBy = (
  own: MappingDocument | undefined,
  standard: MappingDocument | undefined,
): MappingDocument | undefined => standard && (own ?? standard);

/** The rules of a kind; none for comments, and none for a kind the document leaves out. */
export const rulesOf = (document: MappingDocument | undefined, kind: RecordKind): readonly FieldRule[] =>
  (isMapped(kind) ? document?.kinds[kind]?.rules : undefined) ?? [];

export const ruleFor = (
  document: MappingDocument | undefined,
  kind: RecordKind,
  field: string,
): FieldRule | undefined => rulesOf(document, kind).find((rule) => rule.field === field);

/** What a document says of conflicts in a field; undefined where it says nothing. */
export function policyOf(
  document: MappingDocument | undefined,
  kind: RecordKind,
  field: string,
): FieldPolicy | undefined {
  if (kind === 'comment') return field === 'body' ? document?.conflicts?.comment?.body : undefined;
  return ruleFor(document, kind, field)?.policy;
}

export const CUSTOM = 'custom.';
export const customName = (field: string): string | undefined =>
  field.startsWith(CUSTOM) ? field.slice(CUSTOM.length) : undefined;

/** Canonical field → the vendor's own, for what a document has in step. */
export const vendorNames = (
  document: MappingDocument | undefined,
  kind: RecordKind,
): Readonly<Record<string, string>> =>
  Object.fromEntries(rulesOf(document, kind).map(({ field, vendorField }) => [field, vendorField]));
