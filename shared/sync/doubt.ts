import { saysTheSame } from './held.ts';
import { keepLoss } from './loss.ts';
import type { Seen } from './merge.ts';
import { interpret } from './projection.ts';
import { actorOf, type Scene } from './scene.ts';

/**
 * A person may have set, or set back, what stands there, and nobody can tell: where the record holds something else,
 * which is then written, what that replaces is kept.
 */
export function keepInDoubt(scene: Scene, seen: Seen, fields: readonly string[], why: string): void {
  const { record, place, around, tree, referred } = scene;
  const values = interpret(record, seen.fields, place, referred, around.nowMs);
  for (const field of fields) {
    const lost = values[field];
    if (lost === undefined || saysTheSame(scene, field, lost, seen.fields[field])) continue;
    const lostAtMs = Math.min(seen.atMs, around.nowMs);
    keepLoss(tree, record, field, { lost, lostBy: actorOf(place), lostAtMs, policy: 'doubt', why });
  }
}
