import type { Scalar } from './client.ts';
import {
  type CustomField,
  type MappingDocument,
  POLICIES,
  type Rule,
  type Suggestion,
  type Transform,
} from './mapping.ts';
import { plural } from './words.ts';

/** What a step of a transformation is called; the key is its `use`. */
export const TRANSFORMS: Readonly<Record<string, string>> = {
  trim: 'trim',
  lowercase: 'lower case',
  uppercase: 'upper case',
  truncate: 'cut to a length',
  number: 'as a number there',
  boolean: 'as yes or no there',
  date: 'as a date there',
  text: 'as text there',
  expression: 'an expression (JSONata)',
};

export const transformOf = (use: string): Transform =>
  use === 'truncate' ? { use, length: 255 } : use === 'expression' ? { use, in: '$', out: '$' } : { use };

/** What a pair has beyond its two fields, so that nobody has to open it to see. */
export function detailsIn({ values = [], default: standard, required, transforms = [] }: Rule): string {
  const steps = transforms.map(({ use, length }) =>
    length === undefined ? (TRANSFORMS[use] ?? use) : `cut to ${length}`,
  );
  return [
    ...(values.length === 0 ? [] : [plural(values.length, 'word')]),
    ...(standard === undefined || standard === null ? [] : [`“${standard}” where the hub has nothing`]),
    ...(required === true ? ['never emptied'] : []),
    ...steps,
  ].join(', ');
}

/** What a copy deleted at the vendor means for the record; the first is what holds where nothing is said. */
export function deletionsOf(kind: string): Readonly<Record<string, string>> {
  const name = kind === 'attachment' ? 'file' : kind;
  const close = kind === 'ticket' ? { close: 'closes the ticket' } : {};
  return { tombstone: `deletes the ${name}`, ...close, ignore: 'changes nothing' };
}

export const withDeletion = (document: MappingDocument, kind: string, what: string): MappingDocument => ({
  ...document,
  deletions: { ...document.deletions, [kind]: what },
});

export function withBodyPolicy(document: MappingDocument, key: string): MappingDocument {
  const policy = POLICIES[key]?.policy;
  const { conflicts: _conflicts, ...rest } = document;
  return policy === undefined ? rest : { ...rest, conflicts: { comment: { body: policy } } };
}

const CUSTOM = 'custom.';
export const customNameOf = (field: string): string | undefined =>
  field.startsWith(CUSTOM) ? field.slice(CUSTOM.length) : undefined;

/** Pairs that were suggested and are not in the mapping. */
export function offers({ document }: Suggestion, draft: MappingDocument, kind: string): readonly Rule[] {
  const taken = new Set(draft.kinds[kind]?.rules.map(({ field }) => field));
  return (document.kinds[kind]?.rules ?? []).filter(({ field }) => !taken.has(field));
}

export interface NewPair {
  readonly rule: Rule;
  /** Declares the field, where it is the organization's own. */
  readonly custom?: CustomField;
}

export function offered({ document }: Suggestion, rule: Rule): NewPair {
  const custom = document.custom?.[customNameOf(rule.field) ?? ''];
  return custom === undefined ? { rule } : { rule, custom };
}

/** A pair of the organization's own: as suggested for that field of the vendor, under a name of their choice. */
export function ownPair(
  { document, fields }: Suggestion,
  kind: string,
  { name, vendorField }: { readonly name: string; readonly vendorField: string },
): NewPair | undefined {
  const known = document.kinds[kind]?.rules.find((rule) => rule.vendorField === vendorField);
  if (known !== undefined) {
    const { label, type = 'text' } = document.custom?.[customNameOf(known.field) ?? ''] ?? {};
    const custom = { type, ...(label === undefined ? {} : { label }) };
    return { rule: { first: 'vendor', ...known, field: CUSTOM + name }, custom };
  }
  if (!fields[kind]?.some((field) => field.name === vendorField)) return undefined;
  const rule: Rule = { field: CUSTOM + name, vendorField, direction: 'both', first: 'vendor' };
  return { rule, custom: { type: 'text' } };
}

export function withPair(
  document: MappingDocument,
  kind: string,
  { rule, custom }: NewPair,
): MappingDocument {
  const rules = [...(document.kinds[kind]?.rules ?? []), rule];
  const name = customNameOf(rule.field);
  return {
    ...document,
    ...(custom === undefined || name === undefined
      ? {}
      : { custom: { ...document.custom, [name]: document.custom?.[name] ?? custom } }),
    kinds: { ...document.kinds, [kind]: { rules } },
  };
}

/** A declaration that no pair uses any more says nothing. */
export function withoutIdleFields(document: MappingDocument): MappingDocument {
  const { custom, ...rest } = document;
  if (custom === undefined) return document;
  const used = new Set(
    Object.values(document.kinds).flatMap(({ rules }) => rules.map(({ field }) => customNameOf(field))),
  );
  const kept = Object.entries(custom).filter(([name]) => used.has(name));
  return kept.length === 0 ? rest : { ...rest, custom: Object.fromEntries(kept) };
}

/** What was typed, as the field holds it; nothing typed is no default. */
export function scalarFrom(text: string, type: string | undefined): Scalar | undefined {
  if (text === '') return undefined;
  if (type === 'number' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
