import type { Seen } from './merge.ts';

/** Who changed an object is known of the object: of a field where its own time, or what lists the fields changed, says so. */
export function isSetByAPerson(
  { authorship, atMs, isExact, fieldTimesMs, said }: Omit<Seen, 'fields'>,
  field: string,
): boolean {
  if (said?.includes(field) === true) return true;
  return authorship === 'other' && (isExact === true || fieldTimesMs?.[field] === atMs);
}
