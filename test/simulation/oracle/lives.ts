import type { Deed } from '../vendor/vendor.ts';
import type { Copy, Family } from './families.ts';

/** Deaths and returns of one copy, oldest first. */
export function livesOf({ site, object }: Pick<Copy, 'site' | 'object'>): readonly Deed[] {
  return site.vendor.deeds.filter(({ object: id, deed }) => id === object.id && deed.endsWith('deleted'));
}

/**
 * Deleted, and not brought back: its copies are deletion's business. A comment deleted anywhere is deleted; a ticket, a
 * contact and a company die with the copy a person made, and outlive any other.
 */
export function isMourned({ kind, copies }: Family): boolean {
  if (kind === 'comment')
    return copies.some(({ site }) => !copies.some((copy) => copy.site === site && copy.isLive));
  return copies.some(({ isLive, object }) => object.createdBy === 'person' && !isLive);
}
