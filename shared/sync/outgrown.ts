import { heldIn, meaningThere, sameToVendor } from './held.ts';
import { currentValue, project } from './projection.ts';
import { type Scene, type Surroundings, sceneAt, type Tree } from './scene.ts';
import { forgetUnsayable } from './sent.ts';
import { same } from './versions.ts';

/**
 * Where the record came to hold what a copy cannot be given, that copy holds the past: what it was given is forgotten. So
 * it is where the same is to be written as before, and the copy meant what was before without holding that.
 */
export function forgetOutgrown(tree: Tree, around: Surroundings): void {
  const { root } = tree;
  const changes = tree.changes
    .filter(({ record }) => record === root.id)
    .flatMap((each) => Object.entries(each.fields));
  for (const place of around.places.values()) {
    const sent = root.lanes[place.connection.id]?.link.sent ?? {};
    if (!changes.some(([field]) => field in sent)) continue;
    const scene = sceneAt(tree, root, place, around);
    const fields = changes.map(([field]) => field);
    for (const field of fields) if (meantBefore(scene, field)) delete scene.link.sent[field];
    forgetUnsayable(scene, fields);
  }
}

/** It was given what is written of this value; what stands there is not that, and does not mean this one. */
function meantBefore(scene: Scene, field: string): boolean {
  const { record, link, place, referred, around } = scene;
  const wanted = project(record, link, place, referred, around.nowMs)?.[field];
  if (!same(link.sent[field], wanted)) return false;
  if (sameToVendor(scene, field, heldIn(link, field), wanted)) return false;
  return !same(meaningThere(scene, field), currentValue(record, field));
}
