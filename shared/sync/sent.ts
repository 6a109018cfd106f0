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

/** Fields of `wanted` that the copy lacks and that nobody is asked about. */
export function unsent(wanted: Fields, { sent, asked }: Link): string[] {
  const fields = differing(wanted, sent);
  return asked === undefined ? fields : fields.filter((field) => !(field in asked));
}
