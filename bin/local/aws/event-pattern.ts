import { ConfigurationError } from '../../../shared/errors.ts';

/**
 * EventBridge event patterns: every field named must hold one of the values or conditions listed.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern)) throw new ConfigurationError('an event pattern must be an object');
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return (expected as unknown[]).some((item) => matchesPattern(item, event));
    const isThere = isObject(event) && field in event;
    const actual = isThere ? event[field] : undefined;
    if (!Array.isArray(expected)) {
      if (Array.isArray(actual)) return actual.some((item) => matchesPattern(expected, item));
      return matchesPattern(expected, actual);
    }
    return expected.some((condition) => holds(condition, actual, isThere));
  });
}

function holds(condition: unknown, actual: unknown, isThere: boolean): boolean {
  if (isObject(condition) && 'exists' in condition) return condition.exists === isThere;
  if (isObject(condition) && 'anything-but' in condition) {
    return isThere && !listOf(condition['anything-but']).some((item) => holds(item, actual, isThere));
  }
  if (!isThere) return false;
  return Array.isArray(actual) ? actual.some((item) => meets(condition, item)) : meets(condition, actual);
}

function meets(condition: unknown, actual: unknown): boolean {
  if (!isObject(condition)) return condition === actual;
  const [operator = '', operand] = Object.entries(condition)[0] ?? [];
  const operation = operators[operator];
  if (operation !== undefined) return operation(operand, actual);
  throw new ConfigurationError(`the event pattern operator "${operator}" is not understood by the local hub`);
}

const operators: Readonly<Record<string, (operand: unknown, actual: unknown) => boolean>> = {
  prefix: (operand, actual) => {
    if (!isObject(operand)) return text(actual).startsWith(text(operand));
    return folded(actual).startsWith(folded(operand['equals-ignore-case']));
  },
  suffix: (operand, actual) => {
    if (!isObject(operand)) return text(actual).endsWith(text(operand));
    return folded(actual).endsWith(folded(operand['equals-ignore-case']));
  },
  'equals-ignore-case': (operand, actual) => typeof actual === 'string' && folded(operand) === folded(actual),
  wildcard: (operand, actual) => typeof actual === 'string' && wildcard(text(operand)).test(actual),
  numeric: (operand, actual) => typeof actual === 'number' && inRange(operand as unknown[], actual),
};

function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function inRange(comparisons: readonly unknown[], actual: number): boolean {
  const compare: Readonly<Record<string, (bound: number) => boolean>> = {
    '=': (bound) => actual === bound,
    '<': (bound) => actual < bound,
    '<=': (bound) => actual <= bound,
    '>': (bound) => actual > bound,
    '>=': (bound) => actual >= bound,
  };
  for (let index = 0; index + 1 < comparisons.length; index += 2) {
    if (compare[String(comparisons[index])]?.(Number(comparisons[index + 1])) !== true) return false;
  }
  return true;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function folded(value: unknown): string {
  return text(value).toLowerCase();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
