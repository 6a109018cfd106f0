import { randomUUID } from 'node:crypto';
import { type Service, ServiceError, textOf } from '../aws/service.ts';
import type { Queues } from './queues.ts';

interface Task {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly toMove: number;
  readonly startedAtMs: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'CANCELLING';
}

export interface MoveTasks {
  readonly operations: Service;
  stop(): void;
}

const everyMs = 100;
const fastest = 500;

/**
 * Redrive of dead letters, which fauxqs lacks: a moved message is new (id, time, receive count).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export function moveTasks(queues: Queues): MoveTasks {
  const tasks: Task[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const start = (input: Readonly<Record<string, unknown>>): Task => {
    const sourceArn = textOf(input, 'SourceArn');
    const sources = queues.sourcesOf(sourceArn);
    if (sources.length === 0) {
      throw new ServiceError('ResourceNotFoundException', 'The source queue is not a dead-letter queue.');
    }
    if (tasks.some((task) => task.sourceArn === sourceArn && task.status === 'RUNNING')) {
      throw new ServiceError('UnsupportedOperation', 'There is already a task running on the source queue.');
    }
    const task: Task = {
      handle: Buffer.from(randomUUID()).toString('base64'),
      sourceArn,
      destinationArn: typeof input.DestinationArn === 'string' ? input.DestinationArn : undefined,
      toMove: queues.depth(nameOf(sourceArn)).visible,
      startedAtMs: Date.now(),
      moved: 0,
      status: 'RUNNING',
    };
    tasks.unshift(task);
    const perSecond = Math.min(fastest, Number(input.MaxNumberOfMessagesPerSecond ?? fastest));
    run(
      task,
      task.destinationArn ?? sources[0] ?? '',
      Math.max(1, Math.round((perSecond * everyMs) / 1_000)),
    );
    return task;
  };
  const run = (task: Task, destinationArn: string, atOnce: number): void => {
    const timer = setInterval(async () => {
      const messages = task.status === 'RUNNING' ? await take(queues, nameOf(task.sourceArn), atOnce) : [];
      for (const message of messages) {
        move(queues, task.sourceArn, destinationArn, message);
        task.moved += 1;
      }
      if (messages.length > 0) return;
      task.status = task.status === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED';
      clearInterval(timer);
      timers.delete(timer);
    }, everyMs);
    timers.add(timer);
  };

  const operations: Service = {
    'AmazonSQS.StartMessageMoveTask': (input) => ({ TaskHandle: start(input).handle }),
    'AmazonSQS.ListMessageMoveTasks': (input) => ({
      Results: tasks.filter((task) => task.sourceArn === textOf(input, 'SourceArn')).map(describe),
    }),
    'AmazonSQS.CancelMessageMoveTask': (input) => {
      const task = tasks.find(({ handle }) => handle === textOf(input, 'TaskHandle'));
      if (task === undefined) throw new ServiceError('ResourceNotFoundException', 'The task does not exist.');
      if (task.status === 'RUNNING') task.status = 'CANCELLING';
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
    'AmazonSQS.ListDeadLetterSourceQueues': (input) => {
      const { arn } = queues.get(nameOf(textOf(input, 'QueueUrl')));
      return { queueUrls: queues.sourcesOf(arn).map((source) => queues.get(nameOf(source)).url) };
    },
  };
  const stop = (): void => {
    for (const timer of timers) clearInterval(timer);
  };
  return { operations, stop };
}

type Received = Awaited<ReturnType<Queues['receive']>>[number];

async function take(queues: Queues, name: string, count: number): Promise<Received[]> {
  const taken: Received[] = [];
  while (taken.length < count) {
    const messages = await queues.receive(name, Math.min(10, count - taken.length), 0);
    if (messages.length === 0) break;
    taken.push(...messages);
  }
  return taken;
}

function move(queues: Queues, sourceArn: string, destinationArn: string, message: Received): void {
  const group = message.Attributes?.MessageGroupId;
  const isFifo = destinationArn.endsWith('.fifo');
  queues.send(destinationArn, message.Body, {
    ...(group === undefined ? {} : { group }),
    // As on AWS: a FIFO dead-letter queue puts the message's own id in place of its deduplication id.
    ...(isFifo ? { deduplication: message.MessageId } : {}),
  });
  queues.remove(nameOf(sourceArn), message.ReceiptHandle);
}

function describe(task: Task): unknown {
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    StartedTimestamp: task.startedAtMs,
  };
}

function nameOf(urlOrArn: string): string {
  return urlOrArn.split(/[:/]/).at(-1) ?? '';
}
