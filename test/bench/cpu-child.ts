/** Runs one bundled handler over many events and prints the CPU microseconds each took. */
import { slackGatewayEvent, slackMessage } from './events.ts';

const [bundle = '', count = '2000', connection = 'bench'] = process.argv.slice(2);
const secret = process.env.BENCH_SIGNING_SECRET ?? 'unset';
type Handler = (event: unknown, context: unknown) => Promise<{ statusCode: number }>;
const { handler } = (await import(bundle)) as { handler: Handler };
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

/** Compiled code is what a warm function runs; compiling it would be most of what a short run measures. */
const warmUp = 3_000;
/** Few enough that keeping them costs no garbage collection. */
const distinct = 500;
const offset = Number(process.env.BENCH_OFFSET ?? '0');
const events = Array.from({ length: distinct }, (_, n) =>
  slackGatewayEvent(slackMessage(offset + n), secret, connection),
);

async function handle(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    const { statusCode } = await handler(events[n % distinct], context);
    if (statusCode !== 200) throw new Error(`saw status ${statusCode}, expected 200`);
  }
}

await handle(warmUp);
const before = process.cpuUsage();
await handle(Number(count));
const used = process.cpuUsage(before);
process.stdout.write(`\nCPU ${(used.user + used.system) / Number(count)}\n`);
process.exit(0);
