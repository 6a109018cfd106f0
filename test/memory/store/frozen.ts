import { InvariantError } from '../../../shared/errors.ts';

/** What an item may hold, as JSON text: DynamoDB's 400 KB less keys and indexes. */
const MAX_DATA_BYTES = 350 * 1024;
/** Brackets or braces; quotes or a comma; a member's name has quotes and a colon. */
const STRUCTURE_BYTES = 2;
const MEMBER_BYTES = 1;
const NAME_BYTES = 3;
/** An escaped character takes six bytes of text: below this, a text need not be made to know that it fits. */
const SURELY_FITS_BYTES = MAX_DATA_BYTES / 6;

export interface Frozen<Data> {
  readonly data: Data;
  readonly bytes: number;
}

/**
 * A deep, frozen copy as a store would give it back: undefined properties are gone, and whoever changes
 * what was read gets a TypeError instead of a store that changes behind everyone's back. Measured as the text
 * that the table keeps; what characters are escaped to is counted only where it could matter.
 * @throws InvariantError for what no store can keep, and for items over 350 KB.
 */
export function frozen<Data>(data: Data): Frozen<Data> {
  const size = { bytes: 0 };
  const copy = copyOf(data, size) as Data;
  const bytes = size.bytes < SURELY_FITS_BYTES ? size.bytes : Buffer.byteLength(JSON.stringify(copy));
  if (bytes > MAX_DATA_BYTES) throw new InvariantError('an item may hold at most 350 KB');
  return { data: copy, bytes };
}

function copyOf(value: unknown, size: { bytes: number }): unknown {
  switch (typeof value) {
    case 'string':
      size.bytes += STRUCTURE_BYTES + Buffer.byteLength(value);
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new InvariantError(`a store keeps finite numbers, saw ${value}`);
      size.bytes += String(value).length;
      return value;
    case 'boolean':
      size.bytes += String(value).length;
      return value;
    case 'object':
      return copyOfObject(value, size);
    default:
      throw new InvariantError(`a store cannot keep a ${typeof value}`);
  }
}

function copyOfObject(value: object | null, size: { bytes: number }): unknown {
  if (value === null) {
    size.bytes += 4;
    return null;
  }
  size.bytes += STRUCTURE_BYTES;
  if (Array.isArray(value)) {
    size.bytes += value.length * MEMBER_BYTES;
    return Object.freeze(value.map((each) => copyOf(each, size)));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new InvariantError('a store keeps plain data, saw an instance of a class');
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const each = (value as Record<string, unknown>)[key];
    if (each === undefined) continue;
    size.bytes += MEMBER_BYTES + NAME_BYTES + Buffer.byteLength(key);
    copy[key] = copyOf(each, size);
  }
  return Object.freeze(copy);
}
