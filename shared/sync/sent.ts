import type { Fields, FieldValue } from '../domain/record.ts';
import { ruleFor } from '../mapping/index.ts';
import { documentOf } from './places.ts';
import { interpret, project } from './projection.ts';
import type { Scene } from './scene.ts';
import type { Link } from './state.ts';
import { isEmpty, same } from './versions.ts';

/** The copy holds what the record holds in this field: there is nothing to write, but a default where it holds nothing. */
export function markSent(scene: Scene, field: string): void {
  const { record, link, place, around, referred } = scene;
  const projected = project(record, link, place, referred, around.nowMs);
  if (projected === undefined || !(field in projected)) return;
  const value = projected[field] ?? null;
  if (lacksDefault(scene, field, value)) delete link.sent[field];
  else link.sent[field] = value;
}

/** Of a copy met as it is: all that it is to hold but the defaults that are still to be written. */
export function heldAsMet(scene: Scene): Record<string, FieldValue> {
  const { record, link, place, around, referred } = scene;
  const projected = Object.entries(project(record, link, place, referred, around.nowMs) ?? {});
  return Object.fromEntries(projected.filter(([field, value]) => !lacksDefault(scene, field, value)));
}

/** A default is to stand there, and nothing does. */
export function lacksDefault(scene: Scene, field: string, projected: FieldValue): boolean {
  const { record, link, place, around, referred } = scene;
  const rule = ruleFor(documentOf(place), record.kind, field);
  if (around.rules.defaultOf(rule) === undefined || isEmpty(projected)) return false;
  const raw = link.got[field] ?? null;
  if (same(raw, projected)) return false;
  const meaning = interpret(record, { [field]: raw }, place, referred, around.nowMs)[field];
  return isEmpty(meaning === undefined ? raw : meaning);
}

/** What the record holds in these fields was never given to this copy, where it cannot be. */
export function forgetUnsayable(
  { record, link, place, referred, around }: Scene,
  fields: readonly string[],
): void {
  const wanted = project(record, link, place, referred, around.nowMs) ?? {};
  for (const field of fields) if (!(field in wanted)) delete link.sent[field];
}

/** Fields of `wanted` that the copy lacks and that nobody is asked about. */
export function unsent(wanted: Fields, link: Link): string[] {
  const { asked } = link;
  const fields = Object.keys(wanted).filter((field) => !isGiven(link, field, wanted[field]));
  return asked === undefined ? fields : fields.filter((field) => !(field in asked));
}

/** The copy has it: what it was sent, or nothing, where nothing stands there. */
export function isGiven(
  { sent, got }: Pick<Link, 'sent' | 'got'>,
  field: string,
  value: FieldValue | undefined,
): boolean {
  if (field in sent) return same(sent[field], value);
  return same(value, null) && isEmpty(got[field]);
}
