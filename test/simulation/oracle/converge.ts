import type { Fields, FieldValue, RecordKind } from '../../../shared/domain/index.ts';
import { ruleFor } from '../../../shared/mapping/index.ts';
import type { Manifest, Mapping, MappingContext } from '../../../shared/ports/index.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { AREA } from '../worlds/areas.ts';
import { asRead } from '../worlds/documents.ts';
import { type Breach, type Copy, type Family, isParked, nameOf, rootFamily } from './families.ts';
import { isMourned } from './lives.ts';
import { boundTo, documentNow, isDefaultAt, losesAt, meanings } from './mapped.ts';
import { mappingAtRest } from './restless.ts';

export const CONTEXT: MappingContext = { settings: {}, receivedAtMs: Number.MAX_SAFE_INTEGER };

/** Invariant 1: whoever may hold a value holds the same one, up to each vendor's own normalisation. */
export function converge(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (isMourned(family)) return [];
    const bound = boundCopies(family, families);
    if (family.notes === undefined && family.copies.length > 1)
      return [{ invariant: 1, what: `${nameOf(family)} has copies, and the hub no record of it` }];
    return [
      ...equalCopies(world, family, bound),
      ...bound.flatMap((copy) => unlikeTheRecord(world, family, copy)),
      ...unheard(world, family, bound),
    ];
  });
}

export const FIELDS = {
  ticket: ['subject', 'description', 'status', 'priority', AREA],
  comment: ['body'],
  contact: ['name', 'email'],
  account: ['name'],
  attachment: ['name', 'type', 'size'],
} as const;

/** Copies that are there, are not openly set aside, and hang on no dead root. */
function boundCopies(family: Family, families: readonly Family[]): readonly Copy[] {
  const root = family.kind === 'comment' ? rootFamily(family, families) : undefined;
  return family.copies.filter(({ site, object, isLive }) => {
    if (!isLive || isParked(family, site)) return false;
    if (object.root !== undefined && !site.vendor.isLive(object.root)) return false;
    return root === undefined || !isParked(root, site);
  });
}

function equalCopies(world: World, family: Family, bound: readonly Copy[]): readonly Breach[] {
  const writable = bound.filter((copy) => isWritable(world, family, copy));
  return writable.flatMap((a, at) =>
    writable.slice(at + 1).flatMap((b) =>
      FIELDS[family.kind]
        .filter((field) => !isAsked(family, field, a) && !isAsked(family, field, b))
        .filter((field) => !isSame(world, family, field, a, b))
        .map((field) => ({ invariant: 1, what: difference(family, field, a, b) })),
    ),
  );
}

/** A person was asked which value stands, and has not answered: `parked.ts` judges whether there was cause to ask. */
export function isAsked({ notes }: Family, field: string, { site }: Copy): boolean {
  return notes?.link(site.connection)?.asked?.[field] !== undefined;
}

/** Whether the hub may write this copy: what it may not write it cannot keep in step. */
export function isWritable(world: World, { kind }: Family, { site, object }: Copy): boolean {
  const fields = manifestOf(world, site).kinds[kind]?.fields ?? {};
  const writable = Object.values(fields).map((field) => field.writable);
  return writable.includes('always') || (object.createdBy === 'hub' && writable.includes('own'));
}

function isSame(world: World, family: Family, field: string, a: Copy, b: Copy): boolean {
  return (
    holdsWhat(world, family, field, a, b) ||
    holdsWhat(world, family, field, b, a) ||
    haveBothOfIt(world, family, field, [a, b])
  );
}

/**
 * Where one of two holds less than the record, by its document, or has no word for it any more, it does not say what the
 * other is to hold: the record does.
 */
function haveBothOfIt(world: World, { kind, notes }: Family, field: string, both: readonly Copy[]): boolean {
  const { fields } = notes?.record ?? {};
  if (fields === undefined) return false;
  const wordless = both.filter((copy) => !hasWordFor(world, kind, field, fields, copy));
  if (wordless.length === 0 && !both.some(({ site }) => losesAt(site, kind, field))) return false;
  return both.every((copy) =>
    wordless.includes(copy)
      ? hasMeant(kind, field, fields[field], copy)
      : isHeldBy(world, kind, field, fields, copy),
  );
}

function hasWordFor(world: World, kind: RecordKind, field: string, fields: Fields, copy: Copy): boolean {
  const projected = mappingOf(world, copy.site).project(projectable(kind, fields, copy), CONTEXT);
  return projected !== undefined && field in projected;
}

/** It was given that in words that mean something else there now, or nothing. */
function hasMeant(kind: RecordKind, field: string, value: FieldValue | undefined, copy: Copy): boolean {
  const { vendorField } = ruleFor(documentNow(copy.site), kind, field) ?? {};
  if (vendorField === undefined) return true;
  const stands = copy.site.vendor.now(copy.object.id)!.fields[vendorField] ?? null;
  return meanings(copy.site, kind, vendorField, stands)?.includes(value ?? null) === true;
}

