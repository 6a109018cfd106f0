import type { RecordId } from '../../../shared/domain/index.ts';
import type { Child } from '../../../shared/sync/state.ts';
import type { Site } from '../truth.ts';
import { SAME_WORDS_GAP } from '../vendor/manifest.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Breach, type Family, isParked, type Notes, nameOf } from './families.ts';
import { settled } from './restless.ts';

/**
 * Invariants 1, 4 and 6, of what the hub says itself: the customer is told of each change of status, once, and
 * in the order in which they came.
 */
export function announcementsOnce(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) =>
    family.kind !== 'ticket' || family.notes === undefined || family.notes.records.size > 1
      ? []
      : family.copies
          .filter(({ site, object, isLive }) => isLive && hears(site, object) && !isParked(family, site))
          .flatMap(({ site, object }) => judgeThread(world, family, family.notes!, { site, thread: object })),
  );
}

function hears({ vendor: { profile } }: Site, { createdBy }: VendorObject): boolean {
  return profile.role === 'channel' && profile.announcesStatus && createdBy === 'person';
}

interface Place {
  readonly site: Site;
  readonly thread: VendorObject;
}

function judgeThread(world: World, family: Family, notes: Notes, place: Place): readonly Breach[] {
  const { site, thread } = place;
  const told = site.vendor.live('comment', thread.id).filter((object) => isAnnouncement(site, object));
  const where = `${nameOf(family)} at ${site.vendor.id}`;
  const breaches: Breach[] = [];
  const asked = told.map((object) => recordOf(world, site, object));
  const due = dueAt(world, notes, site, asked);
  if (new Set(asked).size < asked.length)
    breaches.push({ invariant: 4, what: `${where}: one status was announced twice` });
  for (const { status, record } of due) {
    const index = asked.indexOf(record as RecordId);
    const says =
      index < 0
        ? undefined
        : String(settled(world, 'body', site.vendor.now(told[index]!.id)!.fields.body)).trim();
    if (says !== `Status changed to ${status}`)
      breaches.push({ invariant: 1, what: `${where}: status ${status} was announced as ${says}` });
  }
  const places = due.map(({ record }) => asked.indexOf(record as RecordId)).filter((at) => at >= 0);
  if (places.some((at, index) => index > 0 && at < places[index - 1]!))
    breaches.push({ invariant: 6, what: `${where}: statuses were announced out of order` });
  return breaches;
}

function isAnnouncement({ vendor }: Site, { id, createdBy }: VendorObject): boolean {
  return createdBy === 'hub' && String(vendor.now(id)!.fields.body).startsWith('Status changed to ');
}

function recordOf({ chronicle }: World, { vendor, index }: Site, { id }: VendorObject): RecordId | undefined {
  const birth = vendor.deeds.find(({ object, deed }) => object === id && deed === 'created')!;
  return chronicle.requests.get(`${index} ${birth.sequence}`)?.record;
}

/**
 * What is not openly set aside there. Of two in the same words whose requests were never answered nobody can tell which it is
 * that turned up: one of them is told, and people are asked about the other.
 */
function dueAt(
  world: World,
  notes: Notes,
  site: Site,
  asked: readonly (RecordId | undefined)[],
): readonly Status[] {
  const all = statusesOf(notes);
  const due = new Set(all.filter(({ record }) => !mayBeMissing(world, notes, site, record)));
  const isTold = ({ record }: Status) => asked.includes(record);
  const isUnanswered = ({ record }: Status) => isUnmarkedDoubt(world, site, record);
  for (const missing of all.filter((each) => due.has(each) && !isTold(each) && isUnanswered(each))) {
    const isOther = (each: Status) => !due.has(each) && isTold(each) && isUnanswered(each);
    const other = all.find((each) => each.status === missing.status && isOther(each));
    if (other === undefined) continue;
    due.delete(missing);
    due.add(other);
  }
  return all.filter((each) => due.has(each));
}

function isUnmarkedDoubt({ catalog, chronicle }: World, site: Site, record: RecordId | undefined): boolean {
  const { gaps = [] } = catalog.get(site.integration)!.manifest.kinds.comment!;
  return gaps.includes(SAME_WORDS_GAP) && chronicle.doubted.has(`${site.connection} ${record}`);
}

interface Status {
  readonly status: unknown;
  readonly record: RecordId | undefined;
}

/** What each revision has left for a status, with the record that tells of it, made in the same. */
function statusesOf({ record, journal }: Notes): readonly Status[] {
  return journal.flatMap(({ changes }) => {
    const change = changes.findLast((each) => each.record === record.id && 'status' in each.fields);
    if (change === undefined || change.what === 'created') return [];
    const said = changes.find(
      ({ what, kind, source }) => what === 'created' && kind === 'comment' && source === 'hub',
    );
    return [{ status: change.fields.status!.to, record: said?.record }];
  });
}

/** Openly set aside there, or refused there once: it stood aside and let its followers go on. */
function mayBeMissing(
  { chronicle, store }: World,
  { root }: Notes,
  { connection, index }: Site,
  record: RecordId | undefined,
): boolean {
  if (record === undefined) return false;
  if (chronicle.refused.has(`${index} ${record}`)) return true;
  const child = store
    .items()
    .find(({ sk, data }) => sk === `child#${record}` && (data as Child).root === root.id);
  return (child?.data as Child | undefined)?.links[connection]?.parked !== undefined;
}
