import { ConfigurationError } from '../../../shared/errors.ts';
import { arn } from '../template/identity.ts';
import { makeFair } from './fair.ts';
import type { Fauxqs, ReceivedMessage, SqsMessage, SqsQueue } from './fauxqs.ts';

export interface Sending {
  readonly group?: string;
  readonly deduplication?: string;
  readonly delaySeconds?: number;
}

/** The queues as pollers, rules and the SQS endpoint use them; all state is on disk before a call returns. */
export interface Queues {
  /** Creates the queue, or gives an existing one these attributes. */
  ensure(name: string, url: string, attributes: Readonly<Record<string, string>>): void;
  send(queueArn: string, body: string, sending?: Sending): void;
  /** Up to `waitSeconds` later; empty when nothing came. */
  receive(name: string, max: number, waitSeconds: number): Promise<ReceivedMessage[]>;
  remove(name: string, receiptHandle: string): void;
  /** Makes a received message visible again after a while. */
  release(name: string, receiptHandle: string, afterSeconds: number): void;
  depth(name: string): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  /** Arns of the queues whose dead letters go to this one. */
  sourcesOf(deadLetterArn: string): readonly string[];
  get(name: string): SqsQueue;
  all(): Iterable<SqsQueue>;
  /** SQS's SendMessage and SendMessageBatch, with message groups on standard queues kept. */
  sendAction(action: 'SendMessage' | 'SendMessageBatch', body: SendBody): Record<string, unknown>;
  stopWaiting(): void;
}

interface SendEntry {
  readonly MessageBody?: string;
  readonly MessageGroupId?: string;
}
export interface SendBody extends SendEntry {
  readonly QueueUrl?: string;
  readonly Entries?: readonly SendEntry[];
  readonly [key: string]: unknown;
}

export function createQueues(fauxqs: Fauxqs): Queues {
  /** Groups of the entries now being sent, in order; empty between calls, which are synchronous. */
  let sending: SendEntry[] = [];

  const takeGroup = (message: SqsMessage): void => {
    const index = sending.findIndex((entry) => entry.MessageBody === message.body);
    const [entry] = index < 0 ? [] : sending.splice(index, 1);
    if (entry?.MessageGroupId !== undefined) message.messageGroupId = entry.MessageGroupId;
  };
  const adopt = (queue: SqsQueue): void => {
    if (queue.isFifo()) return;
    const enqueue = queue.enqueue.bind(queue);
    queue.enqueue = (message) => {
      takeGroup(message);
      enqueue(message);
    };
    makeFair(queue);
  };
  for (const queue of fauxqs.sqs.allQueues()) adopt(queue);

  const get = (name: string): SqsQueue => {
    const queue = fauxqs.sqs.getQueueByName(name);
    if (queue === undefined) throw new ConfigurationError(`there is no queue ${name}`);
    return queue;
  };
  const sendAction: Queues['sendAction'] = (action, body) => {
    sending = [...(body.Entries ?? [body])];
    try {
      return action === 'SendMessage'
        ? fauxqs.sendMessage(body, fauxqs.sqs)
        : fauxqs.sendMessageBatch(body, fauxqs.sqs);
    } finally {
      sending = [];
    }
  };

  return {
    get,
    sendAction,
    ensure: (name, url, attributes) => {
      const existing = fauxqs.sqs.getQueueByName(name);
      if (existing === undefined)
        adopt(fauxqs.sqs.createQueue(name, url, arn('sqs', name), { ...attributes }));
      else existing.setAttributes({ ...attributes });
    },
    send: (queueArn, body, options = {}) => {
      sendAction('SendMessage', {
        QueueUrl: queueArn.split(':').at(-1) ?? '',
        MessageBody: body,
        ...(options.group === undefined ? {} : { MessageGroupId: options.group }),
        ...(options.deduplication === undefined ? {} : { MessageDeduplicationId: options.deduplication }),
        ...(options.delaySeconds === undefined ? {} : { DelaySeconds: options.delaySeconds }),
      });
    },
    receive: async (name, max, waitSeconds) => {
      const request = {
        QueueUrl: name,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      };
      return (await fauxqs.receiveMessage(request, fauxqs.sqs)).Messages ?? [];
    },
    remove: (name, receiptHandle) => {
      get(name).deleteMessage(receiptHandle);
    },
    release: (name, receiptHandle, afterSeconds) => get(name).changeVisibility(receiptHandle, afterSeconds),
    depth: (name) => {
      const { ready, delayed, inflight } = get(name).inspectMessages();
      return { visible: ready.length, inFlight: inflight.length, delayed: delayed.length };
    },
    sourcesOf: (deadLetterArn) =>
      [...fauxqs.sqs.allQueues()]
        .filter((queue) => queue.attributes.RedrivePolicy?.includes(`"${deadLetterArn}"`) === true)
        .map((queue) => queue.arn),
    all: () => fauxqs.sqs.allQueues(),
    stopWaiting: () => fauxqs.sqs.shutdown(),
  };
}
