import { alone, type Figure } from './figure.ts';
import type { Counts } from './tap.ts';

/** USD per million, us-east-1 list; DynamoDB writes per 1 KB, reads per 4 KB. https://aws.amazon.com/pricing/ */
const USD_PER_MILLION: Readonly<Record<string, number>> = {
  PutItem: 0.625,
  DeleteItem: 0.625,
  GetItem: 0.125,
  BatchGetItem: 0.375,
  Query: 0.125,
  TransactWriteItems: 2.5,
  SendMessage: 0.5,
  SendMessageBatch: 0.5,
  PutEvents: 1,
  GetSecretValue: 5,
  Decrypt: 3,
  GenerateDataKey: 3,
};
/** Beside what functions call: each message is received and deleted, each invocation and request paid. */
const RECEIVE_AND_DELETE = 0.9;
const INVOCATION = 0.2 + 0.34;
const HTTP_REQUEST = 1;

/** AWS operations of one change, counted on their way, and what a million such changes would cost. */
export function costOf(counts: Counts, changes: number): Figure[] {
  const operations = perChange(counts.operations, changes);
  const sends = operations
    .filter(([name]) => name.startsWith('SendMessage'))
    .reduce((sum, [, per]) => sum + per, 0);
  const unpriced = operations.filter(([name]) => !(name in USD_PER_MILLION)).map(([name]) => name);
  if (unpriced.length > 0) throw new Error(`no price for ${unpriced.join(', ')}`);
  const calls = operations.reduce((sum, [name, per]) => sum + per * (USD_PER_MILLION[name] ?? 0), 0);
  const dollars = calls + sends * (RECEIVE_AND_DELETE + INVOCATION) + HTTP_REQUEST + INVOCATION;
  return [
    alone({
      name: 'AWS operations of one change end to end',
      value: operations.reduce((sum, [, per]) => sum + per, 0),
      unit: 'calls',
      detail: rounded(operations),
    }),
    alone({
      name: 'AWS operations of one change, by function',
      value: operations.reduce((sum, [, per]) => sum + per, 0),
      unit: 'calls',
      detail: rounded(perChange(counts.functions, changes)),
    }),
    alone({ name: 'cost of a million changes', value: dollars, unit: 'USD, logs not counted' }),
  ];
}

type PerChange = readonly (readonly [name: string, calls: number])[];

const perChange = (counts: ReadonlyMap<string, number>, changes: number): PerChange =>
  [...counts].map(([name, calls]) => [name, calls / changes] as const);

const rounded = (operations: PerChange): Record<string, number> =>
  Object.fromEntries(operations.map(([name, per]) => [name, Math.round(per * 100) / 100]));
