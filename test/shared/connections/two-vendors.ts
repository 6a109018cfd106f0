import { randomBytes } from 'node:crypto';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { Opener, observer, poller, worker } from '../../../shared/connections/index.ts';
import type { ConnectionId, ExternalId, Fields } from '../../../shared/domain/index.ts';
import type {
  EngineDeps,
  HubMessage,
  InternalManifest,
  Mapping,
  Observation,
  Page,
  QueueMessage,
} from '../../../shared/ports/index.ts';
import type { MemoryQueue } from '../../memory/index.ts';
import { type MemoryPlatform, memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

const kinds = { ticket: { ...manifest.kinds.ticket!, creation: { by: 'unique' } as const } };
export const source: InternalManifest = { ...manifest, kinds };
export const target: InternalManifest = { ...manifest, id: 'target', kinds };
const mapping: Mapping = {
  decode: () => ({ outcome: 'filtered', reason: 'not from here' }),
  project: ({ fields }) => ({ subject: fields.subject ?? null }),
  interpret: (_kind, raw: Fields) => raw,
  canonicalForm: (_kind, _field, raw) => raw,
};
export const integrations: EngineDeps['integrations'] = (id) => {
  const found = [source, target].find((each) => each.id === id);
  return found && { manifest: found, mapping };
};
export const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

export function ticket(id: string, subject: string, atMs: number): Observation {
  return {
    kind: 'ticket',
    externalId: id as ExternalId,
    version: { source: 'poll', value: atMs },
    authorship: 'other',
    atMs,
    fields: { subject },
    isComplete: true,
  };
}
export const page = (observations: Observation[], isLast = true): Page => ({
  observations,
  next: { stamp: String(observations.at(-1)?.atMs), id: String(observations.at(-1)?.externalId) },
  isLast,
});

export async function twoVendors() {
  const platform = memoryPlatform();
  const vendors = { model: new ModelVendor(), target: new ModelVendor() };
  const opener = new Opener(platform);
  for (const [integration, id] of [
    ['model', 'c1'],
    ['target', 'c2'],
  ] as const) {
    const state = { kind: 'active' } as const;
    const given = {
      organization: acme,
      integration,
      name: id,
      baseUrl: 'https://vendor.example',
      settings: {},
    };
    await opener.register.create({ ...given, id: id as ConnectionId, state }, 'user:ann');
    await platform.secretsWriter.put(id as ConnectionId, { bodyKey: randomBytes(32).toString('base64') });
  }
  const poll = () =>
    poller({ manifest: source, adapter: modelAdapter(vendors.model) }, platform)({}, context);
  const work = worker({ manifest: target, adapter: modelAdapter(vendors.target) }, integrations, platform);
  const observe = observer(integrations, platform);
  return { platform, vendors, opener, poll, work, observe };
}

/** Lets a function consume a queue as its event source does. */
export async function drain(
  queue: MemoryQueue,
  handle: (event: SQSEvent, context: Context) => Promise<unknown>,
) {
  const results: unknown[] = [];
  for (let received = queue.receive(); received !== undefined; received = queue.receive()) {
    const record = recordOf(received.body as HubMessage);
    const result = await handle({ Records: [record] }, context);
    queue.delete(received.receipt);
    results.push(result);
  }
  return results;
}

export function recordOf(message: QueueMessage): SQSRecord {
  return {
    messageId: 'm1',
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: '1' },
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:changes-dlq.fifo',
  } as SQSRecord;
}

export const accepted = ({ telemetry }: MemoryPlatform) =>
  telemetry.metrics.filter(({ name }) => name === 'Accepted').length;
