import type { FieldValue } from '../domain/record.ts';
import { currentValue, interpret, project } from './projection.ts';
import type { Scene } from './scene.ts';
import type { Link } from './state.ts';
import { isEmpty, same } from './versions.ts';

/** What stands there as far as is known: of what a creation given up has made, before any look, what was asked for. */
export const heldIn = ({ sent, got }: Link, field: string): FieldValue | undefined =>
  field in got ? got[field] : sent[field];

export function sameToVendor(
  { record, place }: Pick<Scene, 'record' | 'place'>,
  field: string,
  a: FieldValue | undefined,
  b: FieldValue | undefined,
): boolean {
  // Stryker disable next-line ConditionalExpression: the way round two canonical forms; they would be the same
  if (same(a, b)) return true;
  const form = (value: FieldValue) => place.mapping.canonicalForm(record.kind, field, value);
  return same(form(a ?? null), form(b ?? null));
}

/**
 * It is what would be written there of what the record holds: it says nothing against that, though by its mapping it may
 * say less.
 */
export function isOfOurs(scene: Scene, field: string, raw: FieldValue | undefined): boolean {
  if (isEmpty(raw)) return false;
  const { record, link, place, around, referred } = scene;
  const wanted = project(record, link, place, referred, around.nowMs) ?? {};
  return field in wanted && sameToVendor(scene, field, wanted[field], raw);
}

/** By its meaning, or as all that would be written there of it, what stands there says what the record holds. */
export const saysTheSame = (
  scene: Scene,
  field: string,
  meaning: FieldValue | undefined,
  raw: FieldValue | undefined,
): boolean => same(meaning, currentValue(scene.record, field)) || isOfOurs(scene, field, raw);

/** Undefined where nothing is known to stand there, or it means nothing here. */
export const meaningThere = (
  { record, link, place, referred, around }: Scene,
  field: string,
): FieldValue | undefined => interpret(record, link.got, place, referred, around.nowMs)[field];
