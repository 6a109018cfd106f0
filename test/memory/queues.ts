import type {
  BackfillMessage,
  ChangeMessage,
  CheckMessage,
  EntryLane,
  HubMessage,
  JobQueues,
  Queues,
  WorkMessage,
} from '../../shared/ports/index.ts';
import { MemoryQueue, type QueueOptions, type QueueSettings } from './queue.ts';

const DAY_MS = 86_400_000;

export interface QueueTimes {
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly maxReceives: number;
}

export interface MemoryQueues extends Queues, JobQueues {
  readonly changes: MemoryQueue;
  readonly deltas: MemoryQueue;
  readonly backfill: MemoryQueue;
  work(integration: string): MemoryQueue;
  files(integration: string): MemoryQueue;
  jobs(integration: string): MemoryQueue;
  /** Every queue with its dead-letter queue. */
  all(): readonly { readonly queue: MemoryQueue; readonly deadLetters: MemoryQueue }[];
}

export interface MemoryQueuesOptions extends QueueOptions {
  readonly times?: QueueTimes;
  /** A fresh id for each message; a test that turns the safeguard off gives the message itself. */
  readonly deduplicationOf?: (message: HubMessage, sequence: number) => string;
  /** The organization; a test that turns the safeguard off gives all the same. */
  readonly groupOf?: (message: WorkMessage | CheckMessage | BackfillMessage) => string;
}

const TIMES: QueueTimes = { visibilityMs: 180_000, retentionMs: 4 * DAY_MS, maxReceives: 5 };

export function memoryQueues(options: MemoryQueuesOptions): MemoryQueues {
  const times = options.times ?? TIMES;
  const made = new Map<string, { queue: MemoryQueue; deadLetters: MemoryQueue }>();
  const { groupOf = ({ organization }) => organization } = options;
  let sent = 0;

  function queueOf(name: string, isFifo: boolean): MemoryQueue {
    const known = made.get(name);
    if (known !== undefined) return known.queue;
    const { visibilityMs, retentionMs, maxReceives } = times;
    const forDead: QueueSettings = { name: `${name}-dlq`, isFifo, visibilityMs, retentionMs: 14 * DAY_MS };
    const deadLetters = new MemoryQueue(forDead, options);
    const queue = new MemoryQueue(
      { name, isFifo, visibilityMs, retentionMs, maxReceives, deadLetters },
      options,
    );
    made.set(name, { queue, deadLetters });
    return queue;
  }

  return {
    changes: queueOf('changes', true),
    deltas: queueOf('deltas', true),
    backfill: queueOf('backfill', true),
    work: (integration) => queueOf(`work-${integration}`, false),
    files: (integration) => queueOf(`files-${integration}`, false),
    jobs: (integration) => queueOf(`jobs-${integration}`, false),
    all: () => [...made.values()],
    async sendChange(lane: EntryLane, group: string, message: ChangeMessage) {
      sent += 1;
      const deduplication = options.deduplicationOf?.(message, sent) ?? String(sent);
      queueOf(lane, true).send({ body: message, group, deduplication });
    },
    async sendWork(integration: string, message: WorkMessage | CheckMessage, delayMs = 0) {
      const kind = message.type === 'transfer' ? 'files' : 'work';
      queueOf(`${kind}-${integration}`, false).send({ body: message, group: groupOf(message), delayMs });
    },
    async sendJob(integration: string, message: BackfillMessage, delayMs = 0) {
      queueOf(`jobs-${integration}`, false).send({ body: message, group: groupOf(message), delayMs });
    },
  };
}
