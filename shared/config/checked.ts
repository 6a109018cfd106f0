import type * as z from 'zod/mini';
import { ConfigurationError } from '../errors.ts';

/**
 * A value that came from outside the code, checked against its schema before anything starts.
 * @throws ConfigurationError naming every wrong place: its path, what was seen and what was expected
 */
export function checked<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  name: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ConfigurationError(result.error.issues.flatMap((issue) => told(issue, name)).join('; '));
}

function told(issue: z.core.$ZodIssue, name: string): readonly string[] {
  const path = [name, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${path}.${key}: saw a setting nobody knows, expected it left out`);
  }
  return [`${path}: saw ${seen(issue.input)}, expected ${expected(issue)}`];
}

/** Settings are no secrets, but a long value helps nobody. */
function seen(input: unknown): string {
  if (input === undefined) return 'nothing';
  const text = JSON.stringify(input);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_key':
      return 'a known name';
    default:
      return issue.message === 'Invalid input' ? 'another value' : issue.message;
  }
}
