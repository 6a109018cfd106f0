import { until } from '../../bin/local/demo/until.ts';
import { costOf } from './cost.ts';
import { alone, type Figure, quantile } from './figure.ts';
import { type BenchHub, withBenchHub } from './hub.ts';

const THREADS = 20;
const PER_SECOND = 20;
const STEADY = 300;
const BURST = 1_000;

interface Sent {
  readonly text: string;
  /** The source's own commit time: Slack's `ts`. */
  readonly atMs: number;
}

/** Customer's message in Slack to the acknowledged comment in Salesforce, through the whole local hub. */
export async function syncLag(): Promise<Figure[]> {
  return withBenchHub(async (bench) => {
    const threads = await openThreads(bench);
    const sent = await sendAll(bench, threads, STEADY, 1_000 / PER_SECOND);
    const lags = await lagsOf(bench, sent);
    await quiet(bench);
    const calls = bench.tap.take();
    const name = `sync lag at ${PER_SECOND} changes/s`;
    return [
      alone({ name: `${name}: p50`, value: quantile(lags, 0.5), unit: 'ms' }),
      alone({ name: `${name}: p99`, value: quantile(lags, 0.99), unit: 'ms' }, 500),
      alone({ name: `${name}: longest`, value: Math.max(...lags), unit: 'ms' }, 5_000),
      await effects(bench, name, sent),
      ...costOf(calls, STEADY),
    ];
  });
}

/** As many changes as Slack can deliver at once: nothing is lost, nothing comes twice, order is the queue's. */
export async function burst(): Promise<Figure[]> {
  return withBenchHub(async (bench) => {
    const threads = await openThreads(bench);
    const sent = await sendAll(bench, threads, BURST, 0);
    const lags = await lagsOf(bench, sent);
    await quiet(bench);
    const name = `burst of ${BURST} changes`;
    return [
      alone({ name: `${name}: half arrived after`, value: quantile(lags, 0.5), unit: 'ms' }),
      alone({ name: `${name}: all arrived after`, value: Math.max(...lags), unit: 'ms' }),
      await effects(bench, name, sent),
    ];
  });
}

async function openThreads(bench: BenchHub): Promise<readonly string[]> {
  const { world } = bench;
  const places = [];
  for (let n = 0; n < THREADS; n++) places.push(await world.slack.say(`bench conversation ${n}`));
  await until(
    'every conversation is a Case',
    async () => ((await world.salesforce.rows('Case')).length >= THREADS ? true : undefined),
    120_000,
  );
  await quiet(bench);
  bench.tap.take();
  return places.map(({ ts }) => ts);
}

async function sendAll(
  { world }: BenchHub,
  threads: readonly string[],
  count: number,
  everyMs: number,
): Promise<readonly Sent[]> {
  const startedAtMs = Date.now();
  const sending: Promise<Sent>[] = [];
  for (let n = 0; n < count; n++) {
    const dueMs = startedAtMs + n * everyMs - Date.now();
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    const text = `bench message ${n}`;
    const thread = threads[n % threads.length] ?? '';
    sending.push(world.slack.say(text, thread).then(({ ts }) => ({ text, atMs: Number(ts) * 1_000 })));
  }
  return Promise.all(sending);
}

async function lagsOf({ committed }: BenchHub, sent: readonly Sent[]): Promise<readonly number[]> {
  const missing = () => sent.filter(({ text }) => !committed.has(text)).length;
  await until(`${sent.length} changes arrived`, async () => missing() === 0 || undefined, 300_000).catch(
    (error: Error) => {
      throw new Error(`${missing()} of ${sent.length} changes are missing`, { cause: error });
    },
  );
  return sent.map(({ text, atMs }) => (committed.get(text)?.[0] ?? Number.NaN) - atMs);
}

/** Comments in Salesforce per message in Slack: more is a duplicate, less a loss. */
async function effects({ world }: BenchHub, name: string, sent: readonly Sent[]): Promise<Figure> {
  const texts = new Set(sent.map(({ text }) => text));
  const comments = await world.salesforce.rows('CaseComment');
  const made = comments.filter(({ CommentBody }) => texts.has(String(CommentBody))).length;
  return alone(
    {
      name: `${name}: effects per change`,
      value: made / sent.length,
      unit: '',
      detail: { made, sent: sent.length },
    },
    1,
  );
}

/** Until the hub's queues are empty, so that what is counted belongs to what was sent. */
async function quiet({ hub }: BenchHub): Promise<void> {
  await until('the queues are empty', async () => (isQuiet(hub) ? true : undefined), 120_000);
}

function isQuiet({ runtime: { queues } }: BenchHub['hub']): boolean {
  const depths = [...queues.all()].map(({ name }) => queues.depth(name));
  return depths.every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
}
