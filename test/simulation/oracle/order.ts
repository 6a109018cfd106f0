import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';

/** Invariant 6: what was known first is at each target first, parent before child, child after child. */
export function inOrder(world: World, families: readonly Family[]): readonly Breach[] {
  const comments = families.filter(({ kind }) => kind === 'comment');
  return comments.flatMap((later) =>
    comments.flatMap((earlier) => (earlier === later ? [] : overtakings(world, earlier, later))),
  );
}

function overtakings(world: World, earlier: Family, later: Family): readonly Breach[] {
  const [first, second] = [originOf(earlier), originOf(later)];
  if (first === undefined || second === undefined || !wasKnownFirst(world, first, second)) return [];
  return later.copies.flatMap(({ site, object }) => {
    if (site === second.site || object.createdBy === 'person' || isParked(earlier, site)) return [];
    const copy = earlier.copies.find((each) => each.site === site);
    if (copy === undefined || copy.object.root !== object.root || copy.object.order <= object.order)
      return [];
    if (deathOf(first) || deathOf(copy)) return [];
    return [{ invariant: 6, what: `${nameOf(later)} overtook ${nameOf(earlier)} at ${site.vendor.id}` }];
  });
}

function originOf({ copies }: Family): Copy | undefined {
  return copies.find(({ object }) => object.createdBy === 'person');
}

/** One was behind the door before the other was even said, in the same conversation. */
function wasKnownFirst({ chronicle }: World, first: Copy, second: Copy): boolean {
  if (first.site !== second.site || first.object.root !== second.object.root) return false;
  const known = chronicle.acknowledged.get(first.object.id);
  return known !== undefined && known < second.object.createdAtMs;
}

function deathOf({ site, object }: Copy): boolean {
  return site.vendor.deeds.some(({ object: id, deed }) => id === object.id && deed === 'deleted');
}
