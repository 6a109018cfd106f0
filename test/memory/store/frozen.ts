import { InvariantError } from '../../../shared/errors.ts';

/** What an item may hold in all: DynamoDB's 400 KB less keys and indexes. */
const MAX_ITEM_BYTES = 350 * 1024;

/**
 * A deep, frozen copy as a store would give it back: undefined properties are gone, and whoever changes
 * what was read gets a TypeError instead of a store that changes behind everyone's back.
 * @throws InvariantError for what no store can keep, and for items over 350 KB.
 */
export function frozenCopy<Data>(data: Data): Data {
  const budget = { bytes: MAX_ITEM_BYTES };
  const copy = copyOf(data, budget) as Data;
  if (budget.bytes < 0) throw new InvariantError('an item may hold at most 350 KB');
  return copy;
}

function copyOf(value: unknown, budget: { bytes: number }): unknown {
  switch (typeof value) {
    case 'string':
      budget.bytes -= value.length;
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new InvariantError(`a store keeps finite numbers, saw ${value}`);
      budget.bytes -= 8;
      return value;
    case 'boolean':
    case 'undefined':
      budget.bytes -= 1;
      return value;
    case 'object':
      return value === null ? null : copyOfObject(value, budget);
    default:
      throw new InvariantError(`a store cannot keep a ${typeof value}`);
  }
}

function copyOfObject(value: object, budget: { bytes: number }): unknown {
  if (value instanceof Uint8Array) {
    budget.bytes -= value.byteLength;
    return value.slice();
  }
  if (Array.isArray(value)) return Object.freeze(value.map((each) => copyOf(each, budget)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new InvariantError('a store keeps plain data, saw an instance of a class');
  }
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined) continue;
    budget.bytes -= key.length;
    copy[key] = copyOf(each, budget);
  }
  return Object.freeze(copy);
}
