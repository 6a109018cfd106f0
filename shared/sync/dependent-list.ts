import { livingCopy } from './living-copy.ts';
import type { Tree } from './scene.ts';
import type { Dependent } from './state.ts';
import { MOST_DEPENDENTS, TIMING } from './timing.ts';

interface Listing {
  readonly listed: Dependent[];
  /** Nobody tells them any more. */
  readonly leftOut: Dependent[];
}

/**
 * A list has an end. Who was only refused is set aside where people see it, and gives way to who waits or goes without,
 * whoever was refused first before the others.
 */
export function listTogether(known: readonly Dependent[], more: readonly Dependent[]): Listing {
  const all = [...known, ...more];
  const others = all.filter((each) => !isRefused(each));
  const refused = all.filter(isRefused);
  const room = Math.max(0, MOST_DEPENDENTS - others.length);
  const surplus = Math.max(0, refused.length - room);
  return {
    listed: [...others.slice(0, MOST_DEPENDENTS), ...refused.slice(surplus)],
    leftOut: [...others.slice(MOST_DEPENDENTS), ...refused.slice(0, surplus)],
  };
}

/** Nobody is told what they know. */
export function dropRefused(tree: Tree, nowMs: number): void {
  const { root } = tree;
  const told = root.dependents?.filter((each) => !wasRefusedOtherwise(tree, each, nowMs));
  if (told !== undefined) root.dependents = told;
}

/**
 * It was refused for a reason of its own: a look has been taken since, and the name still stands. Should that look have
 * shown what was, the news of it has come by now.
 */
const wasRefusedOtherwise = (tree: Tree, each: Dependent, nowMs: number): boolean =>
  isRefused(each) &&
  tree.root.lanes[each.connection]?.link.needsRead !== true &&
  livingCopy(tree, each.on, each.connection) === each.named &&
  (each.doubtedAtMs ?? 0) + TIMING.retoldMs <= nowMs;

const isRefused = ({ named }: Dependent): boolean => typeof named === 'string';
