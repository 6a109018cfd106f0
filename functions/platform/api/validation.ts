import { InvalidInputError } from '../../../shared/errors.ts';
import type { Schema } from './call.ts';
import { faultIn } from './json-schema.ts';

/**
 * Fills in defaults. `at` goes before every pointer: where `value` stands in the request.
 * @throws InvalidInputError naming the first wrong field
 */
export function validate(kind: 'body' | 'parameters', schema: Schema, value: unknown, at = ''): void {
  const fault = faultIn(schema, value, kind);
  if (fault === undefined) return;
  const pointer = at + fault.pointer;
  throw new InvalidInputError(`${pointer === '' ? 'the body' : pointer} ${fault.says}`, { pointer });
}