/** Whether `b` holds what `a` does, as `b`'s vendor would have it. */
function holdsWhat(world: World, { kind }: Family, field: string, a: Copy, b: Copy): boolean {
  const canonical = mappingOf(world, a.site).interpret(kind, valuesOf(a), CONTEXT);
  // A default that stands there is nobody's word: its record may hold nothing.
  const isDefault = isDefaultAt(a.site, kind, field, canonical[field] ?? null);
  return (
    isHeldBy(world, kind, field, canonical, b) ||
    (isDefault && isHeldBy(world, kind, field, { ...canonical, [field]: null }, b))
  );
}

export function isHeldBy(world: World, kind: RecordKind, field: string, canonical: Fields, b: Copy): boolean {
  const mapping = mappingOf(world, b.site);
  const projected = mapping.project(projectable(kind, canonical, b), CONTEXT)?.[field];
  if (projected === undefined) return true;
  const form = (value: FieldValue) => mapping.canonicalForm(kind, field, value);
  if (form(projected) === form(valuesOf(b)[field] ?? null)) return true;
  // Several words of the vendor's may say the same, each as the vendor has it; where a default is to stand, nothing says nothing.
  const meant = mapping.interpret(kind, valuesOf(b), CONTEXT)[field];
  return (
    documentNow(b.site) !== undefined &&
    (valuesOf(b)[field] ?? null) !== null &&
    meant !== undefined &&
    form(meant) === form(canonical[field] ?? null)
  );
}

function unlikeTheRecord(world: World, family: Family, copy: Copy): readonly Breach[] {
  const { kind, notes } = family;
  if (notes === undefined || !isWritable(world, family, copy)) return [];
  return FIELDS[kind].flatMap((field) => {
    if (isAsked(family, field, copy) || isHeldBy(world, kind, field, notes.record.fields, copy)) return [];
    const has = JSON.stringify(valuesOf(copy)[field]);
    const record = JSON.stringify(notes.record.fields[field]);
    return [
      {
        invariant: 1,
        what: `${nameOf(family)}.${field}: ${copy.site.vendor.id} has ${has}, the record ${record}`,
      },
    ];
  });
}

/** What the hub may not write it can still hear: where nobody said anything else, all others say the same. */
function unheard(world: World, family: Family, bound: readonly Copy[]): readonly Breach[] {
  // Of two that were merged, one's values stand, and the other's place is not written.
  if (family.merged !== undefined) return [];
  const silent = bound.filter((copy) => !isWritable(world, family, copy));
  return silent.flatMap((origin) =>
    FIELDS[family.kind]
      .filter(
        (field) =>
          valuesOf(origin)[field] !== undefined &&
          !isAsked(family, field, origin) &&
          isOnlyChangedAt(world, family, field, origin),
      )
      .flatMap((field) => {
        const others = bound.filter(
          (copy) => copy !== origin && !holdsWhat(world, family, field, origin, copy),
        );
        return others.map((other) => ({ invariant: 1, what: difference(family, field, origin, other) }));
      }),
  );
}

function isOnlyChangedAt(
  { chronicle }: World,
  { kind, copies, mark, organization }: Family,
  field: string,
  origin: Copy,
) {
  const isElsewhere = copies.some(
    (copy) =>
      copy !== origin &&
      copy.site.vendor.deeds.some(
        ({ object, by, changes }) => object === copy.object.id && by === 'person' && field in changes,
      ),
  );
  const isByApi = chronicle.hubEdits.some(
    (edit) =>
      edit.kind === kind && edit.mark === mark && edit.organization === organization && field in edit.fields,
  );
  return !isElsewhere && !isByApi;
}

export function projectable(kind: RecordKind, fields: Fields, { object }: Copy) {
  const copy = object.createdBy === 'hub' ? ('ours' as const) : ('theirs' as const);
  const author = { role: 'agent' as const };
  const comment = { visibility: object.visibility ?? 'internal', body: String(fields.body), author };
  return { id: 'r' as never, kind, fields, copy, ...(kind === 'comment' ? { comment } : {}) };
}

/** What is in step of it, by the hub's names. */
export function valuesOf({ site, object }: Copy): Fields {
  return asRead(documentNow(site), object.kind, site.vendor.now(object.id)!.fields);
}

function difference(family: Family, field: string, a: Copy, b: Copy): string {
  const has = (copy: Copy) => `${copy.site.vendor.id} has ${JSON.stringify(valuesOf(copy)[field])}`;
  return `${nameOf(family)}.${field}: ${has(a)}, ${has(b)}`;
}

export function manifestOf({ catalog }: World, { integration }: Site): Manifest {
  return catalog.get(integration)!.manifest;
}

/** As it is in force now. */
export function mappingOf(world: World, site: Site): Mapping {
  const mapping = mappingAtRest(world, world.catalog.get(site.integration)!.mapping);
  const document = documentNow(site);
  return document === undefined ? mapping : boundTo(document, mapping);
}
