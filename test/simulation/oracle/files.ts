import type { RecordId } from '../../../shared/domain/index.ts';
import { rootOf } from '../../../shared/sync/keys.ts';
import type { Child, Root } from '../../../shared/sync/state.ts';
import type { HubFile, Site } from '../truth.ts';
import type { World } from '../world.ts';
import { isUpload } from '../worlds/uploading.ts';
import { namedIn } from './acknowledged.ts';
import { type Breach, type Copy, type Family, isParked, nameOf, notesOf } from './families.ts';
import { stayedBehind } from './returned.ts';
import { isSpread, onlyPeopleDelete } from './walls.ts';

/**
 * Files, by the vendors' own word and that of whoever sent them through the hub: each is once in every place that may have
 * it, under its parent's copy and after it, with the bytes it came with; none that is the team's is where customers read;
 * none goes that nobody took away, and of one that was taken away nothing stays; no bytes are kept that nobody knows of.
 */
export function filesFollow(world: World, families: readonly Family[]): readonly Breach[] {
  const files = [...families.filter(({ kind }) => kind === 'attachment'), ...unseen(world, families)];
  return [
    ...files.flatMap((file) => wrongCopies(world, file, families)),
    ...files.flatMap((file) => missing(world, file, families)),
    ...files.flatMap((file) => survivors(world, file)),
    ...files.flatMap((file) => refused(world, file)),
    ...onlyPeopleDelete(world, files),
    ...keptInVain(world),
  ];
}

/** Sent through the hub, and nowhere. */
function unseen(world: World, families: readonly Family[]): readonly Family[] {
  const notes = notesOf(world);
  return [...world.chronicle.hubFiles].flatMap(([mark, { organization }]): readonly Family[] => {
    if (families.some((each) => each.kind === 'attachment' && each.mark === mark)) return [];
    const key = `${organization} attachment ${mark}`;
    return [{ organization, kind: 'attachment', mark, copies: [], notes: notes.get(key) }];
  });
}

interface Origin {
  readonly site?: Site;
  readonly bytes: string;
  readonly isThere: boolean;
}

/** What a person attached at a vendor, or a client of the hub's API has sent. */
function originOf(world: World, { copies, mark }: Family): Origin | undefined {
  const own = copies.find(({ object }) => object.createdBy === 'person');
  if (own !== undefined) return { site: own.site, bytes: own.object.bytes!, isThere: own.isLive };
  const sent = world.chronicle.hubFiles.get(mark);
  const isThere = sent?.end === 'made' && !copies.some((copy) => isTakenFromAll(world, copy));
  return sent && { bytes: sent.bytes, isThere };
}

/** Where its deletion means something elsewhere. */
const isTakenFromAll = (world: World, copy: Copy): boolean => isSpread(world, copy) && isTakenAway(copy);

const isTakenAway = ({ site, object, isLive }: Copy): boolean =>
  !isLive && site.vendor.deeds.findLast(({ object: id }) => id === object.id)?.by === 'person';

/**
 * What a file hangs on, and all copies of that. Where two conversations share that object since a merge, the hub tells
 * which of them it is of; one that has no copy of its own left is nowhere else.
 */
function parentOf(world: World, file: Family, families: readonly Family[]): Family | undefined {
  const sent = world.chronicle.hubFiles.get(file.mark);
  if (sent !== undefined) return isOfAnother(world, sent, families) ? undefined : holding(families, sent);
  const origin = file.copies.find(({ object }) => object.createdBy === 'person');
  const found = families.find(({ copies }) =>
    copies.some(
      ({ site, object }) => site === origin?.site && object.id === origin.object.parent?.externalId,
    ),
  );
  if (found?.merged === undefined || file.notes === undefined) return found;
  const { of } = (file.notes.record as Root).file ?? {};
  return of && holding(families, of);
}

/**
 * Two records may bear the mark of what it was sent to, where a copy could not be told from a stranger's object: that it was
 * sent to the one which is supposed of that object says nothing of the other.
 */
function isOfAnother(world: World, { organization, record }: HubFile, families: readonly Family[]): boolean {
  const root = namedIn(world, { organization, root: rootOf(record) });
  const own = holding(families, { record })?.notes;
  if (root === undefined || own === undefined) return false;
  return root.id !== own.root.id || (own.record.id !== record && isLinked(world, record));
}

