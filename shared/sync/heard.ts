import type { FieldValue } from '../domain/record.ts';
import { isSame } from './copy.ts';
import type { Seen } from './merge.ts';
import type { Heard, Link } from './state.ts';
import { same } from './versions.ts';

const HEARD_KEPT = 8;

/** What is told again, as every poll does until the next change, is told once: there is room for so much. */
export function keepHeard(link: Link, heard: Heard): void {
  const known = link.heard ?? [];
  if (known.some((each) => isToldAgain(each, heard))) return;
  const heards = [...known, heard];
  link.heard = heards.filter((each, at) => isAmongLast(each, heards.slice(at + 1)));
}

/**
 * Of some field it tells of, few have told since: what is said of one takes no place of what was said of another. Nor does
 * one value, however often it is told, take the place of those that stood there before it. Who tells of none says that
 * there is news, and is counted among such.
 */
function isAmongLast({ fields }: Heard, later: readonly Heard[]): boolean {
  const told = Object.keys(fields);
  if (told.length === 0)
    return later.filter((each) => Object.keys(each.fields).length === 0).length < HEARD_KEPT;
  return told.some((field) => {
    const since = later.flatMap((each) => (field in each.fields ? [each.fields[field]] : []));
    return since.length < HEARD_KEPT || isAmongLastValues(fields[field], since);
  });
}

function isAmongLastValues(
  value: FieldValue | undefined,
  since: readonly (FieldValue | undefined)[],
): boolean {
  const before = [value, ...since];
  const turns = since.filter((each, at) => !same(each, before[at]));
  return !same(value, since[0]) && turns.length <= HEARD_KEPT;
}

const isToldAgain = (
  { receivedAtMs: _before, ...one }: Heard,
  { receivedAtMs: _now, ...other }: Heard,
): boolean => isSame(one, other);

export const heardFrom = (seen: Seen): Heard => ({
  fields: { ...seen.fields },
  atMs: seen.atMs,
  ...(seen.receivedAtMs === undefined ? {} : { receivedAtMs: seen.receivedAtMs }),
  authorship: seen.authorship,
  ...(seen.version === undefined ? {} : { version: seen.version }),
  ...(seen.fieldTimesMs === undefined ? {} : { fieldTimesMs: { ...seen.fieldTimesMs } }),
  ...(seen.isExact === undefined ? {} : { isExact: seen.isExact }),
});
