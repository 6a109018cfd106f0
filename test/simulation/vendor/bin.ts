import type { ExternalId } from '../../../shared/domain/index.ts';
import { type Vendor, worksFor } from './vendor.ts';

/** As Salesforce: who works for a company goes into the bin with it. @returns false when it is there already. */
export function dissolve(vendor: Vendor, company: ExternalId): boolean {
  if (!vendor.isLive(company)) return false;
  const staff = vendor.live('contact').filter((each) => worksFor(each, vendor.now(each.id)!.fields, company));
  for (const { id } of staff) vendor.setLife(id, 'deleted', 'person');
  vendor.binned.set(company, staff);
  return vendor.setLife(company, 'deleted', 'person');
}

/** Out of the bin again, with whoever went into it with the company. @returns false when it is not there. */
export function refound(vendor: Vendor, company: ExternalId): boolean {
  if (!vendor.setLife(company, 'undeleted', 'person')) return false;
  for (const { id } of vendor.binned.get(company) ?? []) vendor.setLife(id, 'undeleted', 'person');
  return true;
}

/**
 * As Salesforce: what was merged away is taken out of the bin, with the fields it had, and names nobody any more. What the
 * merge has moved stays where it is. @returns false when it is not there.
 */
export function unmerge(vendor: Vendor, loser: ExternalId): boolean {
  const survivor = vendor.merged.get(loser);
  if (survivor === undefined || vendor.isLive(loser)) return false;
  vendor.merged.delete(loser);
  vendor.returned.set(loser, [...(vendor.returned.get(loser) ?? []), survivor]);
  return vendor.setLife(loser, 'undeleted', 'person');
}
