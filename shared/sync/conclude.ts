import type { OrganizationId } from '../domain/ids.ts';
import type { HubEvent } from '../ports/runtime.ts';
import { announceStatus } from './announce.ts';
import { openLanes, raiseWants, type WakeOrder } from './fan-out.ts';
import { parkedEvent, unparkChanged } from './parking.ts';
import { type Surroundings, sceneAt, type Tree } from './scene.ts';
import type { AnyRecord, History, RecordChange } from './state.ts';
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
  const history = revise(tree, organization, around);
  unparkNews(tree, around);
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
  const { root, changes, losses, parked } = tree;
  if (changes.length + losses.length + parked.length === 0) return undefined;
  root.revision += 1;
  for (const { record } of changes) touch(recordIn(tree, record), root.revision, around);
  if (changes.length > 0) root.updatedAtMs = around.nowMs;
  const events = [
    ...changes.map((change) => eventOf(change, tree, organization, around)),
    ...parked.map((work) => parkedEvent(work, organization, root.revision)),
  ];
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
function eventOf(
  change: RecordChange,
  { root }: Tree,
  organization: OrganizationId,
  { nowMs: atMs, cause }: Surroundings,
): HubEvent {
  return {
    ...(cause?.correlation === undefined ? {} : { correlation: cause.correlation }),
    id: `${change.record}@${root.revision}`,
    type: `${change.kind}.${change.what}`,
    organization,
    subject: root.id,
    atMs,
    data: {
      root: root.id,
      record: change.record,
      kind: change.kind,
      revision: root.revision,
      changed: Object.keys(change.fields),
      source: change.source,
    },
  };
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
