import { SalesforceFailure } from '../failure.ts';
import { canonicalId } from '../ids.ts';
import type { Org } from '../org.ts';
import { type FieldSpec, fieldOf, isFilterable, type ObjectSpec } from '../schema.ts';
import { type Row, render, type Stored } from '../values.ts';
import { plainText } from './lexer.ts';
import type { Condition, Literal, Operator, Ordering, Query } from './parser.ts';

interface Resolved {
  readonly field: FieldSpec;
  readonly read: (row: Row) => Stored;
}

const invalidField = (name: string, object: ObjectSpec) =>
  new SalesforceFailure(400, 'INVALID_FIELD', `No such column '${name}' on entity '${object.name}'.`);

/** A column, or a path over parent relationships: `CreatedBy.Name`. */
function resolve(org: Org, object: ObjectSpec, path: string): Resolved {
  const [head = '', ...tail] = path.split('.');
  if (tail.length === 0) {
    const field = fieldOf(object, head);
    if (!field) throw invalidField(head, object);
    return { field, read: (row) => row[field.name] ?? null };
  }
  const link = [...object.fields.values()].find(
    (field) => field.relationshipName?.toLowerCase() === head.toLowerCase(),
  );
  if (!link?.referenceTo?.[0]) {
    throw new SalesforceFailure(
      400,
      'INVALID_FIELD',
      `Didn't understand relationship '${head}' in field path.`,
    );
  }
  const target = resolve(org, org.object(link.referenceTo[0]), tail.join('.'));
  return {
    field: target.field,
    read: (row) => {
      const parent = org.tables.get(String(row[link.name] ?? ''));
      return parent ? target.read(parent) : null;
    },
  };
}

function usable(resolved: Resolved, use: 'filtered' | 'sorted'): Resolved {
  if (isFilterable(resolved.field)) return resolved;
  const message = `field '${resolved.field.name}' can not be ${use} in a query call`;
  throw new SalesforceFailure(400, 'INVALID_FIELD', message);
}

const mismatch = (field: FieldSpec, literal: Literal) =>
  new SalesforceFailure(
    400,
    'INVALID_FIELD',
    `value of filter criterion for field '${field.name}' must be of type ${field.type} and should ${literal.type === 'string' ? 'not ' : ''}be enclosed in quotes`,
  );

