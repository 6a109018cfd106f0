import type { Fields, FieldValue } from '../domain/record.ts';
import type { Version } from '../ports/mapping.ts';

export type Order = 'newer' | 'older' | 'equal' | 'unknown';

/** Where `seen` stands to `known`. Versions of different sources say nothing about each other. */
export function compareVersions(seen: Version | undefined, known: Version | undefined): Order {
  if (seen === undefined || known === undefined || seen.source !== known.source) return 'unknown';
  const [a, b] = [seen.value, known.value];
  return typeof a === 'number' && typeof b === 'number' ? orderOf(a, b) : orderOf(String(a), String(b));
}

export function orderOf<T extends number | string>(a: T, b: T): 'newer' | 'older' | 'equal' {
  if (a > b) return 'newer';
  return a < b ? 'older' : 'equal';
}

/** An absent value and null are the same to every vendor we know. */
export const same = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  (a ?? null) === (b ?? null);

/** A vendor's empty text is nothing, like its null. */
export const isEmpty = (value: FieldValue | undefined): boolean =>
  value === undefined || value === null || value === '';

/** Fields of `wanted` that `held` does not hold. */
export function differing(wanted: Fields, held: Fields): string[] {
  return Object.keys(wanted).filter((field) => !same(wanted[field], held[field]));
}

export function pick(fields: Fields, names: readonly string[]): Record<string, FieldValue> {
  return Object.fromEntries(
    names.flatMap((name) => (name in fields ? [[name, fields[name] ?? null] as const] : [])),
  );
}
