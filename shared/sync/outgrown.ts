import { type Surroundings, sceneAt, type Tree } from './scene.ts';
import { forgetUnsayable } from './sent.ts';

/** Where the record came to hold what a copy cannot be given, that copy holds the past: what it was given is forgotten. */
export function forgetOutgrown(tree: Tree, around: Surroundings): void {
  const { root, changes } = tree;
  const fields = changes
    .filter(({ record }) => record === root.id)
    .flatMap((each) => Object.keys(each.fields));
  for (const place of around.places.values()) {
    const sent = root.lanes[place.connection.id]?.link.sent ?? {};
    if (fields.some((field) => field in sent)) forgetUnsayable(sceneAt(tree, root, place, around), fields);
  }
}
