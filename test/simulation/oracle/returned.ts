import type { ExternalId } from '../../../shared/domain/index.ts';
import type { InboxRow } from '../../../shared/sync/inbox-row.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { type Chronicle, MARKED, markIn, type Request, type Site } from '../truth.ts';
import type { Deed, Vendor, VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Copy, type Family, requestOf, standingFor } from './families.ts';
import { livesOf } from './lives.ts';

/**
 * A conversation's copy is back out of the bin, or was since. What that merge has moved stays where it was moved to, and so
 * does what was made there for as long as the hub did not know.
 */
export function stayedBehind(world: World, conversation: Root, copy: Copy): boolean {
  const { site, object } = copy;
  const { vendor } = site;
  const back = [...vendor.returned.keys()].filter((id) => wasOf(world, conversation, site, id));
  const first = vendor.bornUnder.get(object.id);
  if (first !== undefined) return back.length > 0 || vendor.returned.has(first);
  if (wasThereBefore(site, object)) return true;
  const decidedAtMs = decidedAt(world, copy);
  return back.some(
    (id) => wentOnAs(site, id, placeOf(object)) && isBeforeReturn(world, site, id, decidedAtMs),
  );
}

const WORKER_LIVES_MS = 30_000;

/** A worker notes a creation and sends it: what becomes known between the two finds it under way. */
function decidedAt({ chronicle }: World, copy: Copy): number | undefined {
  const request = requestOf(chronicle, copy);
  if (request === undefined) return undefined;
  const { record, askedAtMs } = request;
  const noted = chronicle.intended.get(`${copy.site.connection} ${record}`) ?? [];
  const last = noted.findLast(({ atMs }) => atMs <= askedAtMs && askedAtMs <= atMs + WORKER_LIVES_MS);
  return last?.atMs ?? askedAtMs;
}

/** In the bin itself when what it was made under was merged away: it came out there. */
function wasThereBefore({ vendor }: Site, object: VendorObject): boolean {
  const root = placeOf(object);
  return root !== undefined && vendor.returned.has(root) && object.createdAtMs < returnedAtMs(vendor, root);
}

/** The ticket that a comment, or a file of none, hangs on. */
const placeOf = ({ root, parent }: VendorObject): ExternalId | undefined => root ?? parent?.externalId;

const returnedAtMs = ({ deeds }: Vendor, id: ExternalId): number =>
  deeds.findLast(({ object, deed }) => object === id && deed === 'undeleted')!.atMs;

function wasOf(world: World, { id: root, lanes }: Root, site: Site, id: ExternalId): boolean {
  const { externalId, former = [] } = lanes[site.connection]!.link;
  if (externalId === id || former.includes(id)) return true;
  const asked = requestOf(world.chronicle, { site, object: site.vendor.objects.get(id)! });
  return asked !== undefined && standingFor(world, asked.record)?.id === root;
}

/** As above, of whom a ticket names: somebody who is back since, by whom that one was merged into. */
export function isNamedBefore(world: World, contact: Family, { site, object }: Copy): boolean {
  const { vendor, index } = site;
  const named = vendor.now(object.id)!.fields.requester;
  const deed = vendor.deeds.findLast(
    ({ object: id, changes }) => id === object.id && 'requester' in changes,
  )!;
  const askedAtMs = world.chronicle.requests.get(`${index} ${deed.sequence}`)?.askedAtMs;
  return backFrom(contact, site, named).some((id) => isBeforeReturn(world, site, id, askedAtMs));
}

/** One of its copies there that are back was named so, until merges gave that another name: it was meant still. */
export const isMeantStill = ({ copies }: Family, site: Site, named: readonly ExternalId[]): boolean =>
  copies.some(
    (each) =>
      each.site === site && site.vendor.returned.has(each.object.id) && named.includes(each.object.id),
  );

/** Whom it named before one merge, or one after another, named who goes on: at its moment, and by nobody's choice. */
export function namedBeforeMerges(site: Site, field: string, deed: Deed): readonly ExternalId[] {
  const { vendor } = site;
  const { from, to } = deed.changes[field]!;
  const loser = from as ExternalId;
  const into = [...(vendor.returned.get(loser) ?? []), vendor.merged.get(loser)];
  const isMerged = vendor.deeds.some(
    ({ object, deed: life, by, atMs }) =>
      object === loser && life === 'deleted' && by === 'person' && atMs === deed.atMs,
  );
  if (deed.by !== 'person' || !isMerged || !into.some((each) => each === to)) return [];
  const before = vendor.deeds.findLast(
    ({ object, sequence, changes }) => object === deed.object && sequence < deed.sequence && field in changes,
  );
  return [loser, ...(before === undefined ? [] : namedBeforeMerges(site, field, before))];
}

