import { InvalidInputError } from '../../../shared/errors.ts';
import type { Schema } from './call.ts';
import { escaped, type Fault, faultIn } from './json-schema.ts';

/**
 * Fills in defaults. `at` goes before every pointer: where `value` stands in the request.
 * @throws InvalidInputError naming the first wrong field
 */
export function validate(kind: 'body' | 'parameters', schema: Schema, value: unknown, at = ''): void {
  const fault = halfCharacterIn(value) ?? faultIn(schema, value, kind);
  if (fault === undefined) return;
  const pointer = at + fault.pointer;
  throw new InvalidInputError(`${pointer === '' ? 'the body' : pointer} ${fault.says}`, { pointer });
}

/** RFC 7493 §2.1: half of a surrogate pair is no text; every system makes something else of it, and UTF-8 nothing. */
function halfCharacterIn(value: unknown, pointer = ''): Fault | undefined {
  const fault = { pointer, says: 'must not hold half of a surrogate pair' };
  if (typeof value === 'string') return value.isWellFormed() ? undefined : fault;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const found = name.isWellFormed() ? halfCharacterIn(each, `${pointer}/${escaped(name)}`) : fault;
    if (found !== undefined) return found;
  }
  return undefined;
}
