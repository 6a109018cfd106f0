import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Site } from '../truth.ts';
import type { Deed } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';
import { isMourned } from './lives.ts';

/** Invariant 1, of companies: wherever the hub has made a contact, it belongs to the copy there of whom people say. */
export function saysForWhom(_world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    const origin = family.copies.find(({ object }) => object.createdBy === 'person');
    if (family.kind !== 'contact' || origin?.site.vendor.profile.hasAccounts !== true) return [];
    if (isMourned(family) || isParked(family, origin.site)) return [];
    const company = isOverruled(family, origin)
      ? familyOf(families, family.notes?.record.fields.account)
      : companyAt(families, origin.site, accountOf(origin));
    return family.copies.flatMap((copy) => wrongCompany(family, company, origin, copy));
  });
}

/** People moved another copy meanwhile, with the company it belonged to: what does not stand of the two is kept. */
function isOverruled({ notes, copies }: Family, origin: Copy): boolean {
  const isMoved = copies.some(({ site, object }) => {
    const isIts = (deed: Deed) =>
      deed.object === object.id && deed.by === 'person' && deed.deed === 'changed';
    return object !== origin.object && site.vendor.deeds.some((d) => isIts(d) && 'account' in d.changes);
  });
  const isKept = notes?.journal.some(({ losses }) =>
    losses.some(({ record, field }) => field === 'account' && notes.records.has(record)),
  );
  return isMoved && isKept === true;
}

const familyOf = (families: readonly Family[], record: unknown): Family | undefined =>
  families.find(({ kind, notes }) => kind === 'account' && notes?.records.has(record as RecordId) === true);

const accountOf = ({ site, object }: Copy) => site.vendor.now(object.id)?.fields.account ?? null;

function companyAt(families: readonly Family[], site: Site, id: unknown): Family | undefined {
  const isIt = (copy: Copy) => copy.site === site && copy.object.id === id;
  return families.find(({ kind, copies }) => kind === 'account' && copies.some(isIt));
}

function wrongCompany(
  contact: Family,
  company: Family | undefined,
  origin: Copy,
  copy: Copy,
): readonly Breach[] {
  const { site, object, isLive } = copy;
  if (!isLive || object.createdBy !== 'hub' || isParked(contact, site)) return [];
  if (company !== undefined && (isParked(company, site) || isParked(company, origin.site))) return [];
  const expected = company === undefined ? [] : copiesAt(company, site);
  const named = accountOf(copy);
  // Whose company is deleted where it came from may be left without one, or with its copy here.
  const mayHaveNone = expected.length === 0 || (company !== undefined && isMourned(company));
  if ((mayHaveNone && named === null) || expected.includes(named as never)) return [];
  const what = `${nameOf(contact)} at ${site.vendor.id} belongs to ${named}, expected ${expected.join(', ') || null}`;
  return [{ invariant: 1, what }];
}

/** Nobody can belong to one that was deleted there; the copy of two that a merge has made one is either's. */
function copiesAt({ copies, notes }: Family, site: Site): readonly ExternalId[] {
  const { vendor, connection } = site;
  const linked = notes?.link(connection)?.externalId;
  return [
    ...copies.flatMap((each) => (each.site === site && each.isLive ? [each.object.id] : [])),
    ...(linked === undefined || !vendor.isLive(vendor.survivorOf(linked)) ? [] : [vendor.survivorOf(linked)]),
  ];
}
