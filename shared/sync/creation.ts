import type { ConnectionId, RecordId } from '../domain/ids.ts';
import { isMapped, type RootKind } from '../domain/record.ts';
import type { Observation } from '../ports/mapping.ts';
import { saysTheSame } from './held.ts';
import { childId } from './keys.ts';
import { contest, knownByMs, type Seen, seenOf } from './merge.ts';
import { momentOf } from './moments.ts';
import { capabilityOf, isChannel, mappingVersion, type Place } from './places.ts';
import { hasVisibility, interpret, type ReferredCopy, setVisibility } from './projection.ts';
import type { Edit } from './ruling.ts';
import {
  actorOf,
  newLane,
  newLink,
  type Scene,
  type Surroundings,
  sceneAt,
  type Tree,
  treeOf,
} from './scene.ts';
import { heldAsMet } from './sent.ts';
import type { AnyRecord, Child, Link, Provenance, RecordChange, Root } from './state.ts';

/** A root first met at a vendor. Seen in part only, it waits to be read before anything is made of it. */
export function rootFrom(
  o: Pick<Observation, 'externalId' | 'atMs'> & { readonly kind: RootKind },
  place: Place,
  around: Surroundings,
): Tree {
  const root: Root = {
    id: around.newId() as RecordId,
    kind: o.kind,
    fields: {},
    provenance: {},
    revision: 0,
    createdAtMs: Math.min(o.atMs, around.nowMs),
    updatedAtMs: around.nowMs,
    lanes: {},
    childCount: 0,
  };
  const tree = treeOf(root);
  const lane = newLane('theirs');
  adoptId(lane.link, o, around);
  const version = isMapped(o.kind) ? mappingVersion(place) : 0;
  if (version > 0) lane.link.mapping = version;
  tree.root.lanes[place.connection.id] = lane;
  noteCreated(tree, tree.root, place);
  return tree;
}

/** A root known only by its id: a contact behind a message, or the unknown parent of a comment. */
export function shellFrom(
  o: Pick<Observation, 'externalId' | 'atMs'> & { readonly kind: RootKind },
  place: Place,
  around: Surroundings,
): Tree {
  const tree = rootFrom(o, place, around);
  leaveUnread(tree.root, tree.root.lanes[place.connection.id]!.link, place);
  return tree;
}

function leaveUnread(record: AnyRecord, link: Link, place: Place): void {
  if (capabilityOf(place, record.kind)?.canRead !== true) return;
  record.unread = place.connection.id;
  link.needsRead = true;
}

export function childFrom(
  tree: Tree,
  o: Observation,
  place: Place,
  around: Surroundings,
  contact: RecordId | undefined,
): Child {
  const { root } = tree;
  root.childCount += 1;
  const role = o.author?.role ?? (isChannel(place) ? 'customer' : 'agent');
  const child: Child = {
    id: childId(root.id, around.newId()),
    kind: 'comment',
    root: root.id,
    fields: {},
    provenance: {},
    revision: 0,
    createdAtMs: Math.min(o.atMs, around.nowMs),
    updatedAtMs: around.nowMs,
    visibility: o.visibility ?? 'internal',
    author: { ...o.author, role, ...(contact === undefined ? {} : { contact }) },
    position: positionAmong(root, {
      atMs: Math.min(o.atMs, around.nowMs),
      source: place.connection.id,
      order: o.order,
    }),
    links: {},
    source: place.connection.id,
    ...(o.order === undefined ? {} : { order: o.order }),
  };
  const link = newLink('theirs');
  adoptId(link, o, around);
  child.links[place.connection.id] = link;
  tree.children.set(child.id, child);
  noteCreated(tree, child, place);
  return child;
}

const TIME_DIGITS = 15;

/** Orders children by when they were said; those of one source by its own order; else as they came. */
function positionOf(atMs: number, order: string | undefined, count: number): string {
  const time = String(Math.max(0, atMs)).padStart(TIME_DIGITS, '0');
  return [time, order ?? '', String(count).padStart(9, '0')].join('~');
}

interface Said {
  readonly atMs: number;
  /** Nowhere but in the hub: then this is the latest of all that was said there, whatever its function's clock says. */
  readonly source?: ConnectionId;
  readonly order?: string | undefined;
}

/**
 * The place of the root's newest child: the time it gives may be a later edit's, so siblings count too, those on their
 * way as far as they are listed, and the newest of its source wherever that one is.
 */
export function positionAmong(root: Root, { atMs: saidAtMs, source, order }: Said): string {
  let atMs = saidAtMs;
  for (const sibling of siblingsOf(root, source)) {
    if (source === undefined) atMs = Math.max(atMs, sibling.atMs);
    else if (order === undefined || sibling.order === undefined) continue;
    else atMs = sibling.order > order ? Math.min(atMs, sibling.atMs) : Math.max(atMs, sibling.atMs);
  }
  if (source === undefined || order !== undefined) noteNewest(root, source ?? 'hub', { atMs, order });
  return positionOf(atMs, order, root.childCount);
}

interface Sibling {
  readonly atMs: number;
  readonly order?: string | undefined;
}

