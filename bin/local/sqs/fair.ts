import type { SqsMessage, SqsQueue } from './fauxqs.ts';

/**
 * Fair queues: on a standard queue a group with many messages in flight yields to groups with fewer.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 * fauxqs drops MessageGroupId on standard queues, so a test of fairness on it alone would prove nothing.
 */
export function makeFair(queue: SqsQueue): void {
  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (maxCount, ...rest) => {
    // Brings back what became visible before the order is decided.
    queue.processTimers();
    if (queue.messages.length > 1) {
      queue.messages = fairOrder(queue.messages, inFlightByGroup(queue), maxCount);
    }
    return dequeue(maxCount, ...rest);
  };
}

/** The same messages; the first `count` are each the oldest of the group with the least in flight. */
export function fairOrder(
  messages: readonly SqsMessage[],
  inFlight: ReadonlyMap<string, number>,
  count: number,
): SqsMessage[] {
  const taken = new Map(inFlight);
  const rest = [...messages];
  const first: SqsMessage[] = [];
  while (first.length < count && rest.length > 0) {
    const index = indexOfFairest(rest, taken);
    const [message] = rest.splice(index, 1);
    if (message === undefined) break;
    first.push(message);
    if (message.messageGroupId !== undefined) taken.set(message.messageGroupId, loadOf(message, taken) + 1);
  }
  return [...first, ...rest];
}

function indexOfFairest(messages: readonly SqsMessage[], inFlight: ReadonlyMap<string, number>): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, message] of messages.entries()) {
    const load = loadOf(message, inFlight);
    if (load < least) [best, least] = [index, load];
    if (least === 0) break;
  }
  return best;
}

function inFlightByGroup(queue: SqsQueue): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { message } of queue.inflightMessages.values()) {
    if (message.messageGroupId !== undefined) counts.set(message.messageGroupId, loadOf(message, counts) + 1);
  }
  return counts;
}

/** What came without a group is a group of its own. */
function loadOf({ messageGroupId }: SqsMessage, inFlight: ReadonlyMap<string, number>): number {
  return messageGroupId === undefined ? 0 : (inFlight.get(messageGroupId) ?? 0);
}
