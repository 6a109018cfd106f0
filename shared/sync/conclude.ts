import type { OrganizationId, RecordId } from '../domain/ids.ts';
import type { HubEvent } from '../ports/runtime.ts';
import { UNMAPPABLE } from './adopt.ts';
import { announceStatus } from './announce.ts';
import { closeAnswered } from './asked.ts';
import { openLanes, raiseWants, type WakeOrder } from './fan-out.ts';
import { forgetOutgrown } from './outgrown.ts';
import { park, parkedEvent, unparkChanged } from './parking.ts';
import { contextOf } from './places.ts';
import { type Surroundings, sceneAt, type Tree } from './scene.ts';
import type { AnyRecord, History, Loss, RecordChange, Root } from './state.ts';
import type { News } from './told.ts';

/** A decision, ready to be committed: what it did to the tree, what it has to tell, whom it has to wake. */
export interface Conclusion {
  readonly tree: Tree;
  readonly history?: History;
  readonly wakes: readonly WakeOrder[];
  readonly news: News;
}

export function conclude(tree: Tree, organization: OrganizationId, around: Surroundings): Conclusion {
  announceStatus(tree, around);
  openLanes(tree, around);
  forgetOutgrown(tree, around);
  unparkNews(tree, around);
  closeAnswered(tree, around);
  parkUnmappable(tree, around);
  const history = revise(tree, organization, around);
  const wakes = raiseWants(tree, around);
  const news = newsOf(tree, organization, around);
  return { tree, wakes, news, ...(history === undefined ? {} : { history }) };
}

function newsOf(tree: Tree, organization: OrganizationId, { places, cause }: Surroundings): News {
  const { root, changes, losses, parked, deeds } = tree;
  const integration = cause?.connection && places.get(cause.connection)?.manifest.id;
  const subject = {
    organization,
    record: root.id,
    ...(cause?.connection === undefined ? {} : { connection: cause.connection }),
    ...(integration === undefined ? {} : { integration }),
    ...(cause?.correlation === undefined ? {} : { correlation: cause.correlation }),
  };
  return { subject, revision: root.revision, changes, losses, parked, deeds };
}

function revise(tree: Tree, organization: OrganizationId, around: Surroundings): History | undefined {
  const { root, changes, losses, parked, unparked } = tree;
  if (changes.length + losses.length + parked.length + unparked.length === 0) return undefined;
  root.revision += 1;
  for (const { record } of changes) touch(recordIn(tree, record), root.revision, around);
  if (changes.length > 0) root.updatedAtMs = around.nowMs;
  const events = eventsOf(tree, organization, around);
  return { revision: root.revision, atMs: around.nowMs, changes, losses, events };
}

function touch(record: AnyRecord | undefined, revision: number, { nowMs, cause }: Surroundings): void {
  if (record === undefined) return;
  record.revision = revision;
  record.updatedAtMs = nowMs;
  if (cause?.correlation === undefined) delete record.correlation;
  else record.correlation = cause.correlation;
}

const recordIn = ({ root, children }: Tree, id: string): AnyRecord | undefined =>
  root.id === id ? root : children.get(id as typeof root.id);

/** Ids and names only: who may read the values asks the API for them (invariant 9). */
function eventsOf(tree: Tree, organization: OrganizationId, around: Surroundings): HubEvent[] {
  const { root, changes, losses, parked, unparked } = tree;
  const { nowMs: atMs, cause } = around;
  const begun = cause?.correlation === undefined ? {} : { correlation: cause.correlation };
  const common = { ...begun, organization, subject: root.id, atMs };
  const at = (record: RecordId) => `${record}@${root.revision}`;
  return [
    ...changes.map((change, index) => ({
      ...common,
      id: nthId(changes.slice(0, index), change, at(change.record)),
      type: `${change.kind}.${change.what}`,
      data: changeData(change, root),
    })),
    ...losses.map((loss, index) => ({
      ...common,
      id: `${at(loss.record)}:conflict.${index}`,
      type: 'conflict.noted',
      data: lossData(loss, tree),
    })),
    ...parked.map((work) => parkedEvent(work, organization, root.revision)),
    ...unparked.map((id) => ({
      ...common,
      id: `${at(root.id)}:resumed.${id}`,
      type: 'work.resumed',
      data: { root: root.id, parked: id },
    })),
  ];
}

/** CloudEvents 1.0 §3.1.1: one commit may change a record twice, from two sources, or change and delete it. */
function nthId(before: readonly RecordChange[], change: RecordChange, id: string): string {
  const nth = before.filter(({ record }) => record === change.record).length;
  return nth === 0 ? id : `${id}.${nth + 1}`;
}

function changeData({ record, kind, fields, source }: RecordChange, root: Root): HubEvent['data'] {
  return { root: root.id, record, kind, revision: root.revision, changed: Object.keys(fields), source };
}

function lossData({ record, field, lostBy, keptBy, policy }: Loss, tree: Tree): HubEvent['data'] {
  const kind = recordIn(tree, record)?.kind ?? tree.root.kind;
  return { root: tree.root.id, record, kind, field, lostBy, keptBy, policy };
}

function unparkNews(tree: Tree, around: Surroundings): void {
  for (const place of around.places.values()) {
    const { id } = place.connection;
    if (tree.root.lanes[id]?.link.parked !== undefined) {
      unparkChanged(sceneAt(tree, tree.root, place, around));
    }
    for (const child of tree.children.values()) {
      if (child.links[id]?.parked !== undefined) unparkChanged(sceneAt(tree, child, place, around));
    }
  }
}

/** What a connection's own expressions fail on stands aside, with the reason; everything else goes on. */
function parkUnmappable(tree: Tree, around: Surroundings): void {
  const { root } = tree;
  for (const place of around.places.values()) {
    if (place.mapping.failureOf === undefined || root.lanes[place.connection.id] === undefined) continue;
    const scene = sceneAt(tree, root, place, around);
    if (scene.link.parked !== undefined) continue;
    const context = contextOf(place, around.nowMs);
    const reason = place.mapping.failureOf(root.kind, root.fields, scene.link.got, context);
    if (reason === undefined) continue;
    park(scene, { cause: 'rejected', reason, fault: 'organization', code: UNMAPPABLE });
  }
}
