import type { ExternalId } from '../../../shared/domain/index.ts';
import { type Chronicle, MARKED, markIn, markOf, type Site } from '../truth.ts';
import type { Deed } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf, requestOf } from './families.ts';
import { livesOf } from './lives.ts';
import { hasLandedAnew } from './merged.ts';
import { isSecond } from './returned.ts';

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
    if (live.length > 1 + broughtBack(chronicle, family, here))
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
function broughtBack(chronicle: Chronicle, family: Family, here: readonly Copy[]): number {
  const revived = here.filter((copy) => {
    const last = livesOf(copy).at(-1);
    if (last?.deed !== 'undeleted' || last.by !== 'person' || copy.object.createdBy !== 'hub') return false;
    return here.some(
      (other) => madeAtMs(chronicle, other) < last.atMs && other.object.order > copy.object.order,
    );
  });
  return revived.length > 0 && isParked(family, here[0]!.site) ? revived.length : 0;
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

/**
 * Two records' until a merge made them one, of which either was taken out of the bin again: the first was made for another,
 * or still bore another's mark when the second was made.
 */
function wasAnothers(chronicle: Chronicle, first: Copy, second: Copy): boolean {
  const { returned } = first.site.vendor;
  const isOfOther = requestOf(chronicle, first)?.record !== requestOf(chronicle, second)?.record;
  if (returned.has(first.object.id) && isOfOther) return true;
  const { createdAtMs } = second.object;
  return returned.has(second.object.id) && markAt(first, createdAtMs) !== markAt(second, createdAtMs);
}

function markAt({ object: { kind, snapshots } }: Copy, byMs: number): number | undefined {
  const { fields } = snapshots.findLast(({ atMs }) => atMs <= byMs)!;
  return markIn(fields[MARKED[kind]]);
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
function unmarkedDoubles({ sites, chronicle }: World): readonly Breach[] {
  return sites.flatMap(({ vendor, index }) => {
    const made = new Map<string, ExternalId>();
    return vendor.deeds.flatMap(({ deed, by, object, sequence }) => {
      if (deed !== 'created' || by !== 'hub' || !vendor.isLive(object)) return [];
      if (markOf(vendor, vendor.objects.get(object)!) !== undefined) return [];
      const { record } = chronicle.requests.get(`${index} ${sequence}`)!;
      const first = made.get(record);
      made.set(record, object);
      return first === undefined
        ? []
        : [{ invariant: 4, what: `${record} is at ${vendor.id} as ${first} and as ${object}` }];
    });
  });
}
