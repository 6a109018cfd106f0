import { slackAuthenticity as authenticity } from '../../../functions/channels/slack/authenticity.ts';
import { manifest } from '../../../functions/channels/slack/manifest.ts';
import { inbound } from '../../../shared/http/receive.ts';

/** Our inbound function with every port answering at once: what its own code costs. */
const connection = {
  id: 'bench',
  organization: 'org_bench',
  integration: 'slack',
  name: 'bench',
  baseUrl: 'https://slack.com/api/',
  state: { kind: 'active' },
  settings: {},
  createdAtMs: 0,
} as const;

type Ports = Parameters<typeof inbound>[2];
const ports = {
  clock: { now: () => Date.now() },
  connections: { byAddress: async () => connection },
  secrets: { get: async () => ({ signingSecret: process.env.BENCH_SIGNING_SECRET ?? 'unset' }) },
  telemetry: { log: () => {}, metric: () => {} },
  store: { commit: async () => {}, get: async () => undefined },
  queues: { sendChange: async () => {} },
  sealer: { seal: async (_o: string, _c: string, plain: Uint8Array) => plain },
} as unknown as Ports;

export const handler = inbound(manifest, authenticity, ports);
