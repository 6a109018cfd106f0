import type { FieldValue } from '../../domain/record.ts';

/** Without a value: does the expression compile at all. */
export interface Question {
  readonly expression: string;
  readonly value?: FieldValue;
}
/** What an expression made of a value, or why it made nothing; never in words that quote the value. */
export type Ruled = { readonly value: FieldValue } | { readonly failure: string };

export const isValue = (value: unknown): value is FieldValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value));
