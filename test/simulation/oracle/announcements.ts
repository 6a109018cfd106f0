import type { RecordId } from '../../../shared/domain/index.ts';
import type { Child } from '../../../shared/sync/state.ts';
import type { Site } from '../truth.ts';
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
  const due = statusesOf(notes).filter((each) => !mayBeMissing(world, notes, site, each.record));
  const where = `${nameOf(family)} at ${site.vendor.id}`;
  const breaches: Breach[] = [];
  const asked = told.map((object) => recordOf(world, site, object));
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

/** Each change of status with the record that tells of it: made in the same revision. */
function statusesOf({
  record,
  journal,
}: Notes): readonly { status: unknown; record: RecordId | undefined }[] {
  return journal.flatMap(({ changes }) => {
    const change = changes.find((each) => each.record === record.id && 'status' in each.fields);
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
