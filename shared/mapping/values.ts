import type { FieldValue } from '../domain/record.ts';
import type { ValuePair } from '../ports/mapping-document.ts';

/** Undefined: the map has no word for it, and nothing is written. */
export function toVendor(pairs: readonly ValuePair[], value: FieldValue): FieldValue | undefined {
  return pairs.find(({ hub }) => hub === value)?.vendor[0];
}

/** Undefined: it means nothing here, and the hub's value stays. */
export function toHub(pairs: readonly ValuePair[], value: FieldValue): FieldValue | undefined {
  return pairs.find(({ vendor }) => vendor.some((each) => meansSame(each, value)))?.hub;
}

/** Vendors compare the words of their lists without case and outer space. */
export const meansSame = (a: FieldValue, b: FieldValue): boolean =>
  typeof a === 'string' && typeof b === 'string' ? plain(a) === plain(b) : a === b;

const plain = (word: string): string => word.trim().toLowerCase();