/** Its copies there that went on as that one, and are back. */
const backFrom = ({ copies }: Family, site: Site, as: unknown): readonly ExternalId[] =>
  copies
    .filter((each) => each.site === site && site.vendor.returned.has(each.object.id))
    .flatMap(({ object: { id } }) => (wentOnAs(site, id, as) ? [id] : []));

/** Written before it was merged away, and taken out of the bin as a record of its own. */
export const isAnothers = ({ notes }: Family, { site, object }: Copy, { record }: Request): boolean =>
  site.vendor.returned.has(object.id) && notes?.records.has(record) === false;

/** It was merged away before that moment, and is back since. */
export const wasMergedBy = (copy: Copy, byMs: number): boolean =>
  copy.site.vendor.returned.has(copy.object.id) &&
  livesOf(copy).some(({ deed, by, atMs }) => deed === 'deleted' && by === 'person' && atMs <= byMs);

/** Back beside the copy that its record has had since, and people are asked which is to stay: it is written no more. */
export function isSecond({ notes }: Family, { site, object }: Copy): boolean {
  const { parked, besides = [] } = notes?.link(site.connection) ?? {};
  return site.vendor.returned.has(object.id) && parked !== undefined && besides.includes(object.id);
}

/**
 * Two records' until a merge made them one, of which either was taken out of the bin again: the first was made for another,
 * or still bore another's mark when the second was made.
 */
export function wasAnothers(chronicle: Chronicle, first: Copy, second: Copy): boolean {
  const isOfOther = requestOf(chronicle, first)?.record !== requestOf(chronicle, second)?.record;
  const isFirstBack = first.site.vendor.returned.has(first.object.id);
  return (isFirstBack && isOfOther) || wasMadeForAnother(first, second);
}

/** Out of the bin again, and made when the two still bore marks of their own. */
export function wasMadeForAnother(first: Copy, second: Copy): boolean {
  const { createdAtMs } = second.object;
  const isBack = second.site.vendor.returned.has(second.object.id);
  return isBack && markAt(first, createdAtMs) !== markAt(second, createdAtMs);
}

function markAt({ object: { kind, snapshots } }: Copy, byMs: number): number | undefined {
  const { fields } = snapshots.findLast(({ atMs }) => atMs <= byMs)!;
  return markIn(fields[MARKED[kind]]);
}

/** What it was merged into may have been merged in turn, and be back as well. */
function wentOnAs({ vendor }: Site, id: ExternalId, as: unknown): boolean {
  const all = new Set([id]);
  for (const each of all)
    for (const into of vendor.returned.get(each) ?? []) all.add(vendor.survivorOf(into));
  all.delete(id);
  return [...all].some((each) => each === as);
}

const isBeforeReturn = (world: World, site: Site, id: ExternalId, askedAtMs = Number.POSITIVE_INFINITY) =>
  askedAtMs <= knownBackAtMs(world, site, id);

/** When the first row was through that told of it as living since, and was not taken for news from before its end. */
function knownBackAtMs({ chronicle, store }: World, site: Site, id: ExternalId): number {
  const { vendor, organization, connection } = site;
  const sinceMs = returnedAtMs(vendor, id) - vendor.profile.stampMs;
  const passedOver = new Set(
    store
      .items()
      .flatMap(({ pk, sk, data }) =>
        sk === 'row' && (data as Partial<InboxRow>).state === 'filtered' ? [`${pk} ${sk}`] : [],
      ),
  );
  const told = [...chronicle.about].filter(([, all]) =>
    all.some((o) => o.externalId === id && o.life !== 'deleted' && o.atMs > sinceMs),
  );
  const closed = told
    .map(([inbox]) => `${organization}#inbox#${connection}#${inbox} row`)
    .filter((key) => !passedOver.has(key))
    .map((key) => chronicle.closedAtMs.get(key));
  return Math.min(...closed.map((each) => each ?? Number.POSITIVE_INFINITY));
}
