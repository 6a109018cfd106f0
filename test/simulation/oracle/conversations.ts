import type { ExternalId } from '../../../shared/domain/index.ts';
import { MARKED, markIn, type Site } from '../truth.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, nameOf, withoutMistaken } from './families.ts';

/**
 * Invariant 7, among customers: what was said in the conversation of one is in no other of the same channel, whatever has
 * become of the objects made for it. Of what a merge has moved an event may tell the new place before a copy is made: then
 * nobody knows.
 * A file of something said is wherever that is (`files.ts`). A copy that the manifest says is taken for a person's own is
 * that one's, at the case that it stands at.
 */
export function customersApart(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (family.kind !== 'comment' && family.kind !== 'attachment') return [];
    const origin = family.copies.find(({ object }) => object.createdBy === 'person');
    if (origin === undefined || origin.object.parent?.kind === 'comment') return [];
    return withoutMistaken(world, family).copies.flatMap(({ site, object }) => {
      const { vendor } = site;
      if (object.createdBy === 'person' || vendor.profile.role !== 'channel') return [];
      const thread = conversationOf(site, object.root ?? object.parent?.externalId);
      const told = marksTold(world, origin, object.createdAtMs);
      const isForeign = told.length > 0 && told.every((mark) => isAnothers(site, mark, thread));
      const what = `${nameOf(family)} is in ${thread?.id} at ${vendor.id}, and was said in another’s`;
      return isForeign ? [{ invariant: 7, what }] : [];
    });
  });
}

/** Of the conversations that all events of an object told it to be of until then. */
function marksTold(
  { chronicle }: World,
  { site, object }: Copy,
  untilMs: number,
): readonly (number | undefined)[] {
  const events = chronicle.told.filter((each) => each.object === object.id && each.heardAtMs <= untilMs);
  return events.flatMap(({ inbox }) =>
    (chronicle.about.get(inbox) ?? [])
      .filter(({ externalId }) => externalId === object.id)
      .map((o) => firstMark(conversationOf(site, o.rootExternalId ?? o.parent?.externalId))),
  );
}

const conversationOf = ({ vendor }: Site, id: ExternalId | undefined): VendorObject | undefined =>
  id === undefined ? undefined : vendor.objects.get(id);

/** What it was made with, or for: later texts may be another’s. */
const firstMark = (ticket: VendorObject | undefined): number | undefined =>
  markIn(ticket?.snapshots[0]?.fields[MARKED.ticket]);

function isAnothers({ vendor }: Site, mark: number | undefined, thread: VendorObject | undefined): boolean {
  if (mark === undefined || mark === firstMark(thread)) return false;
  return [...vendor.objects.values()].some(
    (each) => each.kind === 'ticket' && each !== thread && firstMark(each) === mark,
  );
}
