import type { Root } from '../../../shared/sync/state.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, isParked, nameOf } from './families.ts';

/**
 * Files, by the vendors' own word: each is once in every place that may have it, under its parent's copy and after it,
 * with the bytes it came with; none that is the team's is where customers read; no bytes are kept that nobody knows of.
 */
export function filesFollow(world: World, families: readonly Family[]): readonly Breach[] {
  const files = families.filter(({ kind }) => kind === 'attachment');
  return [
    ...files.flatMap((file) => wrongCopies(world, file, families)),
    ...files.flatMap((file) => missing(world, file, families)),
    ...files.flatMap(survivors),
    ...keptInVain(world),
  ];
}

const originOf = ({ copies }: Family): Copy | undefined =>
  copies.find(({ object }) => object.createdBy === 'person');

/**
 * What a file of a person's hangs on, and all copies of that. Where two conversations share that object since a merge, the
 * hub tells which of them it is of; one that has no copy of its own left is nowhere else.
 */
function parentOf(file: Family, families: readonly Family[]): Family | undefined {
  const origin = originOf(file);
  const found = families.find(({ copies }) =>
    copies.some(
      ({ site, object }) => site === origin?.site && object.id === origin.object.parent?.externalId,
    ),
  );
  if (found?.merged === undefined || file.notes === undefined) return found;
  const { of } = (file.notes.record as Root).file ?? {};
  return families.find(({ notes }) => of !== undefined && notes?.records.has(of.record) === true);
}

function wrongCopies(world: World, file: Family, families: readonly Family[]): readonly Breach[] {
  const origin = originOf(file);
  const parent = parentOf(file, families);
  const made = file.copies.filter(({ object }) => object.createdBy === 'hub');
  return made.flatMap((copy) => {
    const { site, object } = copy;
    const breach = (invariant: number, what: string): Breach => ({
      invariant,
      what: `${nameOf(file)} at ${site.vendor.id}: ${what}`,
    });
    const on = site.vendor.objects.get(object.parent!.externalId);
    const born = site.vendor.objects.get(site.vendor.bornUnder.get(object.id) ?? object.parent!.externalId);
    const shared = parent?.merged && parent.notes?.link(site.connection)?.externalId;
    const isUnder =
      parent?.copies.some((each) => each.site === site && each.object === on) === true ||
      (shared !== undefined && site.vendor.survivorOf(shared) === on?.id);
    return [
      ...(object.bytes === origin?.object.bytes ? [] : [breach(1, 'other bytes than it came with')]),
      ...(born !== undefined && born.order < object.order && born.createdAtMs <= object.createdAtMs
        ? []
        : [breach(6, 'before what it hangs on')]),
      ...(parent === undefined || isUnder ? [] : [breach(1, 'under something else')]),
      ...(made.filter((each) => each.site === site).length === 1 ? [] : [breach(4, 'more than once')]),
      ...(site.vendor.profile.role === 'channel' && world.chronicle.inside.has(file.mark)
        ? [breach(7, 'the team’s own file, where customers read')]
        : []),
    ];
  });
}

function missing(world: World, file: Family, families: readonly Family[]): readonly Breach[] {
  const origin = originOf(file);
  const parent = parentOf(file, families);
  if (origin === undefined || parent === undefined || !origin.isLive) return [];
  const { profile } = origin.site.vendor;
  if (isParked(file, origin.site) || origin.object.bytes!.length > (profile.files ?? 0)) return [];
  return world.sites
    .filter((site) => site.organization === file.organization && site !== origin.site)
    .filter((site) => site.vendor.profile.role !== 'channel' || !world.chronicle.inside.has(file.mark))
    .filter((site) => mayHang(parent, site) && !isParked(file, site))
    .filter((site) => !file.copies.some((copy) => copy.site === site))
    .map(({ vendor }) => ({ invariant: 1, what: `${nameOf(file)}: no copy at ${vendor.id}` }));
}

/** One copy of the parent is there, alive, and the hub holds it for that. */
function mayHang(parent: Family, site: Site): boolean {
  const here = parent.copies.filter((copy) => copy.site === site);
  const [only] = here;
  if (only === undefined || here.length > 1 || !only.isLive || isParked(parent, site)) return false;
  return (
    parent.notes?.record.deleted === undefined && parent.notes?.link(site.connection)?.dead === undefined
  );
}

/** What the hub holds for deleted lives on nowhere as a copy of the hub's. */
function survivors(file: Family): readonly Breach[] {
  if (file.notes?.record.deleted === undefined) return [];
  return file.copies
    .filter(({ object, isLive, site }) => object.createdBy === 'hub' && isLive && !isParked(file, site))
    .map(({ site }) => ({
      invariant: 1,
      what: `${nameOf(file)} was deleted and lives on at ${site.vendor.id}`,
    }));
}

function keptInVain({ store, content }: World): readonly Breach[] {
  const known = new Set(
    store
      .items()
      .filter(({ sk }) => sk === 'root')
      .map(({ data }) => (data as Root).file?.content?.key),
  );
  return content
    .keys()
    .filter((key) => !known.has(key))
    .map((key) => ({ invariant: 5, what: `bytes are kept that nobody knows of: ${key}` }));
}
