import type { FieldValue } from '../domain/record.ts';
import type { Transform } from '../ports/mapping-document.ts';
import { evaluated } from './expressions/evaluate.ts';

type Direction = 'in' | 'out';
/** Undefined: there is no such value on the other side. */
type Result = FieldValue | undefined;

export function transformed(transforms: readonly Transform[], value: FieldValue, to: Direction): Result {
  const ordered = to === 'out' ? transforms : [...transforms].reverse();
  let result: Result = value;
  for (const transform of ordered) {
    if (result === undefined || result === null) return result;
    result = one(transform, result, to);
  }
  return result;
}

function one(transform: Transform, value: NonNullable<FieldValue>, to: Direction): Result {
  switch (transform.use) {
    case 'trim':
      return onText(value, (text) => text.trim());
    case 'lowercase':
      return onText(value, (text) => text.toLowerCase());
    case 'uppercase':
      return onText(value, (text) => text.toUpperCase());
    case 'truncate':
      return to === 'in' ? value : onText(value, (text) => head(text, transform.length));
    case 'text':
      return String(value);
    case 'number':
      return numberOf(value);
    case 'boolean':
      return booleanOf(value);
    case 'date':
      return dateOf(value);
    case 'expression':
      return ruledBy(transform[to], value);
  }
}

function ruledBy(expression: string | undefined, value: NonNullable<FieldValue>): Result {
  if (expression === undefined) return value;
  const ruled = evaluated(expression, value);
  return 'failure' in ruled ? undefined : ruled.value;
}

/** Why a value does not get through, where one of the expressions fails on it. */
export function failureOn(
  transforms: readonly Transform[],
  value: FieldValue,
  to: Direction,
): string | undefined {
  const ordered = to === 'out' ? transforms : [...transforms].reverse();
  let result: Result = value;
  for (const transform of ordered) {
    if (result === undefined || result === null) return undefined;
    const expression = transform.use === 'expression' ? transform[to] : undefined;
    if (expression !== undefined) {
      const ruled = evaluated(expression, result);
      if ('failure' in ruled)
        return `the expression ${to === 'out' ? 'outwards' : 'inwards'} ${ruled.failure}`;
    }
    result = one(transform, result, to);
  }
  return undefined;
}

const onText = (value: NonNullable<FieldValue>, change: (text: string) => string): FieldValue =>
  typeof value === 'string' ? change(value) : value;

/** Whole code points only: half a surrogate pair is no text. */
function head(text: string, length: number): string {
  if (text.length <= length) return text;
  let kept = '';
  for (const point of text) {
    if (kept.length + point.length > length) break;
    kept += point;
  }
  return kept;
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;
function numberOf(value: NonNullable<FieldValue>): Result {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  const text = value.trim();
  if (text === '') return null;
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

const TRUE = new Set(['true', 'yes', '1']);
const FALSE = new Set(['false', 'no', '0', '']);
function booleanOf(value: NonNullable<FieldValue>): Result {
  if (typeof value === 'boolean') return value;
  const word = String(value).trim().toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
}

/** A day as every vendor writes it, whatever moment of it is named. */
function dateOf(value: NonNullable<FieldValue>): Result {
  if (typeof value === 'boolean') return undefined;
  const text = typeof value === 'number' ? dayOf(value) : value.trim();
  if (text === '') return null;
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
  return day === undefined || Number.isNaN(Date.parse(day)) ? undefined : day;
}

/** Beyond what a date can name there is no day. */
const dayOf = (ms: number): string =>
  Number.isNaN(new Date(ms).getTime()) ? 'none' : new Date(ms).toISOString();
