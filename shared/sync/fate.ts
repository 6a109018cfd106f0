import type { FieldValue } from '../domain/record.ts';
import { keepInDoubt } from './doubt.ts';
import { sameToVendor } from './held.ts';
import type { Seen } from './merge.ts';
import type { Scene } from './scene.ts';
import type { Pending } from './state.ts';
import { compareVersions, pick, same } from './versions.ts';

/** What a doubtful update turned out to be, by what is there once nothing of it can land any more. */
export type Fate = 'applied' | 'not-applied' | 'conflict';
export function fateOf(scene: Scene, pending: Pending, seen: Seen): Fate {
  const fields = Object.keys(pending.change.fields).filter((field) => field in seen.fields);
  const isThere = (field: string) => isOurs(scene, pending, field, seen.fields[field]);
  // It lands as one: where one of its values stands that stood there not before, what differs was changed since.
  if (fields.every(isThere) || cameWith(scene, pending, seen).length > 0) return 'applied';
  const order = compareVersions(seen.version, pending.baseVersion);
  if (order === 'equal' || order === 'older') return 'not-applied';
  if (backAtBase(scene, pending, seen).length === 0) return 'not-applied';
  return seen.authorship === 'hub' && order === 'newer' ? 'not-applied' : 'conflict';
}

/** What came of it, with what nobody can tell kept in the journal; undefined where it never came. */
export function whatCame(scene: Scene, pending: Pending, seen: Seen): Pending | undefined {
  const fate = fateOf(scene, pending, seen);
  if (fate === 'not-applied') return undefined;
  if (fate === 'applied' && seen.authorship === 'hub') return pending;
  const back = backAtBase(scene, pending, seen);
  keepInDoubt(scene, seen, back, 'the earlier value stood there after a request of unknown fate');
  if (fate === 'conflict') return undefined;
  const why = 'the value of a request of unknown fate stood there, by whose hand nobody can tell';
  keepInDoubt(scene, seen, cameWith(scene, pending, seen), why);
  // What holds what it held before is no edit of a person's on our word alone: it is written again.
  const fields = Object.keys(pending.change.fields).filter((field) => !back.includes(field));
  return { ...pending, change: { ...pending.change, fields: pick(pending.change.fields, fields) } };
}

const isOurs = (scene: Scene, { change }: Pending, field: string, value: FieldValue | undefined): boolean =>
  sameToVendor(scene, field, value, change.fields[field]);

/** Fields in which the value it would set stands, and did not stand before. */
export const cameWith = (scene: Scene, pending: Pending, seen: Seen): string[] =>
  Object.keys(pending.change.fields).filter(
    (field) =>
      field in seen.fields &&
      isOurs(scene, pending, field, seen.fields[field]) &&
      !isOurs(scene, pending, field, pending.base[field]),
  );

/** Fields in which what stood there before the request stands there again, or still. */
const backAtBase = (scene: Scene, pending: Pending, seen: Seen): string[] =>
  Object.keys(pending.change.fields).filter(
    (field) =>
      field in seen.fields &&
      same(seen.fields[field], pending.base[field]) &&
      !isOurs(scene, pending, field, seen.fields[field]),
  );
