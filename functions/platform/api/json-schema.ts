import { type Schema as JsonSchema, type OutputUnit, Validator } from '@cfworker/json-schema';
import type { Schema } from './call.ts';

/** The first thing wrong with a value: where (RFC 6901), and what, to be read after the place. */
export interface Fault {
  readonly pointer: string;
  readonly says: string;
}
/** Parameters come as text: what a schema calls a number is read out of it. */
type Kind = 'body' | 'parameters';
type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An interpreter: nothing is compiled, so that a cold start pays for the schemas it meets alone. */
const validators = new WeakMap<Schema, Validator>();
function validatorOf(schema: Schema): Validator {
  const known = validators.get(schema) ?? new Validator(schema as JsonSchema, '2020-12');
  validators.set(schema, known);
  return known;
}

/** Say no more than that something within is at fault; what, the next one says. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'properties',
  'items',
  'additionalProperties',
  'propertyNames',
]);
const BLANK = '\\S';

const SAYINGS: Readonly<Record<string, (wanted: never) => string>> = {
  false: () => 'is not expected here',
  required: () => 'is missing',
  type: (type: string | readonly string[]) => `must be ${[type].flat().join(' or ')}`,
  const: (only: unknown) => `must be ${only}`,
  enum: (allowed: readonly unknown[]) => `must be equal to one of the allowed values: ${allowed.join(', ')}`,
  oneOf: () => 'must have exactly one of the forms described',
  minimum: (least: number) => `must be at least ${least}`,
  maximum: (most: number) => `must be at most ${most}`,
  minLength: (least: number) => `must have at least ${least} characters`,
  maxLength: (most: number) => `must have at most ${most} characters`,
  pattern: (pattern: string) => (pattern === BLANK ? 'must not be blank' : `must match ${pattern}`),
  format: (format: string) => `must be a ${format}`,
  minItems: (least: number) => `must have at least ${least} items`,
  maxItems: (most: number) => `must have at most ${most} items`,
  uniqueItems: () => 'must have no item twice',
  minProperties: (least: number) => `must have at least ${least} members`,
  maxProperties: (most: number) => `must have at most ${most} members`,
};

/** The validator's own locations are fragments of a URI (RFC 6901 §6). */
const pointerIn = (location: string): string => decodeURI(location.replace(/^#/, ''));
const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');
export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function standingAt(pointer: string, within: unknown): unknown {
  const names = pointer.split('/').slice(1).map(unescaped);
  return names.reduce((value, name) => (value as Members | undefined)?.[name], within);
}

function faultOf(
  { keyword, keywordLocation, instanceLocation, error }: OutputUnit,
  schema: Schema,
  value: unknown,
) {
  const pointer = pointerIn(instanceLocation);
  const wanted = standingAt(pointerIn(keywordLocation), schema);
  const says = SAYINGS[keyword]?.(wanted as never) ?? error;
  if (keyword !== 'required') return { pointer, says };
  const there = standingAt(pointer, value) as Members;
  const missing = (wanted as readonly string[]).find((name) => !Object.hasOwn(there, name)) ?? '';
  return { pointer: `${pointer}/${escaped(missing)}`, says };
}

function readAs(type: unknown, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'integer' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(?:true|false)$/.test(value)) return value === 'true';
  return value;
}

/** Defaults for what is left out; of text, what it stands for. */
function complete(schema: Schema, value: unknown, kind: Kind): void {
  const {
    properties = {},
    items,
    additionalProperties,
  } = schema as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly additionalProperties?: Schema | false;
  };
  if (Array.isArray(value) && items) for (const item of value) complete(items, item, 'body');
  if (!isObject(value)) return;
  for (const [name, each] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) {
      if ('default' in each) value[name] = structuredClone(each.default);
    } else if (kind === 'parameters') value[name] = readAs(each.type, value[name]);
    else complete(each, value[name], kind);
  }
  if (!additionalProperties) return;
  for (const [name, each] of Object.entries(value))
    if (!Object.hasOwn(properties, name)) complete(additionalProperties, each, 'body');
}

/** The first fault of a value, which takes on its schema's defaults (JSON Schema 2020-12). */
export function faultIn(schema: Schema, value: unknown, kind: Kind): Fault | undefined {
  complete(schema, value, kind);
  const { valid, errors } = validatorOf(schema).validate(value);
  const first = errors.find(({ keyword }) => !WRAPPERS.has(keyword));
  return valid || first === undefined ? undefined : faultOf(first, schema, value);
}
