import { createHash } from 'node:crypto';
import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError, InvariantError } from '../../errors.ts';
import type { ChangeMessage, EntryLane, JobQueues, QueueMessage, Queues, Random } from '../../ports/index.ts';
import { clientSettings, lean } from './client-settings.ts';
import { failure } from './failure.ts';

const MAX_DELAY_MS = 900_000;
/** SQS: up to 128 alphanumeric characters and punctuation. */
const GROUP_ID = /^[\x21-\x7e]{1,128}$/;

export interface SqsQueuesOptions {
  readonly random: Random;
  /** Undefined where the function may not send there. */
  readonly changesUrl: string | undefined;
  readonly deltasUrl: string | undefined;
  readonly backfillUrl: string | undefined;
  readonly workUrls: Readonly<Record<string, string>>;
  /** Queues of files, by integration. */
  readonly fileUrls: Readonly<Record<string, string>>;
  /** Queues of long jobs, by integration. */
  readonly jobUrls: Readonly<Record<string, string>>;
  readonly client?: SQSClient;
}

export function sqsQueues(options: SqsQueuesOptions): Queues & JobQueues {
  let made = options.client;
  const send = async (QueueUrl: string | undefined, input: Omit<SendMessageCommandInput, 'QueueUrl'>) => {
    if (QueueUrl === undefined) throw new ConfigurationError('this function was given no such queue');
    // The SDK would otherwise send to the host in the URL, which no emulator answers for, and hash each body
    // again: TLS has seen to its integrity.
    made ??= lean(new SQSClient({ ...clientSettings(), useQueueUrlAsEndpoint: false, md5: false }));
    try {
      await made.send(new SendMessageCommand({ QueueUrl, ...input }));
    } catch (error) {
      throw failure('the queue', error);
    }
  };
  const sendLater = async (
    url: string | undefined,
    message: Exclude<QueueMessage, ChangeMessage>,
    delayMs: number,
  ) => {
    if (delayMs < 0 || delayMs > MAX_DELAY_MS) {
      throw new InvariantError(`a queue delays up to ${MAX_DELAY_MS} ms, saw ${delayMs}`);
    }
    await send(url, {
      MessageBody: JSON.stringify(message),
      MessageGroupId: groupId(message.organization),
      ...(delayMs > 0 && { DelaySeconds: Math.ceil(delayMs / 1_000) }),
    });
  };
  const lanes: Readonly<Record<EntryLane, string | undefined>> = {
    changes: options.changesUrl,
    deltas: options.deltasUrl,
    backfill: options.backfillUrl,
  };
  return {
    sendChange: (lane, group, message: ChangeMessage) =>
      send(lanes[lane], {
        MessageBody: JSON.stringify(message),
        MessageGroupId: groupId(`${message.connection}:${group}`),
        // Fresh each time: content deduplication would drop a second change within five minutes.
        MessageDeduplicationId: options.random.id(),
      }),
    sendWork: (integration, message, delayMs = 0) =>
      sendLater(
        (message.type === 'transfer' ? options.fileUrls : options.workUrls)[integration],
        message,
        delayMs,
      ),
    sendJob: (integration, message, delayMs = 0) => sendLater(options.jobUrls[integration], message, delayMs),
  };
}

export function groupId(group: string): string {
  return GROUP_ID.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
