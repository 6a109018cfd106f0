import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';

/** Invariant 6: what was known first is at each target first, parent before child, child after child. */
export function inOrder(world: World, families: readonly Family[]): readonly Breach[] {
  // Retention and redrive take messages out of their queue: what the sweeper then sends again is late.
  if (world.injector.happened.has('queue-retention') || world.injector.happened.has('dead-letter')) return [];
  const comments = families.filter(({ kind }) => kind === 'comment');
  return comments.flatMap((later) =>
    comments.flatMap((earlier) => (earlier === later ? [] : overtakings(world, earlier, later))),
  );
}

function overtakings(world: World, earlier: Family, later: Family): readonly Breach[] {
  const [first, second] = [originOf(earlier), originOf(later)];
  if (first === undefined || second === undefined || !wasKnownFirst(world, first, second)) return [];
  if (world.chronicle.unseen.has(first.object.id)) return [];
  return later.copies.flatMap(({ site, object }) => {
    if (site === second.site || object.createdBy === 'person' || isParked(earlier, site)) return [];
    const copy = earlier.copies.find((each) => each.site === site);
    if (copy === undefined || copy.object.root !== object.root || copy.object.order <= object.order)
      return [];
    if (cameAnotherWay(world, [first, second], object.createdAtMs)) return [];
    if (deathOf(first) || deathOf(copy) || stoodAside(world, earlier, copy)) return [];
    return [{ invariant: 6, what: `${nameOf(later)} overtook ${nameOf(earlier)} at ${site.vendor.id}` }];
  });
}

function originOf({ copies }: Family): Copy | undefined {
  return copies.find(({ object }) => object.createdBy === 'person');
}

/** One was in the queue of the conversation before the other was even said. */
function wasKnownFirst({ chronicle }: World, first: Copy, second: Copy): boolean {
  if (first.site !== second.site || first.object.root !== second.object.root) return false;
  const known = chronicle.queued.get(first.object.id);
  return known !== undefined && known < second.object.createdAtMs && chronicle.queued.has(second.object.id);
}

/** What a sweep or a poll brought in by then is in no order with the queue of live events. */
function cameAnotherWay({ chronicle }: World, origins: readonly Copy[], byMs: number): boolean {
  return origins.some(
    ({ object }) => (chronicle.detoured.get(object.id) ?? Number.POSITIVE_INFINITY) <= byMs,
  );
}

function deathOf({ site, object }: Copy): boolean {
  return site.vendor.deeds.some(({ object: id, deed }) => id === object.id && deed === 'deleted');
}

function stoodAside({ chronicle }: World, { notes }: Family, { site }: Copy): boolean {
  return notes !== undefined && chronicle.refused.has(`${site.index} ${notes.record.id}`);
}
