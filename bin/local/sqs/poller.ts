import type { InvocationResult } from '../lambda/function-spec.ts';
import type { ReceivedMessage } from './fauxqs.ts';
import { settledOf, sqsEvent } from './mapping.ts';
import type { Queues } from './queues.ts';

/** One event source mapping between a queue and a function. */
export interface QueueMapping {
  readonly queueName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly reportsItemFailures: boolean;
  readonly concurrency: number;
  invoke(payload: string): Promise<InvocationResult>;
}

export interface Poller {
  /** Stops receiving and waits for what is running. */
  stop(): Promise<void>;
}

/**
 * Lambda's side of a queue: receive, invoke, delete what is done. What failed stays in flight until the
 * queue's visibility timeout, as on AWS; the queue's own redrive does the rest.
 */
export function startPoller(mapping: QueueMapping, queues: Queues): Poller {
  let isStopped = false;

  async function poll(): Promise<void> {
    while (!isStopped) {
      const messages = await collect(mapping, queues, () => isStopped);
      if (messages.length === 0) continue;
      if (isStopped) {
        for (const message of messages) queues.release(mapping.queueName, message.ReceiptHandle, 0);
        return;
      }
      await deliver(mapping, queues, messages);
    }
  }

  const loops = Array.from({ length: mapping.concurrency }, poll);
  return {
    stop: async () => {
      isStopped = true;
      queues.stopWaiting();
      await Promise.all(loops);
    },
  };
}

async function collect(
  mapping: QueueMapping,
  queues: Queues,
  isStopped: () => boolean,
): Promise<ReceivedMessage[]> {
  const receive = (missing: number, waitSeconds: number): Promise<ReceivedMessage[]> =>
    queues.receive(mapping.queueName, Math.min(10, missing), waitSeconds);
  const messages = await receive(mapping.batchSize, 20);
  const untilMs = Date.now() + mapping.batchWindowMs;
  while (messages.length > 0 && messages.length < mapping.batchSize && !isStopped()) {
    const leftMs = untilMs - Date.now();
    if (leftMs <= 0) break;
    messages.push(...(await receive(mapping.batchSize - messages.length, leftMs / 1_000)));
  }
  return messages;
}

async function deliver(mapping: QueueMapping, queues: Queues, messages: readonly ReceivedMessage[]) {
  const sources = queues.sourcesOf(mapping.queueArn);
  const source = sources.length === 1 ? sources[0] : undefined;
  const result = await mapping.invoke(sqsEvent(messages, mapping.queueArn, source));
  if (result.outcome === 'failed' && result.how === 'stopped') {
    for (const message of messages) queues.release(mapping.queueName, message.ReceiptHandle, 0);
    return;
  }
  for (const message of settledOf(messages, result, mapping.reportsItemFailures)) {
    queues.remove(mapping.queueName, message.ReceiptHandle);
  }
}
