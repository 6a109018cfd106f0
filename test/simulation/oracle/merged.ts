import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import type { HubEvent } from '../../../shared/ports/index.ts';
import { SECOND_COPY } from '../../../shared/sync/parking.ts';
import type { History, Root } from '../../../shared/sync/state.ts';
import type { Chronicle, Site } from '../truth.ts';
import { UNMARKED_GAP } from '../vendor/manifest.ts';
import type { Deed, VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import {
  type Breach,
  type Copy,
  type Family,
  isParked,
  nameOf,
  requestOf,
  standingFor,
  wasShown,
} from './families.ts';
import { livesOf } from './lives.ts';
import { isAnothers, isSecond, stayedBehind, wasMadeForAnother, wasMergedBy } from './returned.ts';

/**
 * Invariants 1 and 4, of what was merged at its vendor: links follow who goes on, what hangs on a conversation stays its
 * own, and nothing of what is gone is made again.
 */
export function mergesFollow(world: World, families: readonly Family[]): readonly Breach[] {
  if (world.sites.every(({ vendor }) => vendor.merged.size + vendor.returned.size === 0)) return [];
  return [
    ...world.sites.flatMap((site) => stillNamed(world, site)),
    ...families.flatMap((family) => nobodys(family)),
    ...families.flatMap((family) => madeAgain(world, family)),
    ...families.flatMap((family) => hangingElsewhere(world, family)),
    ...world.sites.flatMap((site) => staleNames(world, site, families)),
  ];
}

/** A link to what was merged away: the merge was taken for a deletion, or for nothing. */
function stillNamed(world: World, site: Site): readonly Breach[] {
  const { vendor, connection, organization } = site;
  return world.store.items().flatMap(({ pk, sk, data }) => {
    if (sk !== 'root' || !pk.startsWith(`${organization}#`)) return [];
    const { kind, id, lanes, foldedInto, deleted } = data as Root;
    const lane = lanes[connection];
    const named = lane?.link.externalId;
    if (foldedInto !== undefined || named === undefined || !vendor.merged.has(named)) return [];
    // Another record's: it is followed as soon as something is to hang on it.
    if (lane?.link.isBorrowed === true) return [];
    if (deleted !== undefined && (deleted.source !== connection || diedBefore(world, site, pk, named)))
      return [];
    if (lane?.parked !== undefined || lane?.link.parked !== undefined) return [];
    const into = vendor.survivorOf(named);
    return [{ invariant: 1, what: `${kind} ${id} names ${named} at ${vendor.id}, which went on as ${into}` }];
  });
}

/** It was noted to be dead by what was told there before that merge: what is dead follows nothing. */
function diedBefore({ store, chronicle }: World, site: Site, pk: string, named: ExternalId): boolean {
  const { atMs: mergedAtMs } = livesOf({ site, object: site.vendor.objects.get(named)! }).at(-1)!;
  const lives = store.items().flatMap(({ pk: at, sk, data }) => {
    const atMs =
      at === pk && sk.startsWith('history#') ? chronicle.committedAtMs.get(`${pk} ${sk}`) : undefined;
    if (atMs === undefined) return [];
    const changes = (data as History).changes.filter(({ what, source, record }) => {
      const isLife = what === 'deleted' || what === 'restored';
      return isLife && source === site.connection && pk.endsWith(`#${record}`);
    });
    return changes.map(({ what }) => ({ what, atMs }));
  });
  const last = lives.toSorted((a, b) => a.atMs - b.atMs).at(-1);
  return last?.what === 'deleted' && last.atMs < mergedAtMs;
}

function nobodys(family: Family): readonly Breach[] {
  if (family.merged === undefined || family.notes !== undefined) return [];
  return family.copies.map(({ object, site }) => ({
    invariant: 1,
    what: `${nameOf(family)}: ${object.id} at ${site.vendor.id} is no record’s copy`,
  }));
}

/** Whose copy was merged away has the survivor for a copy, whoever that was made for, and gets no other while that lives. */
function madeAgain(world: World, family: Family): readonly Breach[] {
  const { chronicle } = world;
  const { merged, notes, copies } = family;
  if (merged === undefined || notes === undefined) return [];
  return merged.gone.flatMap((gone) => {
    const { site, object } = gone;
    const record = requestOf(chronicle, gone)?.record;
    if (record === undefined || !notes.records.has(record)) return [];
    const goneAtMs = object.snapshots.at(-1)!.atMs;
    const survivor = site.vendor.survivorOf(object.id);
    if (!site.vendor.isLive(survivor) || wasNeverKnown(world, family, gone)) return [];
    return copies
      .filter((copy) => copy.object.id !== survivor)
      .filter(
        (copy) => copy.site === site && copy.object.createdBy === 'hub' && copy.object.createdAtMs > goneAtMs,
      )
      .filter((copy) => requestOf(chronicle, copy)?.isLate !== true || copy.isLive)
      .filter((copy) => !hasLandedAnew(chronicle, family, copy) && !wasMadeForAnother(gone, copy))
      .filter((copy) => !wasUnheardOf(world, family, gone, copy.object.createdAtMs))
      .map((copy) => ({
        invariant: 4,
        what: `${nameOf(family)} at ${site.vendor.id}: ${copy.object.id} was made though ${object.id} had gone on as another`,
      }));
  });
}

/**
 * A gap the manifest names: it bore no mark of ours, and was merged away before anybody could say that it was made. Whether
 * to make it anew a person was asked, who can know no better.
 */
function wasNeverKnown({ chronicle, catalog }: World, family: Family, gone: Copy): boolean {
  const { gaps = [] } = catalog.get(gone.site.integration)!.manifest.kinds[family.kind] ?? {};
  return gaps.includes(UNMARKED_GAP) && isUnanswered(chronicle, family, gone);
}

/** Nothing that told of it was through by then: a search shows what lives alone. */
const wasUnheardOf = (world: World, family: Family, gone: Copy, byMs: number): boolean =>
  isUnanswered(world.chronicle, family, gone) && !wasShown(world, gone, byMs);

/** Nobody has ever said what its creation made. */
function isUnanswered(chronicle: Chronicle, { notes }: Family, gone: Copy): boolean {
  const former = notes?.link(gone.site.connection)?.former ?? [];
  return requestOf(chronicle, gone)?.isTaken === false && !former.includes(gone.object.id);
}

/** A merge made its key free before it landed, long after it was asked for: nobody's decision, told in the open. */
export function hasLandedAnew(chronicle: Chronicle, family: Family, copy: Copy): boolean {
  const isLate = requestOf(chronicle, copy)?.isLate === true;
  const { createdAtMs } = copy.object;
  const { gone = [], back = [] } = family.merged ?? {};
  const isFreed =
    gone.some(({ site, object }) => site === copy.site && object.snapshots.at(-1)!.atMs <= createdAtMs) ||
    back.some((each) => each.site === copy.site && wasMergedBy(each, createdAtMs));
  return isLate && isFreed && isParked(family, copy.site);
}

/** What was said stands where its own conversation has its copy. */
function hangingElsewhere(world: World, family: Family): readonly Breach[] {
  const { kind, notes, copies } = family;
  if (kind !== 'comment' || notes === undefined) return [];
  return copies.flatMap(({ site, object, isLive }) => {
    const lane = notes.root.lanes[site.connection];
    if (!isLive || lane === undefined || isParked(family, site) || object.root === undefined) return [];
    const { externalId } = lane.link;
    const into = externalId === undefined ? undefined : site.vendor.survivorOf(externalId);
    if (!site.vendor.isLive(object.root) || into === object.root) return [];
    if (object.createdBy === 'person' && isOfTwin(world, notes.root, site, object)) return [];
    if (stayedBehind(world, notes.root, { site, object, isLive })) return [];
    const what = `${nameOf(family)} at ${site.vendor.id} hangs on ${object.root}, its conversation is ${lane.link.externalId}`;
    return [{ invariant: 1, what }];
  });
}

/**
 * A second copy of the conversation, or of one that was folded into it, of which people have been told: what they say there
 * themselves stands there, and goes along where they merge it into another's.
 */
function isOfTwin(
  world: World,
  conversation: Root,
  { vendor, connection }: Site,
  said: VendorObject,
): boolean {
  const { parked, besides, former } = conversation.lanes[connection]?.link ?? {};
  const isIts = (root: ExternalId) =>
    standingFor(world, vendor.objects.get(root)?.marker)?.id === conversation.id;
  const [root, first] = [said.root!, vendor.bornUnder.get(said.id)];
  if (parked?.cause === 'doubtful' && (besides?.includes(root) === true || isIts(root))) return true;
  const isMergedTwin = first !== undefined && vendor.merged.has(first) && isIts(first);
  return isMergedTwin && former?.includes(first) !== true && wasToldOfTwin(world, conversation, connection);
}

function wasToldOfTwin({ store }: World, { id }: Root, connection: ConnectionId): boolean {
  const isOfIt = ({ type, data }: HubEvent) =>
    type === 'work.parked' &&
    data.code === SECOND_COPY &&
    data.record === id &&
    data.connection === connection;
  return store
    .items()
    .filter(({ pk, sk }) => pk.endsWith(`#root#${id}`) && sk.startsWith('history#'))
    .some(({ data }) => (data as History).events.some(isOfIt));
}

const NAMED = { ticket: 'requester', contact: 'account' } as const;

/** The vendor has named the survivor wherever the loser was named: who names that one since is the hub. */
function staleNames(world: World, site: Site, families: readonly Family[]): readonly Breach[] {
  const { vendor } = site;
  const isWrittenNoMore = (id: ExternalId, named: ExternalId, naming: Deed) =>
    families.some((each) =>
      each.copies.some(
        (copy) =>
          copy.site === site &&
          copy.object.id === id &&
          (isSecond(each, copy) || isLeftAlone(world, each, copy, named, naming)),
      ),
    );
  return (['ticket', 'contact'] as const).flatMap((kind) =>
    vendor.live(kind).flatMap(({ id }) => {
      const named = vendor.now(id)!.fields[NAMED[kind]];
      const last = vendor.deeds.findLast(({ object, changes }) => object === id && NAMED[kind] in changes);
      if (typeof named !== 'string' || last?.by !== 'hub' || !vendor.merged.has(named as never)) return [];
      if (isWrittenNoMore(id, named as ExternalId, last)) return [];
      return [{ invariant: 1, what: `${id} at ${vendor.id} names ${named}, which was merged away` }];
    }),
  );
}

/**
 * Its record is dead, or people are asked which of two copies is to stay, or it is another's by now, of which no vendor here
 * says whom a case is of; and it was named before that merge: while in the bin itself, where nothing is named anew.
 */
function isLeftAlone(world: World, family: Family, copy: Copy, named: ExternalId, naming: Deed): boolean {
  const { notes } = family;
  const { site } = copy;
  const merge = livesOf({ site, object: site.vendor.objects.get(named)! }).at(-1)!;
  const request = world.chronicle.requests.get(`${site.index} ${naming.sequence}`);
  const isLeft =
    notes?.record.deleted !== undefined ||
    notes?.link(site.connection)?.parked?.code === SECOND_COPY ||
    (request !== undefined && isAnothers(family, copy, request));
  return isLeft && naming.atMs < merge.atMs;
}
