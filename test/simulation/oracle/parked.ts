import type { Link, ParkedWork, Root } from '../../../shared/sync/state.ts';
import { type HubFile, MARKED, markIn, type Site } from '../truth.ts';
import type { World } from '../world.ts';
import { type Breach, isRecord, linkOf, standingFor } from './families.ts';
import { mayAsk } from './mapped.ts';

/** Writes of one field of a copy, before it may be said never to settle. */
const UNSETTLED_WRITES = 4;

/**
 * Invariant 5, of what is set aside: it is visible, and its cause is something that really happened and has
 * not gone away. By then people have reconnected what was cut off and replayed what was refused.
 */
export function parkedForCause(world: World): readonly Breach[] {
  const works = world.store
    .items()
    .filter(({ sk }) => sk === 'parked')
    .map(({ data }) => data as ParkedWork);
  const listed = new Set(works.map(({ id }) => id));
  return [
    ...works.flatMap((work) => groundless(world, work)),
    ...parksIn(world)
      .filter((id) => !listed.has(id))
      .map((id) => ({ invariant: 5, what: `${id} is set aside and nobody can see it` })),
  ];
}

function groundless(world: World, work: ParkedWork): readonly Breach[] {
  const site = world.sites.find(({ connection }) => connection === work.connection)!;
  if (isGrounded(world, site, work)) return [];
  const { cause, kind, record, inbox } = work;
  return [
    {
      invariant: 5,
      what: `${kind ?? 'event'} ${record ?? inbox} at ${site.vendor.id} is set aside without cause: ${cause}`,
    },
  ];
}

function isGrounded(world: World, site: Site, { cause, code, record, inbox, root }: ParkedWork): boolean {
  const { chronicle } = world;
  switch (cause) {
    case 'unreadable':
      return chronicle.torn.has(String(inbox));
    case 'unseen':
      return [record, root].some((each) => isOutOfSight(world, site, each));
    case 'doubtful': {
      const asked = chronicle.creations.filter((each) => each.site === site.index && each.record === record);
      const copies = copiesOf(world, site, record).length;
      const isUnknown =
        asked.some(({ isTaken }) => !isTaken) || (copies === 0 && diedBefore(world, site, record));
      return isUnknown || copies > 1;
    }
    case 'asked':
      return isOpenQuestion(world, site, record);
    case 'unsettled':
      return writesOf(world, site, record) >= UNSETTLED_WRITES;
    case 'rejected':
      return code === 'file_rule' && isTooLarge(world, site, record);
    default:
      // Refused, dead, cut off or away: all of it was mended and replayed.
      return false;
  }
}

/** By its vendor's own word, or that of who sent it; nothing mends that. */
function isTooLarge(world: World, site: Site, record: string | undefined): boolean {
  const { sites, store } = world;
  const root = store.items().find(({ sk, data }) => sk === 'root' && (data as Root).id === record);
  const { lanes = {}, fields } = (root?.data ?? {}) as Partial<Root>;
  const ids = Object.values(lanes).flatMap(({ link }) => link.externalId ?? []);
  const files = ids.flatMap((id) => sites.flatMap(({ vendor }) => vendor.objects.get(id) ?? []));
  const sent = world.chronicle.hubFiles.get(markIn(fields?.[MARKED.attachment]) ?? -1);
  const all = sent !== undefined && cameBefore(world, site, sent) ? [...files, sent] : files;
  return all.some(({ bytes = '' }) => bytes.length > (site.vendor.profile.files ?? 0));
}

/** Whoever sent it was refused by those places alone that had a copy of what it hangs on; a backfill makes others later. */
function cameBefore(world: World, site: Site, { record, askedAtMs }: HubFile): boolean {
  const parent = linkOf(world, site, record)?.externalId;
  const copy = parent === undefined ? undefined : site.vendor.objects.get(parent);
  return copy === undefined || copy.createdAtMs > askedAtMs;
}

/** The creation was noted, and its function died before it was sent: nobody can know that. */
export function diedBefore({ chronicle, injector }: World, site: Site, record: string | undefined): boolean {
  const isDeadly = [
    'crash-before',
    'crash-after',
    'function-timeout',
    'poison',
    'killed-before-storing',
    'store-unavailable',
    'store-unavailable-though-done',
    'send-fails',
  ];
  const mayHaveDied = isDeadly.some((name) => injector.happened.has(name));
  return mayHaveDied && chronicle.intended.has(`${site.connection} ${record}`);
}

/** Under a policy that asks, and the two still differ. */
function isOpenQuestion(world: World, site: Site, record: string | undefined): boolean {
  const fields = Object.keys(linkOf(world, site, record)?.asked ?? {});
  return fields.length > 0 && fields.every((field) => mayAsk(world, site, field));
}

/** The vendor shows nothing there any more, nor will it. */
function isOutOfSight(world: World, site: Site, record: string | undefined): boolean {
  const id = linkOf(world, site, record)?.externalId;
  return id !== undefined && !site.vendor.isLive(id) && world.chronicle.unseen.has(id);
}

/**
 * The objects a record was given there: its own, those the hub made for it, and what lives of those made for records that
 * were folded into it.
 */
function copiesOf(world: World, site: Site, record: string | undefined): readonly string[] {
  const own = linkOf(world, site, record)?.externalId;
  const made = site.vendor.deeds.flatMap(({ deed, by, object, sequence }) => {
    if (deed !== 'created' || by !== 'hub') return [];
    const madeFor = world.chronicle.requests.get(`${site.index} ${sequence}`)?.record;
    const isIts =
      madeFor === record || (site.vendor.isLive(object) && standingFor(world, madeFor)?.id === record);
    return isIts ? [object] : [];
  });
  return [...new Set([...made, ...(own === undefined ? [] : [own])])];
}

function writesOf(world: World, site: Site, record: string | undefined): number {
  const id = linkOf(world, site, record)?.externalId;
  return site.vendor.deeds.filter(
    ({ object, by, deed }) => object === id && by === 'hub' && deed === 'changed',
  ).length;
}

const parkedOn = ({ parked, asked = {} }: Link) => [parked, ...Object.values(asked)];

function parksIn({ store }: World): readonly string[] {
  return store.items().flatMap(({ sk, data }) => {
    if (!isRecord(sk)) return [];
    const { lanes = {}, links = {} } = data as Partial<Root> & { links?: Record<string, Link> };
    const all = [
      ...Object.values(lanes).flatMap((lane) => [lane.parked, ...parkedOn(lane.link)]),
      ...Object.values(links).flatMap(parkedOn),
    ];
    return all.flatMap((parked) => (parked === undefined ? [] : [parked.id]));
  });
}
