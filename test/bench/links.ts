import { type DynamoDb, dynamoDbAt } from '../../bin/local/dynamodb/client.ts';
import { costOf } from './cost.ts';
import { against, type Figure, median } from './figure.ts';
import { type BenchHub, withBenchHub } from './hub.ts';
import { arrived, lagsOf, openThreads, quiet, sendAll } from './sync-lag.ts';

/** A ticket is linked twice: to its thread and to its case. */
const LINKS_EACH = 2;
const FEW = 1_000;
const MANY = 100_000;
const CHANGES = 100;
const PER_SECOND = 10;
/** What a transaction takes. The local engine syncs its disk once for each, and once for each item of a batch. */
const ITEMS_AT_ONCE = 100;
const CALLS_AT_ONCE = 2;

type Row = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** What one change costs and how long it takes where a hundred times as many links are stored. */
export async function links(): Promise<Figure[]> {
  return withBenchHub(async (bench) => {
    const threads = await openThreads(bench);
    const table = await recordsIn(bench);
    const pattern = await ticketOf(table);
    await putCopies(table, pattern, { from: 0, to: FEW / LINKS_EACH });
    const few = await measured(bench, threads, 'few');
    await putCopies(table, pattern, { from: FEW / LINKS_EACH, to: MANY / LINKS_EACH });
    const many = await measured(bench, threads, 'many');
    const name = `with ${MANY} links stored`;
    const than = `with ${FEW}`;
    return [
      against(
        { name: `AWS operations of one change ${name}`, value: many.operations, unit: 'calls' },
        { name: than, value: few.operations },
        1.1,
      ),
      against(
        { name: `cost of a million changes ${name}`, value: many.dollars, unit: 'USD' },
        { name: than, value: few.dollars },
        1.1,
      ),
      against(
        { name: `sync lag ${name}: p50`, value: median(many.lags), unit: 'ms' },
        { name: than, value: median(few.lags) },
      ),
    ];
  });
}

async function measured(bench: BenchHub, threads: readonly string[], label: string) {
  await quiet(bench);
  bench.tap.take();
  const sent = await sendAll(bench, threads, { label, count: CHANGES, everyMs: 1_000 / PER_SECOND });
  await arrived(bench, sent);
  await quiet(bench);
  const figures = costOf(bench.tap.take(), CHANGES);
  const figure = (opening: string) => figures.find(({ name }) => name.startsWith(opening))?.value ?? 0;
  const { settled } = bench.tap;
  return {
    operations: figure('AWS operations of one change end to end'),
    dollars: figure('cost of a million'),
    lags: lagsOf(sent, ({ text }) => settled.get(bench.comments.ids.get(text) ?? '')),
  };
}

interface Table {
  readonly ask: DynamoDb;
  readonly name: string;
}

async function recordsIn({ hub }: BenchHub): Promise<Table> {
  const ask = dynamoDbAt(hub.description.aws.dynamoDb);
  const { TableNames } = await ask<{ readonly TableNames: readonly string[] }>('ListTables', {});
  const name = TableNames.find((each) => each.includes('records'));
  if (name === undefined) throw new Error(`saw no table of records among ${TableNames.join(', ')}`);
  return { ask, name };
}

interface Pattern {
  readonly id: string;
  /** Its own item, and the claims of its copies. */
  readonly rows: readonly Row[];
}

async function ticketOf({ ask, name }: Table): Promise<Pattern> {
  const { Items } = await ask<{ readonly Items: readonly Row[] }>('Scan', { TableName: name });
  const root = Items.find(({ pk, sk, data }) => {
    return (
      sk?.S === 'root' && pk?.S?.includes('#root#') === true && data?.S?.includes('"kind":"ticket"') === true
    );
  });
  const id = root?.pk?.S?.split('#').at(-1);
  if (root === undefined || id === undefined) throw new Error('saw no ticket to copy');
  const claims = Items.filter(
    ({ pk, data }) => pk?.S?.includes('#claim#') && data?.S?.includes(`"root":"${id}"`),
  );
  // Nothing of a copy is due: it is there, and nobody works on it.
  const { dueList: _list, dueAt: _at, ...rest } = root;
  return { id, rows: [rest, ...claims] };
}

async function putCopies(
  { ask, name }: Table,
  { id, rows }: Pattern,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  const puts = numbers.flatMap((number) =>
    rows.map((row) => ({ Put: { TableName: name, Item: copied(row, id, number) } })),
  );
  const batches = Array.from({ length: Math.ceil(puts.length / ITEMS_AT_ONCE) }, (_, at) =>
    puts.slice(at * ITEMS_AT_ONCE, (at + 1) * ITEMS_AT_ONCE),
  ).values();
  await Promise.all(
    Array.from({ length: CALLS_AT_ONCE }, async () => {
      for (const batch of batches) await ask('TransactWriteItems', { TransactItems: batch });
    }),
  );
}

/** Under an id of its own, and for a claim an object of its own. */
function copied(row: Row, id: string, number: number): Row {
  const own = `${id.slice(0, -6)}${number.toString(36).padStart(6, '0')}`;
  const text = JSON.stringify(row).replaceAll(id, own);
  const copy = JSON.parse(text) as Row;
  const pk = copy.pk?.S ?? '';
  return pk.includes('#claim#') ? { ...copy, pk: { S: `${pk}-${number}` } } : copy;
}
