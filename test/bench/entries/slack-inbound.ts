import { verifySlackSignature } from '../../../functions/channels/slack/authenticity.ts';
import { manifest } from '../../../functions/channels/slack/manifest.ts';
import { inbound } from '../../../shared/http/receive.ts';
import type { Item, Store } from '../../../shared/ports/index.ts';
import { connectionItems } from '../connection.ts';

/** Our inbound function with every port answering at once: what its own code costs, sealing included. */
const secret = {
  signingSecret: process.env.BENCH_SIGNING_SECRET ?? 'unset',
  bodyKey: Buffer.alloc(32, 7).toString('base64'),
};
const store = {
  commit: async () => {},
  get: async (pk: string, sk: string) =>
    connectionItems.find((item) => item.pk === pk && item.sk === sk) as Item,
} as unknown as Store;

let ids = 0;
export const handler = inbound(manifest, verifySlackSignature, {
  clock: { now: () => Date.now() },
  random: {
    next: () => 0.5,
    id: () => {
      ids += 1;
      return String(ids);
    },
  },
  telemetry: { log: () => {}, metric: () => {} },
  secrets: { get: async () => secret },
  stores: { records: store, connections: store },
  queues: { sendChange: async () => {}, sendWork: async () => {} },
});
