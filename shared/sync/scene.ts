import type { ConnectionId, RecordId } from '../domain/ids.ts';
import type { FieldValue } from '../domain/record.ts';
import { adoptMapping } from './adopt.ts';
import { copyOf } from './copy.ts';
import type { Deed } from './deed.ts';
import type { Place, Places } from './places.ts';
import { currentValue, hasVisibility, type ReferredCopy, setVisibility } from './projection.ts';
import type { Rules } from './rules.ts';
import type {
  AnyRecord,
  Behind,
  Child,
  Lane,
  Link,
  Loss,
  ParkedWork,
  Provenance,
  RecordChange,
  Root,
} from './state.ts';
import type { Cause } from './told.ts';
import { same } from './versions.ts';

/** What every decision may look at beside the state it decides on. */
export interface Surroundings {
  readonly places: Places;
  readonly rules: Rules;
  readonly nowMs: number;
  /** A fresh id; the only thing a decision takes from chance. */
  readonly newId: () => string;
  /** For log and bus alone; nothing is decided on it. */
  readonly cause?: Cause;
}

/** A root and the children a decision touches, with the news it made: a working copy, owned by the decision. */
export interface Tree {
  readonly root: Root;
  readonly children: Map<RecordId, Child>;
  readonly changes: RecordChange[];
  readonly losses: Loss[];
  /** Work set aside by this decision, and ids of parked work it brings back. */
  readonly parked: ParkedWork[];
  readonly unparked: string[];
  /** What became of requests, learned by this decision. */
  readonly deeds: Deed[];
  /** Children that stand in a line and are not listed in it. */
  readonly unlisted: Behind[];
}

export const treeOf = (root: Root, children: Iterable<Child> = []): Tree => ({
  root: copyOf(root),
  children: new Map([...children].map((child) => [child.id, copyOf(child)])),
  changes: [],
  losses: [],
  parked: [],
  unparked: [],
  deeds: [],
  unlisted: [],
});

/** A tree for a decision about one record: the root itself, or a child of it. */
export function treeWith(root: Root, child: Child | undefined): { tree: Tree; record: AnyRecord } {
  if (child === undefined) {
    const tree = treeOf(root);
    return { tree, record: tree.root };
  }
  const tree = treeOf(root, [child]);
  return { tree, record: tree.children.get(child.id)! };
}

/** One record's copy at one place, in its tree. */
export interface Scene {
  readonly tree: Tree;
  readonly record: AnyRecord;
  readonly link: Link;
  readonly lane: Lane;
  readonly place: Place;
  readonly around: Surroundings;
  /** What an observation refers to, resolved; else the lane's own. */
  readonly referred: ReferredCopy | undefined;
}

export const newLink = (origin: Link['origin']): Link => ({
  origin,
  sent: {},
  got: {},
  gotAtMs: 0,
});
export const newLane = (origin: Link['origin']): Lane => ({
  link: newLink(origin),
  want: 0,
  reached: 0,
  attempts: 0,
  behind: [],
});

export function sceneAt(
  tree: Tree,
  record: AnyRecord,
  place: Place,
  around: Surroundings,
  referred?: ReferredCopy,
): Scene {
  const id = place.connection.id;
  const lane = tree.root.lanes[id] ?? newLane('ours');
  tree.root.lanes[id] = lane;
  const scene: Scene = {
    tree,
    record,
    lane,
    link: linkOf(record, lane, id),
    place,
    around,
    referred: referred ?? lane.referred,
  };
  adoptMapping(scene);
  return scene;
}

function linkOf(record: AnyRecord, lane: Lane, connection: ConnectionId): Link {
  if (record.kind !== 'comment') return lane.link;
  const link = record.links[connection] ?? newLink('ours');
  record.links[connection] = link;
  return link;
}

/** Sets a canonical value, and notes it where it changes something. */
export function setValue(
  tree: Tree,
  record: AnyRecord,
  field: string,
  value: FieldValue,
  provenance: Provenance,
): void {
  const before = currentValue(record, field);
  const isSame = same(before, value);
  const revision = isSame ? record.provenance[field]?.revision : tree.root.revision + 1;
  record.provenance[field] = { ...provenance, ...(revision === undefined ? {} : { revision }) };
  if (isSame) return;
  if (field === 'visibility' && hasVisibility(record.kind)) setVisibility(record, value);
  else record.fields[field] = value;
  changeOf(tree, record, field, provenance).fields[field] = { from: before, to: value };
}

/** What has been set twice is journalled twice, in that order: what stood in between may be somebody's edit. */
function changeOf(tree: Tree, record: AnyRecord, field: string, { source, actor }: Provenance): RecordChange {
  const own = tree.changes.filter((change) => change.record === record.id);
  const since = own.slice(own.findLastIndex(({ fields }) => field in fields) + 1);
  const known = since.find((change) => change.source === source);
  if (known !== undefined) return known;
  const change: RecordChange = {
    record: record.id,
    kind: record.kind,
    what: 'updated',
    fields: {},
    source,
    actor,
  };
  tree.changes.push(change);
  return change;
}

export const actorOf = (place: Place): string => `vendor:${place.manifest.id}`;
