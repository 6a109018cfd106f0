import type { FieldValue } from '../domain/record.ts';
import { saysTheSame } from './held.ts';
import { keepLoss } from './loss.ts';
import { currentValue, interpret } from './projection.ts';
import { ruleOn } from './ruling.ts';
import { actorOf, type Scene, setValue } from './scene.ts';
import { markSent } from './sent.ts';
import type { Interval } from './state.ts';
import { same } from './versions.ts';

/** A value that people set, as far as is known last, and that we overlooked. */
export interface Overlooked {
  readonly field: string;
  readonly value: FieldValue;
  readonly when: Interval;
  /** What stood there before it, and before our write. */
  readonly base?: FieldValue;
}

export interface Past {
  readonly overlooked: readonly Overlooked[];
  /** Set before those, and perhaps replaced by us, not by whoever set the next. */
  readonly replaced: readonly Overlooked[];
  /** Fields in which nobody can tell whether what we wrote stands there by our hand, or was set again by a person. */
  readonly doubtful: readonly string[];
}

/**
 * Merges what we overlooked, at its own time. Where the field has been edited again since, that edit is the later
 * one, and what it replaced goes to the journal.
 */
export function mergeOverlooked(
  scene: Scene,
  { overlooked, replaced, doubtful }: Past,
  edited: ReadonlySet<string> = new Set(),
): number {
  const { record, link } = scene;
  const before = new Map(doubtful.map((field) => [field, currentValue(record, field)]));
  let applied = 0;
  for (const each of overlooked) if (mergeOne(scene, each, edited.has(each.field))) applied += 1;
  for (const each of replaced) keepReplaced(scene, each);
  for (const [field, ours] of before) {
    const standing = meaningOf(scene, field);
    if (edited.has(field) || standing === undefined) continue;
    if (same(standing, ours) || saysTheSame(scene, field, standing, link.got[field])) continue;
    const when = { fromMs: link.gotAtMs, toMs: link.gotAtMs };
    noteLoss(scene, field, standing, when, 'nobody can tell whether it was set again after our write');
  }
  return applied;
}

function meaningOf({ link, record, place, referred, around }: Scene, field: string, raw = link.got[field]) {
  return interpret(record, { ...link.got, [field]: raw ?? null }, place, referred, around.nowMs)[field];
}

function mergeOne(scene: Scene, { field, value: raw, when, base }: Overlooked, isEdited: boolean): boolean {
  const { link, record, place, tree } = scene;
  const value = meaningOf(scene, field, raw);
  const ours = currentValue(record, field);
  if (value === undefined || saysTheSame(scene, field, value, raw)) return false;
  if (isEdited) {
    const standing = meaningOf(scene, field);
    if (!same(value, standing)) noteLoss(scene, field, value, when, 'edited again before it was read');
    return false;
  }
  const standsOn = base === undefined ? undefined : meaningOf(scene, field, base);
  const ruling = ruleOn(scene, field, { value, base: standsOn, ...when });
  const kept = ruling.winner === 'merge' ? ruling.value : ruling.winner === 'edit' ? value : ours;
  if (same(kept, ours)) return false;
  setValue(tree, record, field, kept, { ...when, source: place.connection.id, actor: actorOf(place) });
  if (same(kept, value) && same(raw, link.got[field])) markSent(scene, field);
  else delete link.sent[field];
  return true;
}

function keepReplaced(scene: Scene, { field, value: raw, when }: Overlooked): void {
  const value = meaningOf(scene, field, raw);
  if (value === undefined || saysTheSame(scene, field, value, raw)) return;
  noteLoss(scene, field, value, when, 'a write of ours may have replaced it before it was heard of');
}

function noteLoss(scene: Scene, field: string, lost: FieldValue, when: Interval, why: string): void {
  const lostBy = actorOf(scene.place);
  keepLoss(scene.tree, scene.record, field, { lost, lostBy, lostAtMs: when.toMs, policy: 'newest', why });
}
