import type { Seen } from './merge.ts';
import type { Link } from './state.ts';
import { same } from './versions.ts';

/** Who changed an object is known of the object: of a field where its own time, or what lists the fields changed, says so. */
export function isSetByAPerson(link: Link, seen: Omit<Seen, 'receivedAtMs'>, field: string): boolean {
  const { fields, authorship, atMs, isExact, fieldTimesMs: times, said } = seen;
  if (said?.includes(field) === true) return true;
  if (authorship !== 'other') return false;
  return isExact === true || (times?.[field] === atMs && !isOfOurSecond(link, { fields, times }, field));
}

/**
 * Our last write brought the field, and another that stands as it was brought and bears the same time: stamps may be whole
 * seconds, and a person who was there within ours need not have set what we did.
 */
function isOfOurSecond(
  { wrote }: Link,
  { fields, times }: Pick<Seen, 'fields'> & { readonly times: Readonly<Record<string, number>> },
  field: string,
) {
  const ours = wrote?.fields ?? {};
  const isOurs = (each: string) =>
    each !== field && same(fields[each], ours[each]) && times[each] === times[field];
  return field in ours && Object.keys(ours).some(isOurs);
}
