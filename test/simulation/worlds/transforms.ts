import type { FieldValue } from '../../../shared/domain/index.ts';
import type { Transform } from '../../../shared/ports/index.ts';

/** Written between brackets; without them it says the same. */
export const BRACKETS: Transform = {
  use: 'expression',
  out: '"<" & $ & ">"',
  in: '$substringBefore($substringAfter($, "<"), ">")',
};

/** Of what these write nobody can tell what the record holds. */
export const LOSSY: readonly (readonly Transform[])[] = [
  [{ use: 'uppercase' }],
  [{ use: 'truncate', length: 9 }],
  [{ use: 'trim' }],
  [{ use: 'lowercase' }, { use: 'truncate', length: 12 }],
];

export const isLossy = (transforms: readonly Transform[] = []): boolean =>
  transforms.some(({ use }) => use !== 'expression');

type Way = 'out' | 'in';

/** What transforms make of a value, by the model's own account: by the hub's own a fault of theirs would be right. */
export function through(
  transforms: readonly Transform[] | undefined,
  value: FieldValue,
  way: Way,
): FieldValue {
  const inOrder = way === 'out' ? (transforms ?? []) : [...(transforms ?? [])].reverse();
  return inOrder.reduce<FieldValue>(
    (held, each) => (typeof held === 'string' ? one(each, held, way) : held),
    value,
  );
}

function one(transform: Transform, text: string, way: Way): string {
  switch (transform.use) {
    case 'trim':
      return text.trim();
    case 'uppercase':
      return text.toUpperCase();
    case 'lowercase':
      return text.toLowerCase();
    case 'truncate':
      return way === 'out' ? text.slice(0, transform.length) : text;
    case 'expression':
      return way === 'out' ? `<${text}>` : withoutBrackets(text);
    default:
      throw new Error(`no model vendor's field is of type ${transform.use}`);
  }
}

const withoutBrackets = (text: string): string => /<([^>]*)/.exec(text)?.[1] ?? text.replace(/>.*/s, '');
