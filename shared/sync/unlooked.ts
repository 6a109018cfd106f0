import { judgeAsTold } from './carried-out.ts';
import { lookBack } from './hindsight.ts';
import { absorb } from './merge.ts';
import { mergeOverlooked } from './overlooked.ts';
import type { Scene } from './scene.ts';

/** Nobody will look at this copy any more: what was told of it is judged by that alone. False where nothing was. */
export function judgeUnlooked(scene: Scene): boolean {
  const { link } = scene;
  if (link.heard === undefined) return false;
  judgeAsTold(scene);
  const past = lookBack(scene, link.heard);
  delete link.heard;
  const fields = Object.fromEntries(past.since.map(({ field, value }) => [field, value]));
  const atMs = Math.max(link.gotAtMs, ...past.since.map((each) => each.atMs));
  // Stryker disable next-line StringLiteral: what is not the hub's is an edit, whosever it is
  absorb(scene, { fields, authorship: 'unknown', atMs });
  mergeOverlooked(scene, past, new Set(Object.keys(fields)));
  return true;
}
