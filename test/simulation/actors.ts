import {
  type ExternalId,
  type Fields,
  TICKET_PRIORITIES,
  TICKET_STATUSES,
} from '../../shared/domain/index.ts';
import type { FaultName, Operation, OperationName } from './plan.ts';
import { markOf, type Site } from './truth.ts';
import type { Profile } from './vendor/profile.ts';
import type { VendorObject } from './vendor/vendor.ts';
import type { World } from './world.ts';
import { dissolve, employ, mergeCompanies, refound } from './worlds/accounts.ts';
import { fillIn } from './worlds/areas.ts';
import { mergeContacts, mergeTickets, unmerge } from './worlds/merges.ts';

/** Does one act at a vendor; false when there was nothing to do it to. */
type Act = (world: World, site: Site, operation: Operation) => boolean;

const ACTS: Readonly<
  Record<
    Exclude<
      OperationName,
      | 'hub-edit'
      | 'hub-comment'
      | 'hub-note'
      | 'hub-attach'
      | 'remap'
      | 'pair-area'
      | 'shorten'
      | 'replay'
      | 'cancel-replay'
      | 'backfill-in'
      | 'backfill-out'
      | 'backfill-cancel'
      | 'authorize'
      | 'restore-lost'
    >,
    Act
  >
> = {
  open(_world, { vendor }, { value, target }) {
    const isChannel = vendor.profile.role === 'channel';
    const people = vendor.live('contact');
    const contact = isChannel ? people[target % people.length]?.id : undefined;
    const description = `#${value}# it began on day ${value}`;
    const fields: Fields = isChannel
      ? { description }
      : { subject: `#${value}# s0`, description, ...words(vendor.profile, value), requester: null };
    vendor.create({ kind: 'ticket', fields, by: 'person', ...(contact === undefined ? {} : { contact }) });
    return true;
  },
  edit(world, site, operation) {
    const { vendor } = site;
    const ticket = chosen(editable(vendor.live('ticket'), vendor.profile.role), operation.target);
    return (
      ticket !== undefined &&
      vendor.change(ticket.id, ticketEdit(site, ticket, operation, areMerged(world, 'description')), 'person')
    );
  },
  restore(_world, site, operation) {
    const ticket = chosen(editable(site.vendor.live('ticket'), site.vendor.profile.role), operation.target);
    return ticket !== undefined && restore(site, ticket.id);
  },
  comment: (world, site, operation) => comment(world, site, operation, 'public'),
  note: (world, site, operation) =>
    comment(world, site, operation, site.vendor.profile.role === 'channel' ? 'public' : 'internal'),
  'edit-comment'(world, site, { target, value }) {
    const { vendor } = site;
    const found = chosen(editable(vendor.live('comment'), vendor.profile.role), target);
    if (found === undefined) return false;
    return vendor.change(found.id, { body: bodyEdit(world, site, found, value) }, 'person');
  },
  'delete-comment'(_world, { vendor }, { target }) {
    const found = chosen(editable(vendor.live('comment'), vendor.profile.role), target);
    return found !== undefined && vendor.setLife(found.id, 'deleted', 'person');
  },
  'undelete-comment'(_world, { vendor }, { target }) {
    if (vendor.profile.role === 'channel') return false;
    const found = chosen(deadOnes({ vendor }, 'comment'), target);
    return found !== undefined && vendor.setLife(found.id, 'undeleted', 'person');
  },
  delete(_world, { vendor }, { target }) {
    const found = chosen(vendor.live('ticket'), target);
    return (
      found !== undefined &&
      vendor.profile.role === 'connector' &&
      vendor.setLife(found.id, 'deleted', 'person')
    );
  },
  employ: (_world, site, operation) => employ(site, operation),
  dissolve: (_world, site, operation) => dissolve(site, operation),
  refound: (_world, site) => refound(site),
  'merge-companies': (_world, site, operation) => mergeCompanies(site, operation),
  attach(world, site, operation) {
    return attach(world, site, operation);
  },
  detach({ chronicle, injector }, { vendor }, { target }) {
    const found = chosen(editable(vendor.live('attachment'), vendor.profile.role), target);
    if (found === undefined) return false;
    if (chronicle.hubFiles.has(markOf(vendor, found) ?? 0)) injector.count('upload-taken-away');
    return vendor.setLife(found.id, 'deleted', 'person');
  },
  'fill-in'(_world, site, operation) {
    const { vendor } = site;
    return (
      vendor.profile.hasDocument === true &&
      fillIn(site, chosen(vendor.live('ticket'), operation.target), operation)
    );
  },
  merge: (_world, site, operation) => mergeTickets(site, operation),
  'merge-contacts': (_world, site, operation) => mergeContacts(site, operation),
  unmerge: (_world, site, operation) => unmerge(site, operation),
  undelete(_world, { vendor }, { target }) {
    const found = chosen(deadOnes({ vendor }, 'ticket'), target);
    return found !== undefined && vendor.setLife(found.id, 'undeleted', 'person');
  },
};