/** A comment that was folded into another, or brought over into another conversation, has no copy left. */
const isLinked = ({ store }: World, record: RecordId): boolean =>
  store
    .items()
    .some(({ sk, data }) => sk === `child#${record}` && Object.keys((data as Child).links).length > 0);

const holding = (families: readonly Family[], { record }: Pick<HubFile, 'record'>): Family | undefined =>
  families.find(({ notes }) => notes?.records.has(record) === true);

function wrongCopies(world: World, file: Family, families: readonly Family[]): readonly Breach[] {
  const origin = originOf(world, file);
  const parent = parentOf(world, file, families);
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
      (shared !== undefined && site.vendor.survivorOf(shared) === on?.id) ||
      (parent?.merged !== undefined &&
        parent.notes !== undefined &&
        stayedBehind(world, parent.notes.root, copy));
    return [
      ...(object.bytes === origin?.bytes ? [] : [breach(1, 'other bytes than it came with')]),
      // What was staged has its id already: shown, it shares its place with whatever was made last before it.
      ...(born !== undefined && born.order <= object.order && born.createdAtMs <= object.createdAtMs
        ? []
        : [breach(6, 'before what it hangs on')]),
      ...(parent === undefined || isUnder ? [] : [breach(1, 'under something else')]),
      ...(made.filter((each) => each.site === site).length === 1 ? [] : [breach(4, 'more than once')]),
      ...(site.vendor.profile.role === 'channel' && world.chronicle.inside.has(file.mark)
        ? [breach(7, 'the team’s own file, where customers read')]
        : []),
      ...(site.organization === file.organization ? [] : [breach(8, 'another organization’s')]),
    ];
  });
}

function missing(world: World, file: Family, families: readonly Family[]): readonly Breach[] {
  const origin = originOf(world, file);
  const parent = parentOf(world, file, families);
  if (origin === undefined || parent === undefined || !origin.isThere) return [];
  if (origin.site !== undefined && isParked(file, origin.site)) return [];
  if (origin.bytes.length > (origin.site?.vendor.profile.files ?? Number.POSITIVE_INFINITY)) return [];
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

/** What the hub holds for deleted lives on nowhere as a copy of the hub's; nor does what came through it and was taken away. */
function survivors(world: World, file: Family): readonly Breach[] {
  const isGone =
    file.notes?.record.deleted !== undefined ||
    (world.chronicle.hubFiles.has(file.mark) && file.copies.some((copy) => isTakenFromAll(world, copy)));
  if (!isGone) return [];
  return file.copies
    .filter(({ object, isLive, site }) => object.createdBy === 'hub' && isLive && !isParked(file, site))
    .map(({ site }) => ({
      invariant: 1,
      what: `${nameOf(file)} was deleted and lives on at ${site.vendor.id}`,
    }));
}

/** Of what its client was told is not taken nothing is anywhere. */
function refused({ chronicle }: World, file: Family): readonly Breach[] {
  if (chronicle.hubFiles.get(file.mark)?.end !== 'refused') return [];
  const places = [
    ...file.copies.map(({ site }) => site.vendor.id),
    ...(file.notes === undefined ? [] : ['the hub']),
  ];
  return places.map((place) => ({ invariant: 5, what: `${nameOf(file)} was refused, and is at ${place}` }));
}

/** What a client may still make a file of, or nobody has swept away yet, is no file's. */
export function keptInVain({ store, content }: World): readonly Breach[] {
  const items = store.items();
  const known = new Set(
    items.flatMap(({ sk, data }) => (sk === 'root' ? [(data as Root).file?.content?.key] : [])),
  );
  const announced = items.filter(isUpload).map(({ data }) => `/${(data as { id: string }).id}`);
  return content
    .keys()
    .filter((key) => !known.has(key) && !announced.some((id) => key.endsWith(id)))
    .map((key) => ({ invariant: 5, what: `bytes are kept that nobody knows of: ${key}` }));
}

/** Days after the last of them. */
export const uploadsLeft = ({ store }: World): readonly Breach[] =>
  store
    .items()
    .filter(isUpload)
    .map(({ pk }) => ({ invariant: 5, what: `${pk} was never swept away` }));
