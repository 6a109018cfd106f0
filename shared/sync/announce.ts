import { childId } from './keys.ts';
import { isChannel } from './places.ts';
import type { Surroundings, Tree } from './scene.ts';
import { addSystemComment } from './system-comment.ts';

/** Tells the customer of a status change: a public comment by the system, for channels only. */
export function announceStatus(tree: Tree, around: Surroundings): void {
  const { root } = tree;
  if (root.kind !== 'ticket' || root.deleted !== undefined || !isHeard(tree, around)) return;
  const isNew = tree.changes.some(({ record, what }) => record === root.id && what === 'created');
  const change = tree.changes.find(({ record, fields }) => record === root.id && 'status' in fields);
  if (isNew || change === undefined) return;
  const said = {
    id: childId(root.id, around.newId()),
    body: `Status changed to ${root.fields.status}`,
    visibility: 'public',
    audience: 'channels',
  } as const;
  addSystemComment(tree, said, around);
}

function isHeard({ root }: Tree, around: Surroundings): boolean {
  return [...around.places.values()].some((place) => {
    const link = root.lanes[place.connection.id]?.link;
    if (link?.externalId === undefined || link.dead !== undefined) return false;
    return isChannel(place) && place.connection.settings.announceStatus !== false;
  });
}
