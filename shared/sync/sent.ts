import type { Fields } from '../domain/record.ts';
import { project } from './projection.ts';
import type { Scene } from './scene.ts';
import type { Link } from './state.ts';
import { differing } from './versions.ts';

/** The copy holds what the record holds in this field: there is nothing to write. */
export function markSent({ record, link, place, around, referred }: Scene, field: string): void {
  const projected = project(record, link, place, referred, around.nowMs);
  if (projected !== undefined && field in projected) link.sent[field] = projected[field] ?? null;
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
export function unsent(wanted: Fields, { sent, asked }: Link): string[] {
  const fields = differing(wanted, sent);
  return asked === undefined ? fields : fields.filter((field) => !(field in asked));
}
