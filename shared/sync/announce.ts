import { positionAmong } from './creation.ts';
import { childId } from './keys.ts';
import { isChannel } from './places.ts';
import type { Surroundings, Tree } from './scene.ts';
import type { Child } from './state.ts';

/** Tells the customer of a status change: a public comment by the system, for channels only. */
export function announceStatus(tree: Tree, around: Surroundings): void {
  const { root } = tree;
  if (root.kind !== 'ticket' || root.deleted !== undefined || !isHeard(tree, around)) return;
  const isNew = tree.changes.some(({ record, what }) => record === root.id && what === 'created');
  const change = tree.changes.find(({ record, fields }) => record === root.id && 'status' in fields);
  if (isNew || change === undefined) return;
  root.childCount += 1;
  const provenance = { source: 'hub', actor: 'hub', fromMs: around.nowMs, toMs: around.nowMs } as const;
  const child: Child = {
    id: childId(root.id, around.newId()),
    kind: 'comment',
    root: root.id,
    fields: { body: `Status changed to ${root.fields.status}` },
    provenance: { body: provenance, visibility: provenance },
    revision: 0,
    createdAtMs: around.nowMs,
    updatedAtMs: around.nowMs,
    visibility: 'public',
    author: { role: 'system' },
    position: positionAmong(root, { atMs: around.nowMs }),
    links: {},
    audience: 'channels',
  };
  tree.children.set(child.id, child);
  tree.changes.push({
    record: child.id,
    kind: 'comment',
    what: 'created',
    fields: {},
    source: 'hub',
    actor: 'hub',
  });
}

function isHeard({ root }: Tree, around: Surroundings): boolean {
  return [...around.places.values()].some((place) => {
    const link = root.lanes[place.connection.id]?.link;
    if (link?.externalId === undefined || link.dead !== undefined) return false;
    return isChannel(place) && place.connection.settings.announceStatus !== false;
  });
}
