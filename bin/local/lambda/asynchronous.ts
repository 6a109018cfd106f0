import type { Queues } from '../sqs/queues.ts';
import { arn } from '../template/identity.ts';
import type { InvocationResult } from './function-spec.ts';

export interface AsynchronousTarget {
  readonly functionName: string;
  readonly maximumRetries: number;
  /** Where an event goes that failed every time: a queue's arn. */
  readonly deadLetterArn: string | undefined;
  invoke(payload: string): Promise<InvocationResult>;
}

export interface AsynchronousInvoker {
  /** Accepted, on disk, before it returns. */
  accept(functionName: string, payload: string): void;
  stop(): Promise<void>;
}

interface Options {
  readonly queues: Queues;
  readonly targets: readonly AsynchronousTarget[];
  /** Lambda waits one minute before the first retry and two before the second. */
  readonly retryDelaysSeconds: readonly number[];
  /** Told of an event that no dead-letter queue took. */
  readonly onLost: (functionName: string, result: InvocationResult) => void;
}

const concurrency = 2;
/** Longer than any function may run, so that nothing under way is handed out again. */
const visibilitySeconds = 1_000;

/**
 * Lambda's asynchronous invocations: an internal queue per function, retried by Lambda itself when the
 * function fails. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function startAsynchronousInvoker(options: Options): AsynchronousInvoker {
  const { queues, targets } = options;
  let isStopped = false;
  for (const target of targets) {
    const name = queueOf(target.functionName);
    queues.ensure(name, `internal/${name}`, { VisibilityTimeout: String(visibilitySeconds) });
  }
  const work = async (target: AsynchronousTarget): Promise<void> => {
    while (!isStopped) await takeOne(target, options);
  };
  const loops = targets.flatMap((target) => Array.from({ length: concurrency }, () => work(target)));
  return {
    accept: (functionName, payload) => queues.send(arn('sqs', queueOf(functionName)), payload),
    stop: async () => {
      isStopped = true;
      queues.stopWaiting();
      await Promise.all(loops);
    },
  };
}

async function takeOne(target: AsynchronousTarget, options: Options): Promise<void> {
  const name = queueOf(target.functionName);
  const [message] = await options.queues.receive(name, 1, 20);
  if (message === undefined) return;
  const result = await target.invoke(message.Body);
  const attempts = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
  if (result.outcome === 'failed' && result.how === 'stopped') {
    options.queues.release(name, message.ReceiptHandle, 0);
    return;
  }
  if (result.outcome === 'failed' && attempts <= target.maximumRetries) {
    options.queues.release(name, message.ReceiptHandle, options.retryDelaysSeconds[attempts - 1] ?? 60);
    return;
  }
  if (result.outcome === 'failed') {
    if (target.deadLetterArn === undefined) options.onLost(target.functionName, result);
    else options.queues.send(target.deadLetterArn, message.Body);
  }
  options.queues.remove(name, message.ReceiptHandle);
}

function queueOf(functionName: string): string {
  return `lambda-async-${functionName}`;
}