function filterValue(field: FieldSpec, literal: Literal): Stored {
  if (literal.type === 'null') return null;
  if (field.type === 'boolean') {
    if (literal.type !== 'boolean') throw mismatch(field, literal);
    return literal.text === 'true';
  }
  if (field.type === 'datetime') {
    if (literal.type !== 'datetime') throw mismatch(field, literal);
    return Date.parse(literal.text);
  }
  if (literal.type !== 'string') throw mismatch(field, literal);
  if (field.type !== 'id' && field.type !== 'reference') return plainText(literal.text);
  const id = canonicalId(literal.text);
  if (!id) {
    throw new SalesforceFailure(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.text}`);
  }
  return id;
}

/** Text compares without letter case, ids and case-sensitive fields with it. */
const isTextual = (field: FieldSpec) =>
  !['id', 'reference', 'datetime', 'boolean'].includes(field.type) && field.caseSensitive !== true;
const form = (field: FieldSpec, value: Stored): Stored =>
  typeof value === 'string' && isTextual(field) ? value.toLowerCase() : value;

function likePattern(text: string): RegExp {
  const source = text.replace(/[%_.*+?^${}()|[\]\\]/g, (found) => {
    if (found === '%') return '[\\s\\S]*';
    return found === '_' ? '[\\s\\S]' : `\\${found}`;
  });
  return new RegExp(`^${plainText(source)}$`, 'i');
}

function compare(left: Stored, right: Stored): number {
  if (left === right) return 0;
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

const COMPARISONS: Readonly<Record<Exclude<Operator, 'LIKE' | 'IN' | 'NOT IN'>, (order: number) => boolean>> =
  {
    '=': (order) => order === 0,
    '!=': (order) => order !== 0,
    '<': (order) => order < 0,
    '<=': (order) => order <= 0,
    '>': (order) => order > 0,
    '>=': (order) => order >= 0,
  };

function comparison(
  { field, read }: Resolved,
  operator: Operator,
  literals: readonly Literal[],
): (row: Row) => boolean {
  const values = literals.map((literal) => form(field, filterValue(field, literal)));
  if (operator === 'IN') return (row) => values.includes(form(field, read(row)));
  if (operator === 'NOT IN') return (row) => !values.includes(form(field, read(row)));
  const value = values[0] ?? null;
  if (operator === 'LIKE') {
    const pattern = likePattern(literals[0]?.text ?? '');
    return (row) => pattern.test(String(read(row) ?? ''));
  }
  const holds = COMPARISONS[operator];
  return (row) => {
    const held = form(field, read(row));
    if ((held === null || value === null) && operator !== '=' && operator !== '!=') return false;
    return holds(compare(held, value));
  };
}

function predicate(org: Org, object: ObjectSpec, condition: Condition): (row: Row) => boolean {
  if (condition.kind === 'not') {
    const inner = predicate(org, object, condition.of);
    return (row) => !inner(row);
  }
  if (condition.kind === 'compare') {
    const resolved = usable(resolve(org, object, condition.field), 'filtered');
    return comparison(resolved, condition.operator, condition.values);
  }
  const parts = condition.of.map((part) => predicate(org, object, part));
  return condition.kind === 'and'
    ? (row) => parts.every((part) => part(row))
    : (row) => parts.some((part) => part(row));
}

function sorter(org: Org, object: ObjectSpec, orderings: readonly Ordering[]) {
  const keys = orderings.map((ordering) => ({
    ordering,
    resolved: usable(resolve(org, object, ordering.field), 'sorted'),
  }));
  return (left: Row, right: Row): number => {
    for (const { ordering, resolved } of keys) {
      const a = form(resolved.field, resolved.read(left));
      const b = form(resolved.field, resolved.read(right));
      if (a === b) continue;
      if (a === null || b === null) return (a === null) === (ordering.nulls === 'first') ? -1 : 1;
      return compare(a, b) * (ordering.isDescending ? -1 : 1);
    }
    return 0;
  };
}

export const resourceUrl = (version: string, object: ObjectSpec, row: Row): string =>
  `/services/data/v${version}/sobjects/${object.name}/${row.Id}`;

/** One result row, parents nested under their relationship's name. */
function projection(org: Org, object: ObjectSpec, fields: readonly string[], version: string) {
  const own = fields.filter((path) => !path.includes('.')).map((path) => resolve(org, object, path));
  const parents = new Map<string, string[]>();
  for (const path of fields.filter((candidate) => candidate.includes('.'))) {
    resolve(org, object, path);
    const dot = path.indexOf('.');
    parents.set(path.slice(0, dot), [...(parents.get(path.slice(0, dot)) ?? []), path.slice(dot + 1)]);
  }
  return (row: Row): Record<string, unknown> => {
    const shown: Record<string, unknown> = {
      attributes: { type: object.name, url: resourceUrl(version, object, row) },
    };
    for (const { field, read } of own) shown[field.name] = render(field, read(row));
    for (const [relationship, paths] of parents) {
      const link = [...object.fields.values()].find(
        (field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase(),
      );
      const parent = link ? org.tables.get(String(row[link.name] ?? '')) : undefined;
      const target = link?.referenceTo?.[0];
      shown[link?.relationshipName ?? relationship] =
        parent && target ? projection(org, org.object(target), paths, version)(parent) : null;
    }
    return shown;
  };
}

export interface QueryResult {
  readonly total: number;
  readonly records: readonly Record<string, unknown>[];
}

export function runQuery(
  org: Org,
  query: Query,
  version: string,
  includeDeleted: boolean,
  readRow: (row: Row) => Row | undefined = (row) => row,
): QueryResult {
  const object = objectFor(org, query.object);
  const matches = query.where ? predicate(org, object, query.where) : () => true;
  const rows = org
    .all(object)
    .map(readRow)
    .filter((row) => row !== undefined)
    .filter((row) => (includeDeleted || row.IsDeleted !== true) && matches(row));
  const ordered = [...rows].sort(sorter(org, object, query.orderBy));
  const window = ordered.slice(
    query.offset,
    query.limit === undefined ? undefined : query.offset + query.limit,
  );
  if (query.fields === 'count') return { total: window.length, records: [] };
  return { total: window.length, records: window.map(projection(org, object, query.fields, version)) };
}

function objectFor(org: Org, name: string): ObjectSpec {
  try {
    return org.object(name);
  } catch {
    throw new SalesforceFailure(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
  }
}
