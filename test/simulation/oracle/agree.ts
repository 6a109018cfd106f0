import type { ExternalId, FieldValue } from '../../../shared/domain/index.ts';
import type { World } from '../world.ts';
import { CONTEXT, isAsked, mappingOf, projectable, valuesOf } from './converge.ts';
import { type Breach, type Copy, type Family, isParked, nameOf, rootFamily } from './families.ts';
import { isMourned } from './lives.ts';

/**
 * Invariant 1, of what the hub believes: what it got is what is there, what it sent is what the record says. A
 * belief that is wrong and does no harm today swallows tomorrow's edit.
 */
export function believesWhatIs(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    const root = family.kind === 'comment' ? rootFamily(family, families) : undefined;
    if (isMourned(family) || (root !== undefined && isMourned(root))) return [];
    return family.copies.flatMap((copy) => {
      const { site, object, isLive } = copy;
      if (!isLive || isParked(family, site) || (root !== undefined && isParked(root, site))) return [];
      if (object.root !== undefined && !site.vendor.isLive(object.root)) return [];
      return wrongBeliefs(world, family, copy);
    });
  });
}

function wrongBeliefs(world: World, family: Family, copy: Copy): readonly Breach[] {
  const { kind, notes } = family;
  if (notes === undefined) return [];
  const { site, object } = copy;
  const where = `${nameOf(family)} at ${site.vendor.id}`;
  const link = notes.link(site.connection);
  if (link?.externalId !== object.id)
    return [{ invariant: 1, what: `${where}: the hub knows ${link?.externalId}, not ${object.id}` }];
  if (link.isBorrowed === true) return [];
  const mapping = mappingOf(world, site);
  const now = valuesOf(copy);
  const wanted = mapping.project(projectable(kind, notes.record.fields, copy), CONTEXT) ?? {};
  const form = (field: string, value: unknown) =>
    mapping.canonicalForm(kind, field, (value ?? null) as never);
  const breaches: Breach[] = [];
  for (const field of Object.keys(now)) {
    const isAsGot = form(field, link.got[field]) === form(field, now[field]);
    if (!isAsGot && !hasGoneOnAs(copy, field, link.got[field]))
      breaches.push({
        invariant: 1,
        what: `${where}.${field}: got ${link.got[field]}, there is ${now[field]}`,
      });
    if (isAsked(family, field, copy) || !(field in link.sent) || !(field in wanted)) continue;
    if (form(field, link.sent[field]) !== form(field, wanted[field]))
      breaches.push({
        invariant: 1,
        what: `${where}.${field}: sent ${link.sent[field]}, wanted ${wanted[field]}`,
      });
  }
  return breaches;
}

/** Who was merged, be they back since, is named by what goes on for it without a word: until the ticket is looked at for another reason, nobody can know. */
function hasGoneOnAs(
  { site: { vendor }, object }: Copy,
  field: string,
  got: FieldValue | undefined,
): boolean {
  if (object.kind !== 'ticket' || field !== 'requester' || typeof got !== 'string') return false;
  const named = vendor.now(object.id)!.fields.requester;
  const into = vendor.merged.get(got as ExternalId);
  const all = [...(vendor.returned.get(got as ExternalId) ?? []), ...(into === undefined ? [] : [into])];
  return all.some((each) => vendor.survivorOf(each) === named);
}
