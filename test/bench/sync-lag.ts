import { until } from '../../bin/local/demo/until.ts';
import { costOf } from './cost.ts';
import { against, alone, type Figure, quantile } from './figure.ts';
import { type BenchHub, withBenchHub } from './hub.ts';
import { startRelay } from './relay.ts';

const THREADS = 20;
const PER_SECOND = 20;
const STEADY = 300;
const BURST = 1_000;
const BASELINE = 100;

const conversation = (n: number): string => `bench conversation ${n}`;

export interface Sent {
  readonly text: string;
  /** The source's own commit time: Slack's `ts`. */
  readonly atMs: number;
}

/** Customer's message in Slack to the acknowledged comment in Salesforce, through the whole local hub. */
export async function syncLag(): Promise<Figure[]> {
  return withBenchHub(async (bench) => {
    const threads = await openThreads(bench);
    const sent = await sendAll(bench, threads, {
      label: 'bench',
      count: STEADY,
      everyMs: 1_000 / PER_SECOND,
    });
    await arrived(bench, sent);
    await quiet(bench);
    const calls = bench.tap.take();
    const lags = lagsOf(sent, ({ text }) => bench.tap.settled.get(bench.comments.ids.get(text) ?? ''));
    const bare = await relayLags(bench, threads);
    const name = `sync lag at ${PER_SECOND} changes/s`;
    const relay = (q: number) => ({ name: 'bare relay', value: quantile(bare, q) });
    return [
      against({ name: `${name}: p50`, value: quantile(lags, 0.5), unit: 'ms' }, relay(0.5)),
      against({ name: `${name}: p99`, value: quantile(lags, 0.99), unit: 'ms' }, relay(0.99)),
      alone({ name: `${name}: p99, absolute`, value: quantile(lags, 0.99), unit: 'ms' }, 500),
      alone({ name: `${name}: longest`, value: Math.max(...lags), unit: 'ms' }, 5_000),
      effects(bench, name, sent),
      ...costOf(calls, STEADY),
    ];
  });
}

/** The same messages at the same pace, by a relay that does nothing else. */
async function relayLags(bench: BenchHub, threads: readonly string[]): Promise<readonly number[]> {
  const { world } = bench;
  const cases = await world.salesforce.rows('Case');
  const caseOf = new Map(
    threads.map((ts, n) => [ts, cases.find((row) => row.Description === conversation(n))?.Id ?? '']),
  );
  const relay = await startRelay(world, caseOf);
  try {
    await world.slack.control('POST', 'settings', { eventsUrl: relay.url });
    // The hub hears nothing of it meanwhile, on either side: its work is no part of the baseline.
    await world.salesforce.control('POST', 'faults', { on: 'event', effect: 'lose', times: BASELINE });
    const sent = await sendAll(bench, threads, {
      label: 'relay',
      count: BASELINE,
      everyMs: 1_000 / PER_SECOND,
    });
    await arrived(bench, sent);
    await until(
      'the relay has its answers',
      async () => relay.acknowledged.size >= BASELINE || undefined,
      60_000,
    );
    return lagsOf(sent, ({ text }) => relay.acknowledged.get(text));
  } finally {
    relay.close();
  }
}

/** As many changes as Slack can deliver at once: nothing is lost, nothing comes twice, order is the queue's. */
export async function burst(): Promise<Figure[]> {
  return withBenchHub(async (bench) => {
    const threads = await openThreads(bench);
    const sent = await sendAll(bench, threads, { label: 'bench', count: BURST, everyMs: 0 });
    await arrived(bench, sent);
    await quiet(bench);
    const lags = lagsOf(sent, ({ text }) => bench.comments.committed.get(text)?.[0]);
    const name = `burst of ${BURST} changes`;
    return [
      alone({ name: `${name}: half arrived after`, value: quantile(lags, 0.5), unit: 'ms' }),
      alone({ name: `${name}: all arrived after`, value: Math.max(...lags), unit: 'ms' }),
      effects(bench, name, sent),
    ];
  });
}

export async function openThreads(bench: BenchHub): Promise<readonly string[]> {
  const { world } = bench;
  const places = [];
  for (let n = 0; n < THREADS; n++) places.push(await world.slack.say(conversation(n)));
  await until(
    'every conversation is a Case',
    async () => ((await world.salesforce.rows('Case')).length >= THREADS ? true : undefined),
    120_000,
  );
  await quiet(bench);
  bench.tap.take();
  return places.map(({ ts }) => ts);
}

export async function sendAll(
  { world }: BenchHub,
  threads: readonly string[],
  { label, count, everyMs }: { readonly label: string; readonly count: number; readonly everyMs: number },
): Promise<readonly Sent[]> {
  const startedAtMs = Date.now();
  const sending: Promise<Sent>[] = [];
  for (let n = 0; n < count; n++) {
    const dueMs = startedAtMs + n * everyMs - Date.now();
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    const text = `${label} message ${n}`;
    const thread = threads[n % threads.length] ?? '';
    sending.push(world.slack.say(text, thread).then(({ ts }) => ({ text, atMs: Number(ts) * 1_000 })));
  }
  return Promise.all(sending);
}

export async function arrived({ comments: { committed } }: BenchHub, sent: readonly Sent[]): Promise<void> {
  const missing = () => sent.filter(({ text }) => !committed.has(text)).length;
  await until(`${sent.length} changes arrived`, async () => missing() === 0 || undefined, 300_000).catch(
    (error: Error) => {
      throw new Error(`${missing()} of ${sent.length} changes are missing`, { cause: error });
    },
  );
}

/** From the source's own stamp to the moment `at` tells; a change without one is a fault of the bench. */
export function lagsOf(sent: readonly Sent[], at: (sent: Sent) => number | undefined): readonly number[] {
  return sent.map((each) => {
    const atMs = at(each);
    if (atMs === undefined) throw new Error(`nobody saw "${each.text}" acknowledged`);
    return atMs - each.atMs;
  });
}

/** Commits in Salesforce per message in Slack, the second write of one comment counted too. */
function effects({ comments: { committed } }: BenchHub, name: string, sent: readonly Sent[]): Figure {
  const each = sent.map(({ text }) => committed.get(text)?.length ?? 0);
  const made = each.reduce((sum, commits) => sum + commits, 0);
  const detail = { made, sent: sent.length, least: Math.min(...each), most: Math.max(...each) };
  const figure = alone(
    { name: `${name}: effects per change`, value: made / sent.length, unit: '', detail },
    1,
  );
  return { ...figure, isHeld: detail.least === 1 && detail.most === 1 };
}

/** Until the hub's queues are empty, so that what is counted belongs to what was sent. */
export async function quiet({ hub }: BenchHub): Promise<void> {
  await until('the queues are empty', async () => busyIn(hub).length === 0 || undefined, 120_000).catch(
    (error: Error) => {
      throw new Error(`not empty: ${busyIn(hub).join(', ')}`, { cause: error });
    },
  );
}

function busyIn({ runtime: { queues } }: BenchHub['hub']): readonly string[] {
  return [...queues.all()].flatMap(({ name }) => {
    const { visible, inFlight, delayed } = queues.depth(name);
    return visible + inFlight + delayed === 0
      ? []
      : `${name} ${JSON.stringify({ visible, inFlight, delayed })}`;
  });
}
