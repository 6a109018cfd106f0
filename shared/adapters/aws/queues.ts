import { createHash } from 'node:crypto';
import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError, InvariantError } from '../../errors.ts';
import type { ChangeMessage, CheckMessage, Queues, Random, WorkMessage } from '../../ports/index.ts';
import { clientSettings } from './client-settings.ts';
import { failure } from './failure.ts';

const MAX_DELAY_MS = 900_000;
/** SQS: up to 128 alphanumeric characters and punctuation. */
const GROUP_ID = /^[\x21-\x7e]{1,128}$/;

export interface SqsQueuesOptions {
  readonly random: Random;
  /** Undefined where the function may not send there. */
  readonly changesUrl: string | undefined;
  readonly deltasUrl: string | undefined;
  readonly workUrls: Readonly<Record<string, string>>;
  readonly client?: SQSClient;
}

export function sqsQueues(options: SqsQueuesOptions): Queues {
  let made = options.client;
  const send = async (QueueUrl: string | undefined, input: Omit<SendMessageCommandInput, 'QueueUrl'>) => {
    if (QueueUrl === undefined) throw new ConfigurationError('this function was given no such queue');
    // The SDK would otherwise send to the host in the URL, which no emulator answers for, and hash each body
    // again: TLS has seen to its integrity.
    made ??= new SQSClient({ ...clientSettings(), useQueueUrlAsEndpoint: false, md5: false });
    try {
      await made.send(new SendMessageCommand({ QueueUrl, ...input }));
    } catch (error) {
      throw failure('the queue', error);
    }
  };
  return {
    sendChange: (lane, group, message: ChangeMessage) =>
      send(lane === 'changes' ? options.changesUrl : options.deltasUrl, {
        MessageBody: JSON.stringify(message),
        MessageGroupId: groupId(`${message.connection}:${group}`),
        // Fresh each time: content deduplication would drop a second change within five minutes.
        MessageDeduplicationId: options.random.id(),
      }),
    sendWork: async (integration, message: WorkMessage | CheckMessage, delayMs = 0) => {
      if (delayMs < 0 || delayMs > MAX_DELAY_MS) {
        throw new InvariantError(`a queue delays up to ${MAX_DELAY_MS} ms, saw ${delayMs}`);
      }
      await send(options.workUrls[integration], {
        MessageBody: JSON.stringify(message),
        MessageGroupId: groupId(message.organization),
        ...(delayMs > 0 && { DelaySeconds: Math.ceil(delayMs / 1_000) }),
      });
    },
  };
}

export function groupId(group: string): string {
  return GROUP_ID.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
