import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';

/** Invariant 7: what was said inside stays inside. */
export function notesStayInside(_world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (!family.copies.some(({ object }) => object.visibility === 'internal')) return [];
    const outside = family.copies.filter(({ site }) => site.vendor.profile.role === 'channel');
    return outside.map(({ site }) => ({
      invariant: 7,
      what: `internal ${nameOf(family)} at ${site.vendor.id}`,
    }));
  });
}

/** Invariant 8: nothing of one organization is at another's vendor. Marks are unique over all. */
export function organizationsApart(_world: World, families: readonly Family[]): readonly Breach[] {
  const homes = new Map<string, string>();
  return families.flatMap((family) => {
    const key = `${family.kind} ${family.mark}`;
    const home = homes.get(key);
    homes.set(key, family.organization);
    return home === undefined || home === family.organization
      ? []
      : [{ invariant: 8, what: `${nameOf(family)} is in ${home} and in ${family.organization}` }];
  });
}

/** Deletion, of invariant 3: the hub deletes nothing that no person deleted. */
export function onlyPeopleDelete(_world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    const deaths = family.copies.flatMap(({ site, object }) =>
      site.vendor.deeds.filter(({ object: id, deed }) => id === object.id && deed === 'deleted'),
    );
    const byHub = deaths.some(({ by }) => by === 'hub');
    return byHub && !deaths.some(({ by }) => by === 'person')
      ? [{ invariant: 3, what: `${nameOf(family)} was deleted by the hub, and by nobody before` }]
      : [];
  });
}

/** Deletion: what a person deleted on evidence is gone where the hub may delete it. */
export function deletionsSpread(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (family.kind !== 'comment') return [];
    const lives = family.copies
      .filter((copy) => wasEverKnown(world, copy))
      .flatMap(({ site, object }) =>
        site.vendor.deeds.filter(
          ({ object: id, deed, by }) => id === object.id && by === 'person' && deed.endsWith('deleted'),
        ),
      );
    if (lives.length === 0 || lives.some(({ deed }) => deed === 'undeleted')) return [];
    return family.copies
      .filter(({ isLive, object, site }) => isLive && object.createdBy === 'hub' && !isParked(family, site))
      .map(({ site }) => ({
        invariant: 1,
        what: `${nameOf(family)} was deleted and lives on at ${site.vendor.id}`,
      }));
  });
}

/** A copy whose creation's answer was never taken in may die before the hub has heard that it is there. */
function wasEverKnown({ chronicle }: World, { site, object }: Copy): boolean {
  const birth = site.vendor.deeds.find(({ object: id, deed }) => id === object.id && deed === 'created')!;
  return chronicle.requests.get(`${site.index} ${birth.sequence}`)?.isTaken !== false;
}
