import type { Schema } from '../call.ts';

export const id: Schema = { type: 'string', minLength: 1, maxLength: 128 };
export const time: Schema = { type: 'string', format: 'date-time' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const text: Schema = { type: 'string' };
/** Canonical values: JSON scalars only. */
export const fields: Schema = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
};

export function oneOf(values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** Every property is required unless named optional; nothing else is allowed, so that a document cannot drift. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

export function pageOf(name: string): Schema {
  return object({ items: list(ref(name)), next: { ...text, description: 'Pass it as `cursor` to go on.' } }, [
    'next',
  ]);
}
