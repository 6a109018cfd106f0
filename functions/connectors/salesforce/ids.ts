import type { ExternalId } from '../../../shared/domain/index.ts';

const ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The one spelling of an id: 18 characters, the last three telling which of the others are capitals.
 * Two ids that differ by letter case alone are two objects. Undefined for what is no id.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm (ID field type)
 */
export function canonicalId(text: unknown): ExternalId | undefined {
  if (typeof text !== 'string' || !ID.test(text)) return undefined;
  const short = text.slice(0, 15);
  const suffix = [0, 5, 10].map((from) => suffixOf(short.slice(from, from + 5))).join('');
  const isTrue = text.length === 15 || text.slice(15).toUpperCase() === suffix;
  return isTrue ? (`${short}${suffix}` as ExternalId) : undefined;
}

function suffixOf(five: string): string {
  const bits = [...five].reduce((sum, char, place) => sum + (char >= 'A' && char <= 'Z' ? 1 << place : 0), 0);
  return SUFFIX.charAt(bits);
}
