import { randomBytes } from 'node:crypto';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createFeatures, settingsFrom } from '../../../shared/config/index.ts';
import {
  createDirectory,
  createVault,
  deadLetterParker,
  Opener,
  observer,
  poller,
  sweeper,
  worker,
} from '../../../shared/connections/index.ts';
import type { ConnectionId, ExternalId, Fields } from '../../../shared/domain/index.ts';
import type {
  EngineDeps,
  HubMessage,
  Manifest,
  Mapping,
  Observation,
  Page,
} from '../../../shared/ports/index.ts';
import type { MemoryQueue } from '../../memory/index.ts';
import { type MemoryPlatform, memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

const kinds = { ticket: { ...manifest.kinds.ticket!, creation: { by: 'unique' } as const } };
const source: Manifest = { ...manifest, kinds };
const target: Manifest = { ...manifest, id: 'target', kinds };
const mapping: Mapping = {
  decode: () => ({ outcome: 'filtered', reason: 'not from here' }),
  project: ({ fields }) => ({ subject: fields.subject ?? null }),
  interpret: (_kind, raw: Fields) => raw,
  canonicalForm: (_kind, _field, raw) => raw,
};
const integrations: EngineDeps['integrations'] = (id) => {
  const found = [source, target].find((each) => each.id === id);
  return found && { manifest: found, mapping };
};
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

function ticket(id: string, subject: string, atMs: number): Observation {
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
const page = (observations: Observation[], isLast = true): Page => ({
  observations,
  next: { stamp: String(observations.at(-1)?.atMs), id: String(observations.at(-1)?.externalId) },
  isLast,
});

async function world() {
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
async function drain(queue: MemoryQueue, handle: (event: SQSEvent, context: Context) => Promise<unknown>) {
  const results: unknown[] = [];
  for (let received = queue.receive(); received !== undefined; received = queue.receive()) {
    const record = recordOf(received.body as HubMessage);
    const result = await handle({ Records: [record] }, context);
    queue.delete(received.receipt);
    results.push(result);
  }
  return results;
}

function recordOf(message: HubMessage): SQSRecord {
  return {
    messageId: 'm1',
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: '1' },
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:changes-dlq.fifo',
  } as SQSRecord;
}

const accepted = ({ telemetry }: MemoryPlatform) =>
  telemetry.metrics.filter(({ name }) => name === 'Accepted').length;

describe('functions of a hub in memory: poll, observe, reconcile', () => {
  it('carry what a poll found at one vendor to the other', async () => {
    const { platform, vendors, poll, work, observe } = await world();
    vendors.model.pages = [page([ticket('x1', 'My bike is broken', platform.clock.now() - 60_000)])];

    await poll();
    expect(await drain(platform.queues.deltas, observe)).toEqual([{ batchItemFailures: [] }]);
    expect(await drain(platform.queues.work('target'), work)).toEqual([{ batchItemFailures: [] }]);

    expect(vendors.target.writes).toMatchObject([
      { operation: 'create', kind: 'ticket', fields: { subject: 'My bike is broken' } },
    ]);
    expect(vendors.model.writes).toEqual([]);
  });

  it('save what a call brought before the work that waited for its vendor goes on', async () => {
    const { platform, vendors, poll, work, observe } = await world();
    const { limits, records } = platform.stores;
    const breaker = { state: 'open', untilMs: 0, opens: 1 };
    await limits.commit([{ put: { pk: 'breaker#c2', sk: 'breaker', data: breaker }, expect: 0 }]);
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, observe);
    const looks: boolean[] = [];
    const look = records.page.bind(records);
    records.page = async (list, options) => {
      looks.push(JSON.stringify(records.items()).includes('"externalId":"x"'));
      return look(list, options);
    };

    await drain(platform.queues.work('target'), work);

    expect(vendors.target.writes).toHaveLength(1);
    expect(looks).toEqual([true]);
  });

  it('give a work message back that was sent to the wrong queue or names nothing', async () => {
    const { platform, work, observe } = await world();
    const ids = { organization: acme, connection: 'c2' as ConnectionId };
    const change = { type: 'change', inbox: 'e1' as never, ...ids } as const;
    const wake = { type: 'reconcile', root: 'r1' as never, wake: 'w1' as never, ...ids } as const;
    const failures = [{ itemIdentifier: 'm1' }];
    const send = (handle: typeof work, message: HubMessage) =>
      handle({ Records: [recordOf(message)] }, context);

    expect(await send(work, change)).toEqual({ batchItemFailures: failures });
    expect(await send(observe, wake)).toEqual({ batchItemFailures: failures });
    expect(await send(work, { ...wake, connection: 'never' as ConnectionId })).toEqual({
      batchItemFailures: failures,
    });
    expect(await send(work, { ...wake, organization: 'globex' as never })).toEqual({
      batchItemFailures: failures,
    });
    expect(await send(work, { ...wake, connection: 'c1' as ConnectionId })).toEqual({
      batchItemFailures: failures,
    });
    expect(platform.telemetry.logs.map(({ facts }) => facts.code)).toEqual([
      'invariant',
      'invariant',
      'not_found',
      'not_found',
      'invariant',
    ]);
  });

  it('park what landed in a dead-letter queue', async () => {
    const { platform, vendors, poll } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();

    await drain(platform.queues.deltas, deadLetterParker(integrations, platform));

    const parked = platform.stores.records.items().filter(({ pk }) => pk.includes('#parked#'));
    expect(JSON.stringify(parked)).toContain('changes-dlq.fifo');
  });

  it('send again what stayed open, and publish what the bus did not take', async () => {
    const { platform, vendors, poll } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    expect(platform.queues.deltas.size).toBe(1);
    platform.clock.advance(120_000);

    await sweeper(integrations, platform)({}, context);

    expect(platform.queues.deltas.size).toBe(2);
    expect(platform.telemetry.logs.at(-1)).toMatchObject({
      message: 'swept',
      facts: { reenqueued: 1, announced: 0 },
    });
  });
});

describe('the sweeper', () => {
  it('tells how many rows are open too long and since when, and that there are none', async () => {
    const { platform, vendors, poll, observe } = await world();
    const told = async () => {
      await sweeper(integrations, platform)({}, context);
      const { metrics } = platform.telemetry;
      return metrics.slice(-2).map(({ name, value }) => [name, value]);
    };
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    platform.clock.advance(120_000);

    expect(await told()).toEqual([
      ['OpenInboxRows', 1],
      ['OldestOpenInboxMs', 120_000],
    ]);
    await drain(platform.queues.deltas, observe);
    platform.clock.advance(120_000);
    expect(await told()).toEqual([
      ['OpenInboxRows', 0],
      ['OldestOpenInboxMs', 0],
    ]);
  });
});

describe('poll', () => {
  it('moves the cursor after each page was kept, and goes on from it', async () => {
    const { platform, vendors, poll } = await world();
    const seen: unknown[] = [];
    const adapter = modelAdapter(vendors.model);
    const spying = poller(
      {
        manifest: source,
        adapter: {
          ...adapter,
          open: (opening, grant) => ({
            ...adapter.open(opening, grant),
            async *pull(kind, after) {
              seen.push([kind, after]);
              yield page([ticket('x1', 'a', 1_000)], false);
              yield page([ticket('x2', 'b', 2_000)]);
            },
          }),
        },
      },
      platform,
    );
    await spying({}, context);
    await spying({}, context);

    expect(seen).toEqual([
      ['ticket', undefined],
      ['ticket', { stamp: '2000', id: 'x2' }],
    ]);
    expect(poll).toBeDefined();
  });

  it('keeps a row once though pages overlap, and again when it is too fresh to be final', async () => {
    const { platform, vendors, poll } = await world();
    vendors.model.pages = [
      page([ticket('old', 'a', platform.clock.now() - 60_000), ticket('fresh', 'a', platform.clock.now())]),
    ];

    await poll();
    await poll();

    expect(accepted(platform)).toBe(3);
  });

  it('keeps a row again whose content has changed', async () => {
    const { platform, vendors, poll } = await world();
    const atMs = platform.clock.now() - 60_000;
    vendors.model.pages = [page([ticket('x1', 'a', atMs)])];
    await poll();
    vendors.model.pages = [page([ticket('x1', 'b', atMs)])];

    await poll();

    expect(accepted(platform)).toBe(2);
  });

  it('leaves a connection alone that another poll holds, or that is parked', async () => {
    const { platform, vendors, poll, opener } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];
    const lease = {
      pk: 'lease#poll#c1',
      sk: 'lease',
      data: { holder: 'other', untilMs: platform.clock.now() + 1_000 },
    };
    await platform.stores.limits.commit([{ put: lease, expect: 0 }]);
    await poll();
    expect(accepted(platform)).toBe(0);
    platform.clock.advance(1_000);
    const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
    const connection = (await directory.get(acme, 'c1' as ConnectionId))!;
    await opener.register.park(connection, { reason: 'x', fault: 'organization' }, []);

    await poll();

    expect(accepted(platform)).toBe(0);
  });

  it('leaves an organization alone that has switched delta sync off', async () => {
    const { platform, vendors, poll } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];
    const features = createFeatures(platform.stores.connections, settingsFrom(undefined));
    await features.change(acme, { 'delta-sync': false });
    await poll();
    expect(accepted(platform)).toBe(0);
    await features.change(acme, { 'delta-sync': true });

    await poll();

    expect(accepted(platform)).toBe(1);
  });

  it('parks a connection whose renewal is refused, and still polls the others', async () => {
    const { platform, vendors, poll, opener } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];
    const given = {
      organization: acme,
      integration: 'model',
      name: 'c3',
      baseUrl: 'https://vendor.example',
      settings: {},
    };
    const dead = { accessToken: 'dead', instanceUrl: '', refreshToken: 'spent', expiresAtMs: 1 };
    const third = await opener.register.create({ ...given, id: 'c3' as ConnectionId }, 'user:ann');
    const vault = createVault({ store: platform.stores.connections, keys: platform.keys });
    await opener.register.activate(third, dead, {
      with: await vault.sealed(third, dead, 0),
      actor: 'user:ann',
    });
    await platform.secretsWriter.put(third.id, { bodyKey: randomBytes(32).toString('base64') });

    await poll();

    expect(accepted(platform)).toBe(1);
    const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
    expect((await directory.get(acme, third.id))?.state.kind).toBe('parked');
  });

  it('tells of a failure that is not the vendor’s, after all others had their turn', async () => {
    const { platform, vendors, poll } = await world();
    await platform.secretsWriter.remove('c1' as ConnectionId);
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];

    await expect(poll()).rejects.toThrow(/1 connections were not polled/);
  });

  it('stops in time', async () => {
    const { platform, vendors } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', 0)], false), page([ticket('x2', 'a', 0)])];
    const handler = poller({ manifest: source, adapter: modelAdapter(vendors.model) }, platform);

    await handler({}, { getRemainingTimeInMillis: () => 10_000 } as Context);

    expect(accepted(platform)).toBe(0);
  });
});
