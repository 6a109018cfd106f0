import type { World } from '../world.ts';
import { type Breach, type Family, nameOf } from './families.ts';

/** Invariant 2: a change costs at most one effect per linked copy. */
export function oneEffect(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    const changes = changesOf(world, family);
    return family.copies.flatMap(({ site, object }) => {
      const effects = site.vendor.deeds.filter(
        ({ object: id, by, deed, changes: made }) =>
          id === object.id && by === 'hub' && deed === 'changed' && Object.keys(made).length > 0,
      );
      const late = effects.filter(
        ({ sequence }) => world.chronicle.requests.get(`${site.index} ${sequence}`)?.isLate,
      );
      // A late landing is an effect nobody wanted, and costs another to put right.
      const allowed = changes + 2 * late.length;
      if (effects.length <= allowed) return [];
      const what = `${nameOf(family)}: ${effects.length} effects at ${site.vendor.id} for ${changes} changes`;
      return [{ invariant: 2, what }];
    });
  });
}

/** What people did to it anywhere, the hub's API included: the true changes. */
function changesOf({ chronicle }: World, { copies, mark, kind }: Family): number {
  const byPeople = copies.flatMap(({ site, object }) =>
    site.vendor.deeds.filter(({ object: id, by }) => id === object.id && by === 'person'),
  );
  const byApi = kind === 'ticket' ? chronicle.hubEdits.filter((edit) => edit.mark === mark) : [];
  return byPeople.length + byApi.length;
}

/** Invariant 4: at most one copy per connection, whatever was lost, repeated or in doubt on the way. */
export function oneCopy(_world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    const sites = new Set(family.copies.map(({ site }) => site));
    return [...sites].flatMap((site) => {
      const here = family.copies.filter((copy) => copy.site === site);
      const live = here.filter(({ isLive }) => isLive).length;
      const made = here.filter(({ object }) => object.createdBy === 'hub').length;
      const deaths = site.vendor.deeds.filter(
        ({ object, deed }) => deed === 'deleted' && here.some((copy) => copy.object.id === object),
      ).length;
      if (live <= 1 && made <= 1 + deaths) return [];
      const ids = here.map(({ object }) => object.id).join(', ');
      return [{ invariant: 4, what: `${nameOf(family)}: ${live} live copies at ${site.vendor.id} (${ids})` }];
    });
  });
}
