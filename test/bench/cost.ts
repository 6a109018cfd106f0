import { alone, type Figure } from './figure.ts';
import type { Counts } from './tap.ts';

/** USD per million, us-east-1 list. https://aws.amazon.com/pricing/ */
const USD_PER_MILLION: Readonly<Record<string, number>> = {
  SendMessage: 0.5,
  SendMessageBatch: 0.5,
  PutEvents: 1,
  GetSecretValue: 5,
  Decrypt: 3,
  GenerateDataKey: 3,
};
const READ_UNIT = 0.125;
const WRITE_UNIT = 0.625;
/** Paid by the unit. */
const ON_TABLES: ReadonlySet<string> = new Set([
  'PutItem',
  'DeleteItem',
  'GetItem',
  'BatchGetItem',
  'Query',
  'TransactWriteItems',
]);
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
  const isPriced = (name: string) => name in USD_PER_MILLION || ON_TABLES.has(name);
  const unpriced = operations.filter(([name]) => !isPriced(name)).map(([name]) => name);
  if (unpriced.length > 0) throw new Error(`no price for ${unpriced.join(', ')}`);
  const calls = operations.reduce((sum, [name, per]) => sum + per * (USD_PER_MILLION[name] ?? 0), 0);
  const [reads, writes] = [counts.units.reads / changes, counts.units.writes / changes];
  const tables = reads * READ_UNIT + writes * WRITE_UNIT;
  const dollars = tables + calls + sends * (RECEIVE_AND_DELETE + INVOCATION) + HTTP_REQUEST + INVOCATION;
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
    alone({
      name: 'cost of a million changes, at least',
      value: dollars,
      unit: 'USD, logs not counted',
      detail: rounded([
        ['read units of one change', reads],
        ['write units of one change', writes],
      ]),
    }),
  ];
}

type PerChange = readonly (readonly [name: string, calls: number])[];

const perChange = (counts: ReadonlyMap<string, number>, changes: number): PerChange =>
  [...counts].map(([name, calls]) => [name, calls / changes] as const);

const rounded = (operations: PerChange): Record<string, number> =>
  Object.fromEntries(operations.map(([name, per]) => [name, Math.round(per * 100) / 100]));