/** Where a field of the vendor's stands beside another for the same thing, it is filled in, too, and differently. */
const words = ({ hasDocument }: Profile, value: number): Fields => {
  const fixed = { status: 'S1', priority: 'P2' };
  return hasDocument === true ? { ...fixed, severity: `V${1 + (value % TICKET_PRIORITIES.length)}` } : fixed;
};

/** At the vendor meant, else at the next one where there is something to do it to. */
export function act(world: World, operation: Operation): boolean {
  const { sites } = world;
  const name = operation.operation as keyof typeof ACTS;
  return sites.some((_, at) => ACTS[name](world, sites[(operation.vendor + at) % sites.length]!, operation));
}

/** In a channel people touch only what they wrote themselves; in a connector anything. */
function editable(objects: readonly VendorObject[], role: 'channel' | 'connector'): readonly VendorObject[] {
  return role === 'connector' ? objects : objects.filter(({ createdBy }) => createdBy === 'person');
}

function chosen(objects: readonly VendorObject[], target: number): VendorObject | undefined {
  return objects.length === 0 ? undefined : objects[target % objects.length];
}

function deadOnes({ vendor }: Pick<Site, 'vendor'>, kind: 'ticket' | 'comment'): readonly VendorObject[] {
  return [...vendor.objects.values()].filter(
    ({ id, kind: its }) => its === kind && !vendor.isLive(id) && !vendor.merged.has(id),
  );
}

function prefixOf({ vendor }: Pick<Site, 'vendor'>, object: VendorObject): string {
  const mark = markOf(vendor, object);
  return mark === undefined ? '' : `#${mark}# `;
}

function comment(
  { chronicle, injector }: World,
  { vendor }: Site,
  { target, value }: Operation,
  visibility: 'public' | 'internal',
): boolean {
  const root = chosen(vendor.live('ticket'), target);
  if (root === undefined) return false;
  const isChannel = vendor.profile.role === 'channel';
  // What arrives without a visibility is internal.
  const isSilent = !isChannel && value % 11 === 0;
  if (isSilent) injector.count('said-without-visibility');
  if (isSilent || visibility === 'internal') chronicle.inside.add(value);
  const author = { role: isChannel ? ('customer' as const) : ('agent' as const), name: 'Ada' };
  const contact = isChannel ? root.contact : undefined;
  vendor.create({
    kind: 'comment',
    fields: { body: `#${value}# said` },
    by: 'person',
    root: root.id,
    ...(isSilent ? {} : { visibility }),
    author,
    ...(contact === undefined ? {} : { contact }),
  });
  return true;
}

const PIECE_BYTES = 40;

/** To a conversation, or to what somebody has said in it; one in eight is larger than anybody carries. */
function attach({ chronicle }: World, { vendor }: Site, { target, field, value }: Operation): boolean {
  if (vendor.profile.files === undefined) return false;
  const parent = chosen(vendor.live(field % 2 === 0 ? 'ticket' : 'comment'), target);
  if (parent === undefined) return false;
  const isChannel = vendor.profile.role === 'channel';
  const visibility = isChannel || value % 3 === 0 ? 'public' : value % 3 === 1 ? 'internal' : undefined;
  if (visibility !== 'public') chronicle.inside.add(value);
  const bytes = `${value}:`.repeat(value % 8 === 0 ? vendor.profile.files : PIECE_BYTES);
  vendor.create({
    kind: 'attachment',
    fields: { name: `photo ${value}.png`, type: `image/#${value}#`, size: bytes.length },
    by: 'person',
    parent: {
      kind: parent.kind === 'comment' ? 'comment' : 'ticket',
      externalId: parent.id,
      ...(parent.root === undefined ? {} : { rootExternalId: parent.root }),
    },
    bytes,
    ...(visibility === undefined ? {} : { visibility }),
  });
  return true;
}

/** Whether some connection merges such texts line by line. */
const areMerged = ({ plan }: World, field: 'description' | 'body'): boolean =>
  plan.vendors.some(({ policies }) => policies?.[field]?.use === 'text');

