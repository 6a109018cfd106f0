import type { Fields, FieldValue } from '../../../shared/domain/index.ts';
import type { Manifest, Mapping, MappingContext } from '../../../shared/ports/index.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';

const CONTEXT: MappingContext = { settings: {}, receivedAtMs: Number.MAX_SAFE_INTEGER };

/** Invariant 1: whoever may hold a value holds the same one, up to each vendor's own normalisation. */
export function converge(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => [
    ...equalCopies(world, family),
    ...missingCopies(world, family, families),
  ]);
}

function equalCopies(world: World, family: Family): readonly Breach[] {
  if (hasTroubledLife(family)) return [];
  const bound = family.copies.filter(
    (copy) => copy.isLive && !isParked(family, copy.site) && isWritable(world, family, copy),
  );
  const breaches: Breach[] = [];
  for (const [at, a] of bound.entries()) {
    for (const b of bound.slice(at + 1)) {
      for (const field of FIELDS[family.kind]) {
        if (!isSame(world, family, field, a, b))
          breaches.push({ invariant: 1, what: difference(family, field, a, b) });
      }
    }
    breaches.push(...unlikeTheRecord(world, family, a));
  }
  return breaches;
}

const FIELDS = {
  ticket: ['subject', 'description', 'status', 'priority'],
  comment: ['body'],
  contact: ['name', 'email'],
} as const;

/** Deleted somewhere by a person, or brought back: what should become of the copies is deletion's business. */
export function hasTroubledLife({ copies }: Family): boolean {
  return copies.some(({ site, object }) =>
    site.vendor.deeds.some(
      ({ object: id, deed }) => id === object.id && (deed === 'deleted' || deed === 'undeleted'),
    ),
  );
}

/** Whether the hub may write this copy: what it may not write it cannot keep in step. */
function isWritable(world: World, { kind }: Family, { site, object }: Copy): boolean {
  const fields = manifestOf(world, site).kinds[kind]?.fields ?? {};
  const writable = Object.values(fields).map((field) => field.writable);
  return writable.includes('always') || (object.createdBy === 'hub' && writable.includes('own'));
}

function isSame(world: World, family: Family, field: string, a: Copy, b: Copy): boolean {
  return holdsWhat(world, family, field, a, b) || holdsWhat(world, family, field, b, a);
}

/** Whether `b` holds what `a` does, as `b`'s vendor would have it. */
function holdsWhat(world: World, { kind }: Family, field: string, a: Copy, b: Copy): boolean {
  const canonical = mappingOf(world, a.site).interpret(kind, valuesOf(a), CONTEXT);
  return isHeldBy(world, kind, field, canonical, b);
}

function isHeldBy(world: World, kind: Family['kind'], field: string, canonical: Fields, b: Copy): boolean {
  const mapping = mappingOf(world, b.site);
  const projected = mapping.project(projectable(kind, canonical, b), CONTEXT)?.[field];
  if (projected === undefined) return true;
  const form = (value: FieldValue) => mapping.canonicalForm(kind, field, value);
  return form(projected) === form(valuesOf(b)[field] ?? null);
}

function unlikeTheRecord(world: World, family: Family, copy: Copy): readonly Breach[] {
  const { kind, notes } = family;
  if (notes === undefined) return [];
  return FIELDS[kind].flatMap((field) => {
    if (isHeldBy(world, kind, field, notes.record.fields, copy)) return [];
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

function projectable(kind: Family['kind'], fields: Fields, { object }: Copy) {
  const copy = object.createdBy === 'hub' ? ('ours' as const) : ('theirs' as const);
  const author = { role: 'agent' as const };
  const comment = { visibility: object.visibility ?? 'internal', body: String(fields.body), author };
  return { id: 'r' as never, kind, fields, copy, ...(kind === 'comment' ? { comment } : {}) };
}

function valuesOf({ site, object }: Copy): Fields {
  return site.vendor.now(object.id)!.fields;
}

function difference(family: Family, field: string, a: Copy, b: Copy): string {
  const has = (copy: Copy) => `${copy.site.vendor.id} has ${JSON.stringify(valuesOf(copy)[field])}`;
  return `${nameOf(family)}.${field}: ${has(a)}, ${has(b)}`;
}

/** A copy in every place that can have one, unless it was openly set aside there. */
function missingCopies(world: World, family: Family, families: readonly Family[]): readonly Breach[] {
  if (hasTroubledLife(family)) return [];
  return world.sites.flatMap((site) => {
    if (site.organization !== family.organization) return [];
    if (family.copies.some((copy) => copy.site === site)) return [];
    if (!belongs(world, family, families, site) || isParked(family, site)) return [];
    return [{ invariant: 1, what: `${nameOf(family)}: no copy at ${site.vendor.id}` }];
  });
}

function belongs(world: World, family: Family, families: readonly Family[], site: Site): boolean {
  if (manifestOf(world, site).kinds[family.kind]?.creation === undefined) return false;
  if (family.kind === 'ticket') return !waitsForRequester(world, family, families, site);
  if (family.kind === 'contact') return family.notes !== undefined;
  const origin = family.copies[0]!;
  if (origin.object.visibility !== 'public' && site.vendor.profile.role === 'channel') return false;
  const root = rootFamily(family, families);
  if (root === undefined || hasTroubledLife(root)) return false;
  return root.copies.some((copy) => copy.site === site && copy.isLive) && !isParked(root, site);
}

/** A ticket waits, in the open, for its requester's copy where that one is set aside. */
function waitsForRequester(
  _world: World,
  { notes, organization }: Family,
  families: readonly Family[],
  site: Site,
): boolean {
  const requester = notes?.root.fields.requester;
  if (typeof requester !== 'string') return false;
  const contact = families.find(
    (each) =>
      each.kind === 'contact' && each.organization === organization && each.notes?.root.id === requester,
  );
  return contact !== undefined && isParked(contact, site);
}

export function rootFamily(family: Family, families: readonly Family[]): Family | undefined {
  const { site, object } = family.copies[0]!;
  return families.find(
    (each) =>
      each.kind === 'ticket' &&
      each.copies.some((copy) => copy.site === site && copy.object.id === object.root),
  );
}

function manifestOf({ catalog }: World, { vendor }: Site): Manifest {
  return catalog.get(vendor.id)!.manifest;
}

export function mappingOf({ catalog }: World, { vendor }: Site): Mapping {
  return catalog.get(vendor.id)!.mapping;
}
