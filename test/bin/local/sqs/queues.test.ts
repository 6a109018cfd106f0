import {
  DeleteMessageCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../shared/errors.ts';
import { arnOf, type Emulator, newDirectory, redriveTo, startEmulator } from './fixture.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

async function bodies(url: string, max = 10): Promise<(string | undefined)[]> {
  const answer = await emulator.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: max, VisibilityTimeout: 60 }),
  );
  return (answer.Messages ?? []).map((message) => message.Body);
}

describe('queues, by the official client', () => {
  it('give back what was sent until it is deleted', async () => {
    const url = emulator.queue('plain');
    await emulator.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello' }));

    const { Messages } = await emulator.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'] }),
    );

    expect(Messages?.[0]).toMatchObject({ Body: 'hello', Attributes: { ApproximateReceiveCount: '1' } });
    expect(emulator.queues.depth('plain')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await emulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    expect(emulator.queues.depth('plain').inFlight).toBe(0);
  });

  it('hold a FIFO group back while one of it is in flight', async () => {
    const url = emulator.queue('order.fifo');
    for (const [group, body] of [
      ['a', 'a1'],
      ['a', 'a2'],
      ['b', 'b1'],
    ] as const) {
      emulator.queues.send(arnOf('order.fifo'), body, { group, deduplication: body });
    }

    expect((await bodies(url)).sort()).toEqual(['a1', 'b1']);
    expect(await bodies(url)).toEqual([]);
  });

  it('refuse a message that a FIFO queue could not order', async () => {
    const url = emulator.queue('strict.fifo');

    const sent = emulator.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));

    await expect(sent).rejects.toMatchObject({ name: 'MissingParameter' });
  });

  it('keep a delayed message back', async () => {
    emulator.queue('later');

    emulator.queues.send(arnOf('later'), 'x', { delaySeconds: 900 });

    expect(emulator.queues.depth('later')).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  });

  it('take over attributes that a new template gives an existing queue', () => {
    emulator.queue('changing', { VisibilityTimeout: '30' });
    emulator.queue('changing', { VisibilityTimeout: '60' });

    expect(emulator.queues.get('changing').attributes.VisibilityTimeout).toBe('60');
    expect(() => emulator.queues.get('nobody')).toThrow(ConfigurationError);
  });
});

describe('fair queues', () => {
  it('let an organization with little in flight pass a greedy one', async () => {
    const url = emulator.queue('fair');
    const entry = (Id: string, MessageGroupId: string) => ({ Id, MessageBody: Id, MessageGroupId });
    const Entries = [...Array(8).keys()].map((index) => entry(`greedy-${index}`, 'greedy'));
    await emulator.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(await bodies(url, 2)).toEqual(['greedy-0', 'greedy-1']);
    await emulator.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: 'modest', MessageGroupId: 'modest' }),
    );

    expect(await bodies(url, 2)).toEqual(['modest', 'greedy-2']);
  });
});

describe('dead letters', () => {
  it('arrive after the last receive allowed, with their source known', async () => {
    emulator.queue('dead');
    const url = emulator.queue('mortal', redriveTo('dead', 1));
    await emulator.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    await emulator.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
    await emulator.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));

    expect(emulator.queues.depth('dead').visible).toBe(1);
    expect(emulator.queues.sourcesOf(arnOf('dead'))).toEqual([arnOf('mortal')]);
    const dead = `${emulator.endpoint.url}/000000000000/dead`;
    const sources = await emulator.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(sources.queueUrls).toEqual([url]);
  });

  it('go back to their source by a move task', async () => {
    const SourceArn = arnOf('dead');

    const { TaskHandle } = await emulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));

    expect(TaskHandle).toMatch(/\S/);
    await expect.poll(() => emulator.queues.depth('mortal').visible).toBe(1);
    expect(emulator.queues.depth('dead')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await expect
      .poll(async () => {
        const tasks = await emulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
        return tasks.Results?.map(({ Status, ApproximateNumberOfMessagesMoved }) => [
          Status,
          ApproximateNumberOfMessagesMoved,
        ]);
      })
      .toEqual([['COMPLETED', 1]]);
  });

  it('are only moved from a dead-letter queue', async () => {
    const moved = emulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('mortal') }));

    await expect(moved).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a hub killed and started again', () => {
  it('finds its messages, those in flight visible again, and their groups', async () => {
    const directory = newDirectory();
    const before = await startEmulator(directory);
    before.queue('work');
    before.queues.send(arnOf('work'), 'one', { group: 'acme' });
    before.queues.send(arnOf('work'), 'two', { delaySeconds: 900 });
    await before.queues.receive('work', 1, 0);
    await before.close();

    const after = await startEmulator(directory);
    after.queue('work');

    expect(after.queues.depth('work')).toEqual({ visible: 1, inFlight: 0, delayed: 1 });
    const [message] = await after.queues.receive('work', 1, 0);
    expect(message).toMatchObject({
      Body: 'one',
      Attributes: { MessageGroupId: 'acme', ApproximateReceiveCount: '2' },
    });
    await after.close();
  });
});