function ticketEdit(site: Site, ticket: VendorObject, { field, value }: Operation, hasLines = false): Fields {
  const prefix = prefixOf(site, ticket);
  const described = () => (hasLines ? lineMore(ticket, prefix, value) : `${prefix}d${value}`);
  if (site.vendor.profile.role === 'channel') return { description: described() };
  switch (field % 4) {
    case 0:
      return { subject: `${prefix}s${value}${TAILS[value % TAILS.length]}` };
    case 1:
      return { status: `S${1 + (value % TICKET_STATUSES.length)}` };
    case 2:
      return priority(ticket, value);
    default:
      return { description: described() };
  }
}

function priority({ snapshots }: VendorObject, value: number): Fields {
  const word = 1 + (value % TICKET_PRIORITIES.length);
  const hasOther = 'severity' in snapshots.at(-1)!.fields;
  return hasOther && value % 8 < 4 ? { severity: `V${word}` } : { priority: `P${word}` };
}

/** Every third edit sets one line more, and leaves the others as they stand: what texts can be merged by. */
function lineMore({ snapshots }: VendorObject, prefix: string, value: number): string {
  const [first = '', ...more] = String(snapshots.at(-1)?.fields.description ?? '').split('\n');
  if (value % 3 !== 0 || !first.startsWith(prefix)) return `${prefix}d${value}`;
  return [first, ...more.filter((each) => each !== '').slice(-1), `d${value}`].join('\n');
}

/** Where bodies are merged each edit but every third leaves what was said first, and sets the line before or after it. */
function bodyEdit(world: World, site: Site, object: VendorObject, value: number): string {
  const [prefix, line] = [prefixOf(site, object), `v${value}`];
  const lines = String(object.snapshots.at(-1)?.fields.body ?? '').split('\n');
  const first = lines.findIndex((each) => each.startsWith(prefix));
  if (!areMerged(world, 'body') || value % 3 === 0 || first < 0) return `${prefix}${line}`;
  const isBefore = value % 2 === 0;
  return (isBefore ? [line, ...lines.slice(first)] : [...lines.slice(0, first + 1), line]).join('\n');
}

/** What normalisers trip over. */
const TAILS = ['', ' ', '', '\n', '', ` and ${'on '.repeat(20)}end`];

/** Puts back what a field held before its last change, but nobody who was merged away; false when nothing can be. */
function restore({ vendor }: Site, id: ExternalId): boolean {
  const deed = vendor.deeds.findLast(
    ({ object, deed: what, changes }) =>
      object === id && what === 'changed' && Object.keys(changes).length > 0,
  );
  if (deed === undefined) return false;
  const held = Object.entries(deed.changes).map(([name, { from }]) => [name, from] as const);
  const fields = held.filter(([, from]) => !vendor.merged.has(from as ExternalId));
  return fields.length > 0 && vendor.change(id, Object.fromEntries(fields), 'person');
}

type Gap = 'after-read' | 'before-landing' | 'after-landing';

/** Somebody acts in the middle of the hub's own work on an object. */
export function gapActs(
  world: World,
  site: Site,
  id: ExternalId,
  fault: FaultName | undefined,
  gap: Gap,
): void {
  if (fault === undefined || !fault.endsWith(gap)) return;
  if (personActs(world, site, id, fault.startsWith('restore') ? 'restore' : 'edit'))
    world.injector.count(fault);
}

/** Somebody edits an object, or puts back what it held; false where people may not, or nothing can be put back. */
export function personActs(world: World, site: Site, id: ExternalId, acts: 'restore' | 'edit'): boolean {
  const object = site.vendor.objects.get(id);
  if (
    object === undefined ||
    !site.vendor.isLive(id) ||
    object.kind === 'contact' ||
    object.kind === 'account' ||
    object.kind === 'attachment'
  )
    return false;
  if (editable([object], site.vendor.profile.role).length === 0) return false;
  return acts === 'restore' ? restore(site, id) : editInGap(world, site, object);
}

function editInGap(world: World, site: Site, object: VendorObject): boolean {
  const value = 10_000 + site.vendor.deeds.length * 10 + site.index;
  const operation = { operation: 'edit', atMs: 0, vendor: 0, target: 0, field: value, value } as const;
  if (object.kind === 'ticket')
    return site.vendor.change(object.id, ticketEdit(site, object, operation), 'person');
  return site.vendor.change(object.id, { body: bodyEdit(world, site, object, value) }, 'person');
}
