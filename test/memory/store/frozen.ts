import { InvariantError } from '../../../shared/errors.ts';

/** What an item may hold, as JSON text: DynamoDB's 400 KB less keys and indexes. */
const MAX_DATA_BYTES = 350 * 1024;
/** At most: a character escaped; a number; brackets or quotes, a comma and a colon. */
const CHARACTER_BYTES = 6;
const NUMBER_BYTES = 25;
const STRUCTURE_BYTES = 4;

export interface Frozen<Data> {
  readonly data: Data;
  /** As long as its text can be; `bytesOf` makes the text, which is seldom worth its time. */
  readonly mostBytes: number;
}

/** As the text that the table keeps. */
export const bytesOf = (data: unknown): number => Buffer.byteLength(JSON.stringify(data));

/**
 * A deep, frozen copy as a store would give it back: undefined properties are gone, and whoever changes
 * what was read gets a TypeError instead of a store that changes behind everyone's back.
 * @throws InvariantError for what no store can keep, and for items over 350 KB.
 */
export function frozen<Data>(data: Data): Frozen<Data> {
  const size = { mostBytes: 0 };
  const copy = copyOf(data, size) as Data;
  if (size.mostBytes > MAX_DATA_BYTES && bytesOf(copy) > MAX_DATA_BYTES)
    throw new InvariantError('an item may hold at most 350 KB');
  return { data: copy, mostBytes: size.mostBytes };
}

function copyOf(value: unknown, size: { mostBytes: number }): unknown {
  switch (typeof value) {
    case 'string':
      size.mostBytes += STRUCTURE_BYTES + value.length * CHARACTER_BYTES;
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new InvariantError(`a store keeps finite numbers, saw ${value}`);
      size.mostBytes += NUMBER_BYTES;
      return value;
    case 'boolean':
      size.mostBytes += NUMBER_BYTES;
      return value;
    case 'object':
      size.mostBytes += STRUCTURE_BYTES;
      return value === null ? null : Object.freeze(copyOfObject(value, size));
    default:
      throw new InvariantError(`a store cannot keep a ${typeof value}`);
  }
}

function copyOfObject(value: object, size: { mostBytes: number }): object {
  if (Array.isArray(value)) return value.map((each) => copyOf(each, size));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new InvariantError('a store keeps plain data, saw an instance of a class');
  }
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const each = (value as Record<string, unknown>)[key];
    if (each === undefined) continue;
    size.mostBytes += STRUCTURE_BYTES + key.length * CHARACTER_BYTES;
    copy[key] = copyOf(each, size);
  }
  return copy;
}
