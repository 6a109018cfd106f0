import { randomBytes } from 'node:crypto';
import { benchBundle, deployedBundles } from './bundles.ts';
import { coldImportMs } from './cold-import.ts';
import { connectionItems } from './connection.ts';
import { cpuPerEventUs } from './cpu.ts';
import { against, type Figure } from './figure.ts';
import { IMPORT_ENVIRONMENT } from './functions.ts';
import { startAwsStandIn } from './stand-in.ts';

const EVENTS = { alone: 20_000, keeping: 3_000 };

/** The Slack inbound function against Slack's own framework for Lambda, Bolt's AwsLambdaReceiver. */
export async function slackInbound(): Promise<Figure[]> {
  const signingSecret = randomBytes(16).toString('hex');
  const deployed = (await deployedBundles())['slack-inbound'];
  if (deployed === undefined) throw new Error('no slack-inbound bundle was built');
  const [bolt, boltKeeping, own, floor] = await Promise.all([
    benchBundle('bolt', true),
    benchBundle('bolt-keeping', true),
    benchBundle('slack-inbound', false),
    benchBundle('slack-floor', false),
  ]);
  const env = { ...IMPORT_ENVIRONMENT, BENCH_SIGNING_SECRET: signingSecret };
  const imports = await coldImportMs({ ours: deployed.path, bolt: bolt.path }, env);
  const standIn = await startAwsStandIn({
    items: connectionItems,
    secret: { signingSecret, bodyKey: randomBytes(32).toString('base64') },
  });
  const keeping = { ...env, ...standIn.environment };
  const cpu = await cpuPerEventUs({
    ours: { bundle: own.path, events: EVENTS.alone, env },
    bolt: { bundle: bolt.path, events: EVENTS.alone, env },
    floor: { bundle: floor.path, events: EVENTS.alone, env },
    'ours, with AWS calls': { bundle: deployed.path, events: EVENTS.keeping, env: keeping },
    'bolt, with AWS calls': { bundle: boltKeeping.path, events: EVENTS.keeping, env: keeping },
  }).finally(() => standIn.close());
  const baseline = (value: number | undefined) => ({
    name: 'Bolt AwsLambdaReceiver',
    value: value ?? Number.NaN,
  });
  return [
    against(
      { name: 'slack inbound: bundle', value: deployed.kilobytes, unit: 'KB' },
      baseline(bolt.kilobytes),
      0.25,
    ),
    against(
      { name: 'slack inbound: cold import', value: imports.ours!, unit: 'ms' },
      baseline(imports.bolt),
      0.45,
    ),
    against({ name: 'slack inbound: CPU per event', value: cpu.ours!, unit: 'µs' }, baseline(cpu.bolt), 0.25),
    against(
      { name: 'slack inbound: CPU per event of proof, look and seal alone', value: cpu.floor!, unit: 'µs' },
      baseline(cpu.bolt),
    ),
    against(
      {
        name: 'slack inbound: CPU per event with AWS calls',
        value: cpu['ours, with AWS calls']!,
        unit: 'µs',
      },
      baseline(cpu['bolt, with AWS calls']),
      0.75,
    ),
  ];
}
