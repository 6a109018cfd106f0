import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { manifestOf } from './converge.ts';
import { type Breach, type Copy, type Family, goesOnAs, isParked, nameOf, rootFamily } from './families.ts';
import { isMourned } from './lives.ts';
import { isNamedBefore } from './returned.ts';

/** Invariant 1: a copy in every place that can have one, unless it was openly set aside there. */
export function everywhere(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (isMourned(family)) return [];
    return world.sites.flatMap((site) => {
      if (site.organization !== family.organization) return [];
      if (family.copies.some((copy) => copy.site === site)) return [];
      // It shares another's: `merged.ts` judges whether it has to.
      if (family.notes?.link(site.connection)?.isBorrowed === true) return [];
      if (!belongs(world, family, families, site) || isParked(family, site)) return [];
      return [{ invariant: 1, what: `${nameOf(family)}: no copy at ${site.vendor.id}` }];
    });
  });
}

function belongs(world: World, family: Family, families: readonly Family[], site: Site): boolean {
  if (manifestOf(world, site).kinds[family.kind]?.creation === undefined) return false;
  if (family.kind === 'ticket') return !waitsForRequester(family, families, site);
  if (family.kind === 'contact') return isNamedAt(families, family, site);
  if (family.kind === 'account') return true;
  if (world.chronicle.inside.has(family.mark) && site.vendor.profile.role === 'channel') return false;
  const root = rootFamily(family, families);
  if (root === undefined || isMourned(root)) return false;
  return root.copies.some((copy) => copy.site === site && copy.isLive) && !isParked(root, site);
}

/** A contact is wanted where a ticket names it. */
function isNamedAt(families: readonly Family[], contact: Family, site: Site): boolean {
  return families.some(
    (each) =>
      each.kind === 'ticket' &&
      !isMourned(each) &&
      requesterOf(each, families) === contact &&
      each.copies.some((copy) => copy.site === site && copy.isLive) &&
      !isParked(each, site),
  );
}

/** Who began the conversation, by the word of the channel it began in. */
function requesterOf({ copies }: Family, families: readonly Family[]): Family | undefined {
  const thread = copies.find(({ object }) => object.contact !== undefined);
  return thread === undefined
    ? undefined
    : families.find((each) => each.kind === 'contact' && has(each, thread));
}

function has({ copies }: Family, { site, object }: Copy): boolean {
  return copies.some((copy) => copy.site === site && copy.object.id === object.contact);
}

/** A ticket waits, in the open, for its requester's copy where that one is set aside. */
function waitsForRequester(ticket: Family, families: readonly Family[], site: Site): boolean {
  const contact = requesterOf(ticket, families);
  return contact !== undefined && isParked(contact, site);
}

/** Invariant 1, of who it is about: each ticket names its requester's copy, each comment who said it. */
export function saysWho(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (isMourned(family)) return [];
    if (family.kind === 'ticket') return wrongRequesters(world, family, families);
    return family.kind === 'comment' ? wrongAuthors(world, family) : [];
  });
}

function wrongRequesters(world: World, family: Family, families: readonly Family[]): readonly Breach[] {
  const contact = requesterOf(family, families);
  // What was its copy until a merge counts, too: whoever is not named there any more is not named by the survivor.
  const copies = [...family.copies, ...(family.merged?.ownGone ?? [])];
  if (contact === undefined || copies.some((copy) => isChangedByPeople(copy, 'requester'))) return [];
  if (family.copies.filter(({ object }) => object.contact !== undefined).length > 1) return [];
  return family.copies.flatMap((copy) => {
    const { site, object, isLive } = copy;
    if (!isLive || site.vendor.profile.role === 'channel') return [];
    if (isParked(family, site) || isParked(contact, site)) return [];
    const named = site.vendor.now(object.id)!.fields.requester;
    if (contact.copies.some((each) => each.site === site && each.object.id === named)) return [];
    if (goesOnAs(contact, site, named) || isNamedBefore(world, contact, copy)) return [];
    if (named === null && cannotName(contact, copy)) return [];
    return [{ invariant: 1, what: `${nameOf(family)} at ${site.vendor.id}: its requester is ${named}` }];
  });
}

/** Whose copy there was deleted cannot be named there; what names it already goes on doing so. */
function cannotName({ copies }: Family, { site, object }: Pick<Copy, 'site' | 'object'>): boolean {
  const there = copies.filter((copy) => copy.site === site);
  const hasNamed = site.vendor.deeds.some(
    ({ object: id, changes }) => id === object.id && typeof changes.requester?.from === 'string',
  );
  return there.length > 0 && there.every(({ isLive }) => !isLive) && !hasNamed;
}

function isChangedByPeople({ site, object }: Copy, field: string): boolean {
  return site.vendor.deeds.some(
    ({ object: id, by, deed, changes }) =>
      id === object.id && by === 'person' && deed === 'changed' && field in changes,
  );
}

function wrongAuthors({ chronicle }: World, family: Family): readonly Breach[] {
  const origin = family.copies.find(({ object }) => object.createdBy === 'person');
  const isApis = chronicle.hubComments.some(({ comment }) => comment === family.mark);
  const role = origin?.object.author?.role ?? (isApis ? 'agent' : undefined);
  if (role === undefined) return [];
  return family.copies
    .filter(({ object }) => object.createdBy === 'hub' && object.author?.role !== role)
    .map(({ site, object }) => ({
      invariant: 1,
      what: `${nameOf(family)} at ${site.vendor.id} is said by ${object.author?.role}, not by ${role}`,
    }));
}
