import type { FieldValue } from '../../../shared/domain/index.ts';
import { ruleFor } from '../../../shared/mapping/index.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { fieldOf, meaningBy, writtenBy } from '../worlds/documents.ts';
import { FIELDS } from './converge.ts';
import { type Breach, type Copy, type Entry, type Family, nameOf } from './families.ts';
import { isFirstMet } from './remapped.ts';

/**
 * Invariant 3, of documents that lose something: what a copy holds of the record's value is no word against it. A record
 * gives its value up to what was made of that by nobody's doing.
 */
export function nothingIsShortened(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) =>
    family.notes === undefined
      ? []
      : family.notes.journal.flatMap((entry) => shortenedIn(world, family, entry)),
  );
}

function shortenedIn(world: World, family: Family, { key, changes }: Entry): readonly Breach[] {
  const byMs = world.chronicle.committedAtMs.get(key) ?? 0;
  return changes.flatMap(({ what, source, fields, record }) => {
    const site = world.sites.find(
      ({ connection, documents }) => connection === source && documents.length > 0,
    );
    if (site === undefined || what !== 'updated' || record !== family.notes!.record.id) return [];
    return FIELDS[family.kind].flatMap((field) => {
      const change = fields[field];
      if (change === undefined || !isOwnWord(world, family, site, { ...change, field, byMs })) return [];
      const [from, to] = [JSON.stringify(change.from), JSON.stringify(change.to)];
      const said = `${nameOf(family)}.${field}: ${from} was given up for ${to}, which is what ${site.vendor.id} was to hold of it`;
      return [{ invariant: 3, what: said }];
    });
  });
}

interface Taken {
  readonly field: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
  readonly byMs: number;
}

/** By some document so far what was taken over is what was to be written of what stood in the record. */
function isOwnWord(world: World, family: Family, site: Site, taken: Taken): boolean {
  const { kind, copies, merged } = family;
  const { field, from, to, byMs } = taken;
  // By what the hub can know: of what a restless vendor has added it cannot tell that it is nobody's.
  const { canonicalForm } = world.catalog.get(site.integration)!.mapping;
  const form = (value: FieldValue | undefined) => canonicalForm(kind, field, value ?? null);
  const known = site.documents.filter(({ fromMs }) => fromMs <= byMs);
  const isMade = known.some(({ document }) => {
    const made = ruleFor(document, kind, field) && writtenBy(document, kind, field, from);
    return made !== undefined && form(meaningBy(document, kind, field, made)) === form(to);
  });
  // That there is nothing is a word of its own.
  if (!isMade || to === null || form(from) === form(to)) return false;
  const all = [...copies, ...(merged?.gone ?? []), ...(merged?.back ?? [])];
  const here = all.filter((copy) => copy.site === site);
  return !here.some((copy) => isSaidOtherwise(copy, taken, form) || isFirstMet(world, copy, field, taken));
}

/** A person has set what means the same there, and is not what was to be written of it then, or by the time it was taken. */
function isSaidOtherwise(
  { site, object }: Copy,
  { field, from, to, byMs }: Taken,
  form: (value: FieldValue | undefined) => FieldValue,
): boolean {
  const { vendor, documents } = site;
  const deeds = vendor.deeds.filter(
    (deed) => deed.object === object.id && deed.by === 'person' && deed.atMs <= byMs,
  );
  return deeds.some(({ changes, atMs }) => {
    const set = Object.entries(changes).filter(([name]) => fieldOf(name) === field);
    const then = documents.findLastIndex(({ fromMs }) => fromMs <= atMs);
    const by = documents.slice(Math.max(0, then)).filter(({ fromMs }) => fromMs <= byMs);
    return set.some(([name, { to: raw }]) =>
      by.some(({ document }) => {
        const isMeant = form(meaningBy(document, object.kind, name, raw)) === form(to);
        return isMeant && form(writtenBy(document, object.kind, field, from)) !== form(raw);
      }),
    );
  });
}
