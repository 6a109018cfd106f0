import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';
import { isMourned } from './lives.ts';

/** Invariant 1, of companies: wherever the hub has made a contact, it belongs to the copy there of whom people say. */
export function saysForWhom(_world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    const origin = family.copies.find(({ object }) => object.createdBy === 'person');
    if (family.kind !== 'contact' || origin?.site.vendor.profile.hasAccounts !== true) return [];
    if (isMourned(family) || isParked(family, origin.site)) return [];
    const company = companyAt(families, origin.site, accountOf(origin));
    return family.copies.flatMap((copy) => wrongCompany(family, company, origin, copy));
  });
}

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
  const expected = company?.copies.filter((each) => each.site === site).map((each) => each.object.id) ?? [];
  const named = accountOf(copy);
  if (company === undefined ? named === null : expected.includes(named as never)) return [];
  const what = `${nameOf(contact)} at ${site.vendor.id} belongs to ${named}, expected ${expected.join(', ') || null}`;
  return [{ invariant: 1, what }];
}
