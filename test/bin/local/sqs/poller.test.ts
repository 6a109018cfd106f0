import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../../bin/local/lambda/function-spec.ts';
import { type Poller, type QueueMapping, startPoller } from '../../../../bin/local/sqs/poller.ts';
import { arnOf, type Emulator, redriveTo, startEmulator } from './fixture.ts';

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Record<string, string>;
  readonly messageAttributes: Record<string, unknown>;
}
let emulator: Emulator;
const pollers: Poller[] = [];
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
  await emulator.close();
});

const answered = (payload = 'null'): InvocationResult => ({ outcome: 'answered', payload });
const failed: InvocationResult = { outcome: 'failed', how: 'handler', errorType: 'E', errorMessage: '' };

/** Polls `name` with a function of the test's own; gives what it was invoked with. */
function poll(
  name: string,
  fn: (records: readonly SqsRecord[]) => InvocationResult,
  mapping: Partial<QueueMapping> = {},
): SqsRecord[][] {
  const batches: SqsRecord[][] = [];
  pollers.push(
    startPoller(
      {
        queueName: name,
        queueArn: arnOf(name),
        batchSize: 1,
        batchWindowMs: 0,
        reportsItemFailures: false,
        concurrency: 1,
        invoke: async (payload) => {
          const { Records } = JSON.parse(payload) as { Records: SqsRecord[] };
          batches.push(Records);
          return fn(Records);
        },
        ...mapping,
      },
      emulator.queues,
    ),
  );
  return batches;
}

const empty = { visible: 0, inFlight: 0, delayed: 0 };

describe('a poller', () => {
  it('hands a message over as Lambda does and deletes it when the function is done', async () => {
    emulator.queue('in');
    const batches = poll('in', () => answered());

    emulator.queues.send(arnOf('in'), 'x');

    await expect.poll(() => emulator.queues.depth('in')).toEqual(empty);
    expect(batches[0]?.[0]).toMatchObject({
      body: 'x',
      eventSource: 'aws:sqs',
      eventSourceARN: arnOf('in'),
      awsRegion: 'us-east-1',
      attributes: { ApproximateReceiveCount: '1' },
    });
  });

  it('leaves a message in flight when the function fails, until the visibility timeout', async () => {
    emulator.queue('failing', { VisibilityTimeout: '600' });
    const batches = poll('failing', () => failed);

    emulator.queues.send(arnOf('failing'), 'x');

    await expect.poll(() => batches.length).toBe(1);
    expect(emulator.queues.depth('failing')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it('brings a message that fails every time to the dead-letter queue', async () => {
    emulator.queue('end');
    emulator.queue('doomed', { ...redriveTo('end', 2), VisibilityTimeout: '0' });
    const batches = poll('doomed', () => failed);
    const dead = poll('end', () => answered());

    emulator.queues.send(arnOf('doomed'), 'x');

    await expect.poll(() => dead.length).toBe(1);
    expect(batches).toHaveLength(2);
    expect(dead[0]?.[0]?.attributes.DeadLetterQueueSourceArn).toBe(arnOf('doomed'));
  });

  it('fills a batch within its window', async () => {
    emulator.queue('batched');
    for (const body of ['1', '2', '3']) emulator.queues.send(arnOf('batched'), body);

    const batches = poll('batched', () => answered(), { batchSize: 3, batchWindowMs: 5_000 });

    await expect.poll(() => batches.map((batch) => batch.length)).toEqual([3]);
  });

  it('deletes only what a batch did not report as failed', async () => {
    emulator.queue('partial', { VisibilityTimeout: '600' });
    for (const body of ['good', 'bad']) emulator.queues.send(arnOf('partial'), body);
    const report = (records: readonly SqsRecord[]) => {
      const bad = records.filter(({ body }) => body === 'bad');
      return answered(
        JSON.stringify({ batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) }),
      );
    };

    poll('partial', report, { batchSize: 2, batchWindowMs: 5_000, reportsItemFailures: true });

    await expect
      .poll(() => emulator.queues.depth('partial'))
      .toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it.each([
    ['an unknown id', '{"batchItemFailures":[{"itemIdentifier":"nobody"}]}', 1],
    ['a bad shape', '{"batchItemFailures":"all"}', 1],
    ['an empty id', '{"batchItemFailures":[{"itemIdentifier":""}]}', 1],
    ['no JSON', 'oops', 1],
    ['an empty list', '{"batchItemFailures":[]}', 0],
    ['no list at all', '{}', 0],
    ['null for a list', '{"batchItemFailures":null}', 0],
    ['nothing', '', 0],
  ])('takes a report of %s as AWS does', async (what, payload, inFlight) => {
    const name = `report-${what.replaceAll(' ', '-')}`;
    emulator.queue(name, { VisibilityTimeout: '600' });
    const batches = poll(name, () => answered(payload), { reportsItemFailures: true });

    emulator.queues.send(arnOf(name), 'x');

    await expect.poll(() => batches.length).toBe(1);
    await expect.poll(() => emulator.queues.depth(name).inFlight).toBe(inFlight);
  });

  it('gives a message back at once when the hub stops under it', async () => {
    emulator.queue('stopping', { VisibilityTimeout: '600' });
    const batches = poll('stopping', () => {
      void pollers.at(-1)?.stop();
      return { outcome: 'failed', how: 'stopped', errorType: '', errorMessage: '' };
    });

    emulator.queues.send(arnOf('stopping'), 'x');

    await expect.poll(() => batches.length).toBe(1);
    await expect.poll(() => emulator.queues.depth('stopping').visible).toBe(1);
  });
});
