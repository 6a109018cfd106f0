import type { FieldValue } from '../domain/record.ts';
import { sameToVendor } from './held.ts';
import { judge, type Seen } from './merge.ts';
import { isAfter } from './moments.ts';
import type { Scene } from './scene.ts';
import type { Shows } from './want-read.ts';

/** What a read shows of the news that it was asked for. */
export function shownIn(scene: Scene, seen: Seen): Shows {
  const told = (scene.link.heard ?? []).flatMap(({ fields }) => Object.entries(fields));
  const isShown = ([field, value]: readonly [string, FieldValue]) =>
    sameToVendor(scene, field, value, seen.fields[field]);
  if (told.length > 0 && told.every(isShown)) return 'told';
  if (Object.keys(seen.fields).every((field) => judge(scene, field, seen) === 'echo')) return 'nothing';
  if (Object.keys(seen.fields).some((field) => isOutrun(scene, field, seen))) return 'outrun';
  // Stryker disable next-line StringLiteral: nobody asks for it, but that it is none of the others
  return 'news';
}

/** It shows what was told of a field, and not what was told of it after that. */
function isOutrun(scene: Scene, field: string, seen: Seen): boolean {
  const told = (scene.link.heard ?? []).filter(({ fields }) => field in fields);
  const shown = told.filter(({ fields }) => sameToVendor(scene, field, fields[field], seen.fields[field]));
  return shown.length > 0 && shown.every((each) => told.some((later) => isAfter(later, each)));
}
