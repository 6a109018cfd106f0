import { setImmediate } from 'node:timers/promises';
import { until } from '../../bin/local/demo/until.ts';
import { connect } from '../sandboxes/salesforce/connect.ts';
import { against, type Figure, quantile } from './figure.ts';
import { type BenchHub, withBenchHub } from './hub.ts';
import { arrived, lagsOf, openThreads, quiet, sendAll } from './sync-lag.ts';

/** Brought in to the end: several pages, so that the calls of a job as such are spread over few records. */
const CASES = 2_000;
/** Being brought in while live changes go by. A quarter of an hour's work: cancelled once they are through. */
const LARGE = 100_000;
const NAIVE = 100;
/** As much live traffic as leaves a machine of two cores something for the backfill. */
const PER_SECOND = 5;
const LIVE = 120;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly records: number;
  readonly perSecond: number;
}

/** What bringing a history in costs: calls of the vendor's, and the lag of live changes meanwhile. */
export async function backfill(): Promise<Figure[]> {
  return withBenchHub(async (bench) => [await callsPerRecord(bench), ...(await liveLag(bench))]);
}

async function callsPerRecord(bench: BenchHub): Promise<Figure> {
  const { salesforce } = bench.hub.vendors;
  await withHistory(bench, 0, CASES);
  const usedBefore = salesforce.apiUsed;
  const job = await started(bench);
  const { records, perSecond } = await reached(bench, job, ({ state }) => state === 'done');
  const calls = salesforce.apiUsed - usedBefore;
  const perRecord = { name: 'vendor calls per record in a backfill', value: calls / records, unit: 'calls' };
  const naive = { name: 'a client that reads one by one', value: await naiveCalls(bench) };
  return against({ ...perRecord, detail: { records, calls, perSecond } }, naive, 0.01);
}

async function liveLag(bench: BenchHub): Promise<Figure[]> {
  const threads = await openThreads(bench);
  const alone = await liveLags(bench, threads, 'before');
  await quiet(bench);
  await withHistory(bench, CASES, LARGE);
  const job = await started(bench);
  const before = await reached(bench, job, ({ records }) => records > 0);
  const during = await liveLags(bench, threads, 'during');
  const after = await read(bench, job);
  if (after.state !== 'importing') throw new Error('the backfill ended before the live traffic did');
  if (after.records <= before.records)
    throw new Error('the backfill stood still while the live traffic went by');
  await bench.world.api.post(`/v1/backfills/${job}/cancel`, {});
  const name = (q: string) => `lag of live changes during a backfill of ${LARGE} cases: ${q}`;
  const lag = (q: number) => ({ name: 'without it', value: quantile(alone, q) });
  const detail = { perSecond: after.perSecond, records: after.records - before.records };
  return [
    against({ name: name('p50'), value: quantile(during, 0.5), unit: 'ms', detail }, lag(0.5), 1.5),
    against({ name: name('p99'), value: quantile(during, 0.99), unit: 'ms' }, lag(0.99)),
  ];
}

/** In small pieces: who serves them serves the hub too. */
async function withHistory({ hub }: BenchHub, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 500) {
    hub.vendors.salesforce.human.history(Math.min(500, to - at), `bench history from ${at}`);
    await setImmediate();
  }
}

function reached(bench: BenchHub, job: string, isThere: (job: Job) => boolean): Promise<Job> {
  return until(
    'the backfill has come so far',
    async () => {
      const now = await read(bench, job);
      return isThere(now) ? now : undefined;
    },
    600_000,
  );
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
