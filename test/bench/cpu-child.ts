/** Runs one bundled handler over many events and prints the CPU microseconds each took. */
import { slackGatewayEvent, slackMessage } from './events.ts';

const [bundle = '', count = '2000', connection = 'bench'] = process.argv.slice(2);
const secret = process.env.BENCH_SIGNING_SECRET ?? 'unset';
type Handler = (event: unknown, context: unknown) => Promise<{ statusCode: number }>;
const { handler } = (await import(bundle)) as { handler: Handler };
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

const warmUp = 300;
const total = Number(count) + warmUp;
const offset = Number(process.env.BENCH_OFFSET ?? '0');
const events = Array.from({ length: total }, (_, n) =>
  slackGatewayEvent(slackMessage(offset + n), secret, connection),
);
let before = process.cpuUsage();
for (const [n, event] of events.entries()) {
  if (n === warmUp) before = process.cpuUsage();
  const { statusCode } = await handler(event, context);
  if (statusCode !== 200) throw new Error(`saw status ${statusCode}, expected 200`);
}
const used = process.cpuUsage(before);
process.stdout.write(`\nCPU ${(used.user + used.system) / Number(count)}\n`);
process.exit(0);