function siblingsOf(root: Root, source: ConnectionId | undefined): readonly Sibling[] {
  const lines = [...(root.early === undefined ? [] : [root.early]), ...Object.values(root.lanes)];
  const onTheirWay = lines.flatMap(({ behind }) => behind).filter((each) => each.source === source);
  const newest = root.newest?.[source ?? 'hub'];
  return [
    ...onTheirWay.map(({ position, order }) => ({ atMs: Number(position.slice(0, TIME_DIGITS)), order })),
    ...(newest === undefined ? [] : [newest]),
  ];
}

function noteNewest(root: Root, source: string, { atMs, order }: Sibling): void {
  const known = root.newest?.[source];
  // Stryker disable next-line ConditionalExpression: for the compiler alone, nothing is less than an order that is not known
  if (known?.order !== undefined && order !== undefined && order < known.order) return;
  root.newest = { ...root.newest, [source]: { atMs, ...(order === undefined ? {} : { order }) } };
}

/** Fills a record from the first whole state seen of its copy, which meets what others have set meanwhile. */
export function fill(scene: Scene, seen: Seen, initial: Observation['initial']): void {
  const { record, link, place, around, referred } = scene;
  const told = { ...initial, ...seen.fields };
  const values = interpret(record, told, place, referred, around.nowMs);
  const toMs = Math.min(seen.atMs, knownByMs(scene, seen));
  const when = { fromMs: Math.min(record.createdAtMs, toMs), toMs };
  const provenance: Provenance = { ...when, source: place.connection.id, actor: actorOf(place) };
  const { mine = [], others = [] } = Object.groupBy(Object.entries(values), ([field]) =>
    isSetElsewhere(record, field, place) ? 'others' : 'mine',
  );
  for (const [field, value] of mine) {
    if (field === 'visibility' && hasVisibility(record.kind)) setVisibility(record, value);
    else record.fields[field] = value;
    record.provenance[field] = provenance;
  }
  const untold = Object.keys(record.provenance).filter(
    (field) => !(field in told) && isSetElsewhere(record, field, place),
  );
  if (record.kind === 'ticket') setDefaults(record, provenance);
  delete record.unread;
  delete link.needsRead;
  link.got = { ...link.got, ...seen.fields };
  if (seen.version !== undefined) link.gotVersion = seen.version;
  link.gotAtMs = Math.max(link.gotAtMs, seen.atMs);
  link.met = momentOf(seen);
  delete link.since;
  link.sent = heldAsMet(scene);
  // Of what it cannot be seen to hold it was never given anything.
  for (const field of untold) delete link.sent[field];
  for (const [field, value] of others) meetOthers(scene, field, { ...when, value, base: undefined });
}

function isSetElsewhere({ provenance }: AnyRecord, field: string, { connection }: Place): boolean {
  const known = provenance[field];
  return known !== undefined && known.source !== connection.id;
}

/** Through the hub, while nobody had seen it, or in a record folded into this one. */
function meetOthers(scene: Scene, field: string, edit: Edit): void {
  if (saysTheSame(scene, field, edit.value, scene.link.got[field])) return;
  if (edit.value === null || edit.value === '') delete scene.link.sent[field];
  else contest(scene, field, edit);
}

const SUBJECT_LENGTH = 120;

/**
 * A conversation has no subject, status or priority of its own; its ticket has. A ticket of which its vendor says that it
 * has no priority has none: a value of the hub's would stand in every copy but that one.
 */
function setDefaults(record: Root, provenance: Provenance): void {
  const firstLine = String(record.fields.description ?? '').replace(/\n.*/s, '');
  const defaults = {
    subject: firstLine.slice(0, SUBJECT_LENGTH) || 'Conversation',
    status: 'new',
    ...('priority' in record.fields ? {} : { priority: 'normal' }),
  };
  for (const [field, value] of Object.entries(defaults)) {
    const known = record.fields[field];
    if (known !== undefined && known !== null && known !== '') continue;
    record.fields[field] = value;
    record.provenance[field] = { ...provenance, source: 'hub', actor: 'hub' };
  }
}

/** A first observation: filled at once when it is whole, else left to be read. */
export function fillOrLeave(
  tree: Tree,
  record: AnyRecord,
  o: Observation,
  place: Place,
  around: Surroundings,
  referred: ReferredCopy | undefined,
): void {
  const scene = sceneAt(tree, record, place, around, referred);
  const isReadable = capabilityOf(place, o.kind)?.canRead === true;
  const isForeign = isMapped(o.kind) && (o.mapping ?? 0) !== mappingVersion(place);
  if (isReadable && (o.needsRead === true || !o.isComplete || isForeign)) {
    leaveUnread(record, scene.link, place);
    // An older event, however whole, must not pass for the state that this one announced.
    if (o.version !== undefined) scene.link.gotVersion = o.version;
  } else fill(scene, seenOf(o), o.initial);
}

function adoptId(link: Link, o: Pick<Observation, 'externalId' | 'atMs'>, around: Surroundings): void {
  link.externalId = o.externalId;
  link.linkedAtMs = around.nowMs;
}

function noteCreated(tree: Tree, record: AnyRecord, place: Place): void {
  const change: RecordChange = {
    record: record.id,
    kind: record.kind,
    what: 'created',
    fields: {},
    source: place.connection.id,
    actor: actorOf(place),
  };
  tree.changes.push(change);
}
