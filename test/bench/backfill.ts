import { until } from '../../bin/local/demo/until.ts';
import { connect } from '../sandboxes/salesforce/connect.ts';
import { against, type Figure, quantile } from './figure.ts';
import { type BenchHub, withBenchHub } from './hub.ts';
import { arrived, lagsOf, openThreads, quiet, sendAll } from './sync-lag.ts';

/** Enough for several pages; the calls of a job as such are spread over few records all the same. */
const CASES = 2_000;
const NAIVE = 100;
/** As much live traffic as leaves a machine of two cores something for the backfill. */
const PER_SECOND = 5;
const LIVE = 60;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly records: number;
  readonly perSecond: number;
}

/** What bringing a whole history in costs: calls of the vendor's, and the lag of live changes meanwhile. */
export async function backfill(): Promise<Figure[]> {
  return withBenchHub(async (bench) => {
    const threads = await openThreads(bench);
    const alone = await liveLags(bench, threads, 'before');
    await quiet(bench);
    const { salesforce } = bench.hub.vendors;
    salesforce.human.history(CASES, 'bench history');
    const usedBefore = salesforce.apiUsed;
    const job = await started(bench);
    await until(
      'rows are coming in',
      async () => ((await read(bench, job)).records > 0 ? true : undefined),
      60_000,
    );
    const calls = salesforce.apiUsed - usedBefore;
    const during = await liveLags(bench, threads, 'during');
    const still = await read(bench, job);
    if (still.state !== 'importing') throw new Error('the backfill ended before the live traffic did');
    const done = await until(
      'the backfill is done',
      async () => {
        const now = await read(bench, job);
        return now.state === 'done' ? now : undefined;
      },
      600_000,
    );
    // What live traffic called meanwhile is taken out: a comment is one call each.
    const own = salesforce.apiUsed - usedBefore - LIVE;
    const naive = await naiveCalls(bench);
    const perRecord = {
      name: 'vendor calls per record in a backfill',
      value: own / done.records,
      unit: 'calls',
    };
    const detail = { records: done.records, calls: own, beforeTheFirstRow: calls, perSecond: done.perSecond };
    const lag = (q: number) => ({ name: 'without it', value: quantile(alone, q) });
    return [
      against({ ...perRecord, detail }, { name: 'a client that reads one by one', value: naive }, 0.01),
      against(
        { name: 'lag of live changes during a backfill: p50', value: quantile(during, 0.5), unit: 'ms' },
        lag(0.5),
        1.5,
      ),
      against(
        { name: 'lag of live changes during a backfill: p99', value: quantile(during, 0.99), unit: 'ms' },
        lag(0.99),
      ),
    ];
  });
}

async function liveLags(bench: BenchHub, threads: readonly string[], label: string) {
  const sent = await sendAll(bench, threads, { label, count: LIVE, everyMs: 1_000 / PER_SECOND });
  await arrived(bench, sent);
  const idOf = (text: string) => bench.comments.ids.get(text) ?? '';
  await until(
    'every answer is written down',
    async () => sent.every(({ text }) => bench.tap.settled.has(idOf(text))) || undefined,
    60_000,
  );
  return lagsOf(sent, ({ text }) => bench.tap.settled.get(idOf(text)));
}

async function started({ world }: BenchHub): Promise<string> {
  // A first pull would bring the same history in beside it.
  await world.api.patch('/v1/features', { 'delta-sync': false });
  const { items } = await world.api.get<{ items: { id: string; integration: string }[] }>('/v1/connections');
  const connection = items.find(({ integration }) => integration === 'salesforce')?.id ?? '';
  const { id } = await world.api.post<Job>(`/v1/connections/${connection}/backfills`, {
    kinds: ['ticket', 'comment'],
  });
  return id;
}

const read = ({ world }: BenchHub, job: string) => world.api.get<Job>(`/v1/backfills/${job}`);

/** The baseline: ids are known, each record is fetched by its own call. */
async function naiveCalls({ hub, world }: BenchHub): Promise<number> {
  const { salesforce } = hub.vendors;
  const client = await connect(salesforce);
  const ids = (await world.salesforce.rows('Case')).slice(0, NAIVE).map(({ Id }) => Id);
  const before = salesforce.apiUsed;
  for (const id of ids) await client.sobject('Case').retrieve(id);
  return (salesforce.apiUsed - before) / ids.length;
}
