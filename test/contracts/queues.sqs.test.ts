import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lean } from '../../shared/adapters/aws/client-settings.ts';
import { groupId, sqsQueues } from '../../shared/adapters/aws/queues.ts';
import { systemRandom } from '../../shared/adapters/aws/system.ts';
import type { ChangeMessage, QueueMessage } from '../../shared/ports/index.ts';
import { type Emulators, startEmulators } from '../shared/adapters/aws/emulators.ts';
import { describeQueues, QUEUE, type QueuesWorld } from './queues.ts';

let emulators: Emulators;
let worlds = 0;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const deadLettersOf = (name: string): string => name.replace(/(\.fifo)?$/, '-dead$1');

function fresh() {
  worlds += 1;
  const names = {
    changes: `changes-${worlds}.fifo`,
    deltas: `deltas-${worlds}.fifo`,
    backfill: `backfill-${worlds}.fifo`,
    work: `work-${worlds}`,
    files: `files-${worlds}`,
    jobs: `jobs-${worlds}`,
  };
  for (const name of Object.values(names)) {
    const dead = deadLettersOf(name);
    const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    const deadLetterTargetArn = arnOf(dead);
    emulators.queues.ensure(dead, emulators.urlOf(dead), fifo);
    emulators.queues.ensure(name, emulators.urlOf(name), {
      ...fifo,
      VisibilityTimeout: String(QUEUE.visibilityMs / 1_000),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: QUEUE.maxReceives }),
    });
  }
  const queues = sqsQueues({
    random: systemRandom,
    changesUrl: emulators.urlOf(names.changes),
    deltasUrl: emulators.urlOf(names.deltas),
    backfillUrl: emulators.urlOf(names.backfill),
    workUrls: { model: emulators.urlOf(names.work) },
    fileUrls: { model: emulators.urlOf(names.files) },
    jobUrls: { model: emulators.urlOf(names.jobs) },
    client: lean(new SQSClient({ ...emulators.client, useQueueUrlAsEndpoint: false })),
  });
  return { names, queues };
}

describeQueues('on SQS', async (): Promise<QueuesWorld> => {
  const { names, queues } = fresh();
  return {
    queues,
    async receive(queue) {
      const [message] = await emulators.queues.receive(names[queue], 1, 0);
      if (message === undefined) return undefined;
      return {
        body: JSON.parse(message.Body) as QueueMessage,
        receives: Number(message.Attributes?.ApproximateReceiveCount),
        delete: async () => emulators.queues.remove(names[queue], message.ReceiptHandle),
        release: async () => emulators.queues.release(names[queue], message.ReceiptHandle, 0),
      };
    },
    async sendAs(name, deduplication, group, body) {
      emulators.queues.send(arnOf(names[name]), JSON.stringify(body), { group, deduplication });
    },
    async deadLetters(name) {
      const { ready } = emulators.queues.get(deadLettersOf(names[name])).inspectMessages();
      return ready.map(({ body }) => JSON.parse(body) as QueueMessage);
    },
    // The emulator runs in this process and asks `Date` what time it is.
    pass: async (ms) => void vi.setSystemTime(Date.now() + ms),
  };
});

describe('queues on SQS', () => {
  const change = {
    type: 'change',
    organization: 'acme',
    connection: 'c1',
    inbox: 'e1',
  } as unknown as ChangeMessage;

  it('groups by connection and root, and work by organization', async () => {
    const { names, queues } = fresh();
    await queues.sendChange('changes', 'g1', change);
    await queues.sendWork('model', { ...change, type: 'reconcile', root: 'r1', wake: 'w1' } as never);

    const [first] = await emulators.queues.receive(names.changes, 1, 0);
    const [work] = await emulators.queues.receive(names.work, 1, 0);

    expect(first?.Attributes?.MessageGroupId).toBe('c1:g1');
    expect(work?.Attributes?.MessageGroupId).toBe('acme');
  });

  it('takes any group a vendor may have, as SQS does not', () => {
    expect(groupId('C1:1.2')).toBe('C1:1.2');
    for (const group of ['<a b@c.d>', 'ü', 'x'.repeat(129), ''])
      expect(groupId(group)).toMatch(/^[0-9a-f]{64}$/);
    expect(groupId('a b')).not.toBe(groupId('a c'));
  });

  it('says that a function was given no such queue', async () => {
    const { queues } = fresh();
    const bare = sqsQueues({
      random: systemRandom,
      changesUrl: undefined,
      deltasUrl: undefined,
      backfillUrl: undefined,
      workUrls: {},
      fileUrls: {},
      jobUrls: {},
    });

    await expect(queues.sendWork('other', change as never)).rejects.toMatchObject({ code: 'configuration' });
    await expect(bare.sendChange('deltas', 'g', change)).rejects.toMatchObject({ code: 'configuration' });
  });

  it('is unavailable when SQS is, and misconfigured when the queue is gone', async () => {
    const client = new SQSClient({ ...emulators.client, endpoint: 'http://127.0.0.1:1' });
    const urls = {
      changesUrl: emulators.urlOf('never.fifo'),
      deltasUrl: undefined,
      backfillUrl: undefined,
      workUrls: {},
      fileUrls: {},
      jobUrls: {},
    };
    const away = sqsQueues({ random: systemRandom, ...urls, client });
    const gone = sqsQueues({ random: systemRandom, ...urls, client: new SQSClient(emulators.client) });

    await expect(away.sendChange('changes', 'g', change)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    await expect(gone.sendChange('changes', 'g', change)).rejects.toMatchObject({ code: 'configuration' });
  });
});
