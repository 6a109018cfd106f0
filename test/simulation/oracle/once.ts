import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { type Chronicle, markOf, type Site } from '../truth.ts';
import type { Deed } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, linkOf, nameOf, requestOf } from './families.ts';
import { livesOf } from './lives.ts';
import { hasLandedAnew } from './merged.ts';
import { isSecond, wasAnothers } from './returned.ts';

/** Invariant 4: at most one copy per connection, whatever was lost, repeated or in doubt on the way. */
export function oneCopy(world: World, families: readonly Family[]): readonly Breach[] {
  return [...families.flatMap((family) => doubles(world, family)), ...unmarkedDoubles(world)];
}

function doubles({ sites, chronicle }: World, family: Family): readonly Breach[] {
  return sites.flatMap((site) => {
    const here = family.copies.filter((copy) => copy.site === site && !isSecond(family, copy));
    const live = here.filter((copy) => copy.isLive && !hasLandedAnew(chronicle, family, copy));
    const ids = here.map(({ object }) => object.id).join(', ');
    const what = `${nameOf(family)} at ${site.vendor.id} (${ids})`;
    if (live.length > 1 + broughtBack(chronicle, here, isParked(family, site)))
      return [{ invariant: 4, what: `${what}: ${live.length} live copies` }];
    // A late landing is nobody's decision; taken down again, it is put right.
    const made = here.filter((copy) => {
      if (copy.object.createdBy !== 'hub' || hasLandedAnew(chronicle, family, copy)) return false;
      return copy.isLive || requestOf(chronicle, copy)?.isLate !== true;
    });
    const wrong = made.filter((copy) => !wasDue(chronicle, family, here, copy));
    return wrong.map(({ object }) => ({
      invariant: 4,
      what: `${what}: ${object.id} was made beside another`,
    }));
  });
}

/** A copy the hub had replaced, and a person brought back: theirs to sort out, if the hub says so in the open. */
function broughtBack(chronicle: Chronicle, here: readonly Copy[], isSaid: boolean): number {
  const revived = here.filter((copy) => {
    const last = livesOf(copy).at(-1);
    if (last?.deed !== 'undeleted' || last.by !== 'person' || copy.object.createdBy !== 'hub') return false;
    return here.some(
      (other) => madeAtMs(chronicle, other) < last.atMs && other.object.order > copy.object.order,
    );
  });
  return isSaid ? revived.length : 0;
}

/** What lands late was decided on when it was asked for: what has happened since nobody could know. */
function madeAtMs(chronicle: Chronicle, copy: Copy): number {
  const request = requestOf(chronicle, copy);
  return request?.isLate === true ? request.askedAtMs : copy.object.createdAtMs;
}

/** A copy is made where none lives: the one before it was deleted, and the record lives for another's sake. */
function wasDue(chronicle: Chronicle, family: Family, here: readonly Copy[], copy: Copy): boolean {
  const { site, object } = copy;
  const [birth, madeMs] = [birthOf(site, object.id), madeAtMs(chronicle, copy)];
  return here.every((other) => {
    if (other.object.order >= object.order || wasAnothers(chronicle, other, copy)) return true;
    const lives = livesOf(other).filter(({ sequence }) => sequence < birth.sequence);
    const [last, asked] = [lives.at(-1), lives.findLast(({ atMs }) => atMs <= madeMs)];
    return isToReplace(family, last) || isToReplace(family, asked);
  });
}

function isToReplace(family: Family, life: Deed | undefined): boolean {
  if (life?.deed !== 'deleted') return false;
  return life.by === 'person' || family.copies.some((copy) => isRevivedAfter(copy, causeOf(family, life)));
}

/** When the deletion was made that the hub's own carries on: it may be undone before that has come here. */
function causeOf({ copies }: Family, { atMs: byMs }: Deed): number {
  const deaths = copies
    .flatMap(livesOf)
    .filter(({ deed, by, atMs }) => deed === 'deleted' && by === 'person' && atMs <= byMs);
  return deaths.length === 0 ? byMs : Math.max(...deaths.map(({ atMs }) => atMs));
}

function isRevivedAfter(copy: Copy, sinceMs: number): boolean {
  return livesOf(copy).some(
    ({ deed, by, atMs }) => deed === 'undeleted' && by === 'person' && atMs >= sinceMs,
  );
}

function birthOf({ vendor }: Site, id: ExternalId): Deed {
  return vendor.deeds.find(({ object, deed }) => object === id && deed === 'created')!;
}

/** What bears no person's mark is told apart by the record it was made for. */
function unmarkedDoubles(world: World): readonly Breach[] {
  const { sites, chronicle } = world;
  return sites.flatMap((site) =>
    [...unmarkedAt(world, site)].flatMap(([record, here]) => {
      const live = here.filter(({ isLive }) => isLive);
      const isSaid = isAskedAbout(linkOf(world, site, record), live);
      if (live.length <= 1 + broughtBack(chronicle, here, isSaid)) return [];
      const ids = live.map(({ object }) => object.id).join(' and as ');
      return [{ invariant: 4, what: `${record} is at ${site.vendor.id} as ${ids}` }];
    }),
  );
}

/** People are asked which of these is to stay, be it set aside for something more pressing as well. */
function isAskedAbout(link: Link | undefined, live: readonly Copy[]): boolean {
  return link?.parked !== undefined && live.some(({ object }) => link.besides?.includes(object.id));
}

function unmarkedAt({ chronicle }: World, site: Site): ReadonlyMap<string, readonly Copy[]> {
  const { vendor } = site;
  const made = vendor.deeds.filter(({ deed, by }) => deed === 'created' && by === 'hub');
  const copies = made
    .map(({ object: id }) => ({ site, object: vendor.objects.get(id)!, isLive: vendor.isLive(id) }))
    .filter(({ object }) => markOf(vendor, object) === undefined);
  return Map.groupBy(copies, (copy) => requestOf(chronicle, copy)!.record);
}
