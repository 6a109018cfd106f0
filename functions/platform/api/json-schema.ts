import type { Schema } from './call.ts';
import { isDateTime, isUri } from './formats.ts';

/** The first thing wrong with a value: where (RFC 6901), and what, to be read after the place. */
export interface Fault {
  readonly pointer: string;
  readonly says: string;
}

interface Visit {
  readonly pointer: string;
  /** Parameters come as text: what a schema calls a number is read out of it. */
  readonly isParameters: boolean;
}

type Members = Record<string, unknown>;
type Found = Fault | undefined;
type Rule = (value: never, argument: never, visit: Visit, schema: Schema) => Found;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isAnything = (_value: unknown): boolean => true;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: isText,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  number: Number.isFinite,
  integer: Number.isInteger,
};
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = { 'date-time': isDateTime, uri: isUri };
const BLANK = '\\S';

const typesOf = (type: string | readonly string[]): readonly string[] => (isText(type) ? [type] : type);
/** Of characters, not of code units. */
const lengthOf = (text: string): number => [...text].length;
const memberAt = ({ pointer }: Visit, name: string | number): string =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
const inside = (visit: Visit, name: string | number): Visit => ({
  pointer: memberAt(visit, name),
  isParameters: false,
});

const must = (holds: boolean, { pointer }: Visit, says: string): Found =>
  holds ? undefined : { pointer, says: `must ${says}` };
const firstOf = <Item>(items: Iterable<Item>, look: (item: Item) => Found): Found => {
  for (const item of items) {
    const fault = look(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** The part of JSON Schema 2020-12 the hub's own schemas are written in, in the order it is looked at. */
const RULES: Readonly<Record<string, { readonly of: (value: unknown) => boolean; readonly rule: Rule }>> = {
  type: {
    of: isAnything,
    rule: (value: unknown, type: string | readonly string[], visit) =>
      must(
        typesOf(type).some((each) => TYPES[each]?.(value)),
        visit,
        `be ${typesOf(type).join(' or ')}`,
      ),
  },
  const: {
    of: isAnything,
    rule: (value: unknown, only: unknown, visit) => must(value === only, visit, `be ${only}`),
  },
  enum: {
    of: isAnything,
    rule: (value: unknown, allowed: readonly unknown[], visit) =>
      must(
        allowed.includes(value),
        visit,
        `be equal to one of the allowed values: ${allowed.map(String).join(', ')}`,
      ),
  },
  minimum: {
    of: isNumber,
    rule: (value: number, least: number, visit) => must(value >= least, visit, `be at least ${least}`),
  },
  maximum: {
    of: isNumber,
    rule: (value: number, most: number, visit) => must(value <= most, visit, `be at most ${most}`),
  },
  minLength: {
    of: isText,
    rule: (text: string, least: number, visit) =>
      must(lengthOf(text) >= least, visit, `have at least ${least} characters`),
  },
  maxLength: {
    of: isText,
    rule: (text: string, most: number, visit) =>
      must(lengthOf(text) <= most, visit, `have at most ${most} characters`),
  },
  pattern: {
    of: isText,
    rule: (text: string, pattern: string, visit) =>
      must(
        new RegExp(pattern, 'u').test(text),
        visit,
        pattern === BLANK ? 'not be blank' : `match ${pattern}`,
      ),
  },
  format: {
    of: isText,
    rule: (text: string, format: string, visit) =>
      must(FORMATS[format]?.(text) ?? false, visit, `be a ${format}`),
  },
  minItems: {
    of: Array.isArray,
    rule: (items: unknown[], least: number, visit) =>
      must(items.length >= least, visit, `have at least ${least} items`),
  },
  maxItems: {
    of: Array.isArray,
    rule: (items: unknown[], most: number, visit) =>
      must(items.length <= most, visit, `have at most ${most} items`),
  },
  uniqueItems: {
    of: Array.isArray,
    rule: (items: unknown[], _: true, visit) =>
      must(new Set(items).size === items.length, visit, 'have no item twice'),
  },
  items: {
    of: Array.isArray,
    rule: (items: unknown[], schema: Schema, visit) =>
      firstOf(items.entries(), ([at, item]) => faultOf(schema, item, inside(visit, at))),
  },
  minProperties: {
    of: isObject,
    rule: (value: Members, least: number, visit) =>
      must(Object.keys(value).length >= least, visit, `have at least ${least} members`),
  },
  maxProperties: {
    of: isObject,
    rule: (value: Members, most: number, visit) =>
      must(Object.keys(value).length <= most, visit, `have at most ${most} members`),
  },
  required: {
    of: isObject,
    rule: (value: Members, names: readonly string[], visit) =>
      firstOf(names, (name) =>
        Object.hasOwn(value, name) ? undefined : { pointer: memberAt(visit, name), says: 'is missing' },
      ),
  },
  propertyNames: {
    of: isObject,
    rule: (value: Members, schema: Schema, visit) =>
      firstOf(Object.keys(value), (name) => faultOf(schema, name, inside(visit, name))),
  },
  additionalProperties: {
    of: isObject,
    rule: (value: Members, schema: Schema | false, visit, { properties = {} }) =>
      firstOf(
        Object.keys(value).filter((name) => !Object.hasOwn(properties as Members, name)),
        (name) =>
          schema === false
            ? { pointer: memberAt(visit, name), says: 'is not expected here' }
            : faultOf(schema, value[name], inside(visit, name)),
      ),
  },
  properties: {
    of: isObject,
    rule: (value: Members, properties: Readonly<Record<string, Schema>>, visit) => {
      complete(value, properties, visit);
      return firstOf(Object.entries(properties), ([name, schema]) =>
        Object.hasOwn(value, name) ? faultOf(schema, value[name], inside(visit, name)) : undefined,
      );
    },
  },
  oneOf: {
    of: isAnything,
    rule: (value: unknown, schemas: readonly Schema[], visit) => {
      const faults = schemas.map((schema) => faultOf(schema, value, visit));
      return must(
        faults.filter((fault) => fault === undefined).length === 1,
        visit,
        'have exactly one of the forms described',
      );
    },
  },
};

/** What says nothing about a value. */
const NOTES = ['description', 'default'];
export const KEYWORDS: readonly string[] = [...Object.keys(RULES), ...NOTES];

/** Defaults for what is left out; of text, what it stands for. */
function complete(
  value: Members,
  properties: Readonly<Record<string, Schema>>,
  { isParameters }: Visit,
): void {
  for (const [name, schema] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) {
      if ('default' in schema) value[name] = structuredClone(schema.default);
    } else if (isParameters) value[name] = readAs(schema.type, value[name]);
  }
}

function readAs(type: unknown, value: unknown): unknown {
  if (!isText(value)) return value;
  if (type === 'integer' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(?:true|false)$/.test(value)) return value === 'true';
  return value;
}

function faultOf(schema: Schema, value: unknown, visit: Visit): Found {
  return firstOf(Object.entries(RULES), ([keyword, { of, rule }]) =>
    keyword in schema && of(value)
      ? rule(value as never, schema[keyword] as never, visit, schema)
      : undefined,
  );
}

/** The first fault of a value, which takes on its schema's defaults. */
export function faultIn(schema: Schema, value: unknown, kind: 'body' | 'parameters'): Found {
  return faultOf(schema, value, { pointer: '', isParameters: kind === 'parameters' });
}
