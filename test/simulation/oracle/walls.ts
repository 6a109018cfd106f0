import type { RecordKind } from '../../../shared/domain/index.ts';
import type { Deed, VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf, requestOf } from './families.ts';
import { livesOf } from './lives.ts';

/** Invariant 7: what was said inside stays inside, by what was said and not by what a copy says of itself. */
export function notesStayInside({ chronicle }: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (family.kind !== 'comment' || !chronicle.inside.has(family.mark)) return [];
    return family.copies.flatMap(({ site, object }) =>
      site.vendor.profile.role === 'channel' || !isInside(object)
        ? [{ invariant: 7, what: `internal ${nameOf(family)} at ${site.vendor.id}, as ${object.visibility}` }]
        : [],
    );
  });
}

/** Only a person's own may say nothing: what the hub makes of it is internal. */
function isInside({ visibility, createdBy }: VendorObject): boolean {
  return visibility === 'internal' || (visibility === undefined && createdBy === 'person');
}

/** Invariant 1, of visibility: what is public is public at every copy. */
export function publicIsPublic({ chronicle }: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (family.kind !== 'comment' || chronicle.inside.has(family.mark)) return [];
    return family.copies
      .filter(({ isLive, object }) => isLive && object.visibility !== 'public')
      .map(({ site }) => ({
        invariant: 1,
        what: `public ${nameOf(family)} is internal at ${site.vendor.id}`,
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

/** Deletion, of invariant 3: the hub deletes nothing that no person had deleted, and nothing it may not. */
export function onlyPeopleDelete(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) =>
    family.copies.flatMap((copy) =>
      livesOf(copy)
        .filter(({ deed, by }) => deed === 'deleted' && by === 'hub')
        .flatMap((death) => {
          const why = wrongIn(world, family, copy, death);
          return why === undefined
            ? []
            : [{ invariant: 3, what: `${nameOf(family)} at ${copy.site.vendor.id} was deleted: ${why}` }];
        }),
    ),
  );
}

function wrongIn(world: World, family: Family, copy: Copy, death: Deed): string | undefined {
  const canDelete = world.catalog.get(copy.site.integration)!.manifest.kinds[family.kind as RecordKind]
    ?.canDelete;
  if (canDelete === undefined || canDelete === 'never') return 'nothing of its kind may be';
  if (canDelete === 'own' && copy.object.createdBy !== 'hub') return 'it is not the hub’s own';
  const request = world.chronicle.requests.get(`${copy.site.index} ${death.sequence}`);
  const askedAtMs = request?.askedAtMs ?? death.atMs;
  return family.copies.some(
    (other) => other !== copy && isSpread(world, other) && wasDead(world, family, other, askedAtMs),
  )
    ? undefined
    : 'nobody had deleted it before';
}

/**
 * Deleted by a person by then, and not brought back with the hub's knowledge. Who brings another copy back undoes the
 * deletion of that one: this one stands.
 */
function wasDead({ chronicle }: World, { notes }: Family, copy: Copy, byMs: number): boolean {
  const death = livesOf(copy).findLast(
    ({ deed, by, atMs }) => deed === 'deleted' && by === 'person' && atMs <= byMs,
  );
  if (death === undefined) return false;
  const since = (notes?.journal ?? []).filter(({ key }) => {
    const atMs = chronicle.committedAtMs.get(key) ?? 0;
    return death.atMs < atMs && atMs <= byMs;
  });
  // Told of late, its return from an earlier death is noted after this one, and this one after that.
  const lives = since.flatMap(({ changes }) =>
    changes.filter(
      ({ record, what, source }) =>
        (what === 'restored' || what === 'deleted') &&
        source === copy.site.connection &&
        notes?.records.has(record) === true,
    ),
  );
  return lives.at(-1)?.what !== 'restored';
}

/** Deletion: what a person deleted on evidence is gone where the hub may delete it. */
export function deletionsSpread(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (family.kind !== 'comment') return [];
    const lives = family.copies.flatMap((copy) =>
      isSpread(world, copy)
        ? livesOf(copy).filter(({ by, atMs }) => by === 'person' && wasKnown(world, copy, atMs))
        : [],
    );
    if (lives.length === 0 || lives.some(({ deed }) => deed === 'undeleted')) return [];
    const diedAtMs = Math.max(...lives.map(({ atMs }) => atMs));
    return family.copies
      .filter(({ isLive, object, site }) => isLive && object.createdBy === 'hub' && !isParked(family, site))
      .filter((copy) => !wasBroughtBack(copy, diedAtMs))
      .map(({ site }) => ({
        invariant: 1,
        what: `${nameOf(family)} was deleted and lives on at ${site.vendor.id}`,
      }));
  });
}

/** Also where its deletion means nothing elsewhere: that a person wants this one copy back is said of this copy. */
const wasBroughtBack = (copy: Copy, sinceMs: number): boolean =>
  livesOf(copy).some(({ deed, by, atMs }) => deed === 'undeleted' && by === 'person' && atMs > sinceMs);

/** Whether its deletion means anything elsewhere: that is for the connection's owner to say. */
export const isSpread = ({ plan }: World, { site, object }: Copy): boolean =>
  plan.vendors[site.index]?.deletions?.[object.kind] !== 'ignore';

/** A copy whose creation's answer was never taken in may die before the hub has heard that it is there. */
function wasKnown({ chronicle }: World, copy: Copy, byMs: number): boolean {
  if (requestOf(chronicle, copy)?.isTaken !== false) return true;
  const { site, object } = copy;
  const isSeen = chronicle.looks.some(
    (look) => look.site === site.index && look.object === object.id && look.isTaken && look.atMs <= byMs,
  );
  return isSeen || chronicle.told.some((each) => each.object === object.id && each.heardAtMs <= byMs);
}
