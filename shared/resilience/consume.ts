import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { HubError, InvariantError } from '../errors.ts';
import type { QueueMessage, Subject, Telemetry } from '../ports/index.ts';
import { correlationOf } from '../telemetry/index.ts';
import { react } from './react.ts';

/** Epoch milliseconds at which the function is stopped. */
type Handle = (message: QueueMessage, given: { record: SQSRecord; deadlineMs: number }) => Promise<void>;

/**
 * The inside of a queue-driven function. A message that fails is given back with all after it, so that no
 * follower in its group overtakes it.
 */
export function consume(deps: { telemetry: Telemetry; clock: { now(): number } }, handle: Handle) {
  return async (
    event: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const deadlineMs = deps.clock.now() + context.getRemainingTimeInMillis();
    for (const [at, record] of event.Records.entries()) {
      try {
        await handle(messageIn(record), { record, deadlineMs });
      } catch (error) {
        report(deps.telemetry, record, error);
        return failedFrom(event.Records.slice(at));
      }
    }
    return { batchItemFailures: [] };
  };
}

function failedFrom(records: readonly SQSRecord[]): SQSBatchResponse {
  return { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

const TYPES: ReadonlySet<string> = new Set<QueueMessage['type']>([
  'change',
  'reconcile',
  'transfer',
  'check',
  'backfill',
]);

/** @throws InvariantError for what this hub did not send */
export function messageIn({ body }: Pick<SQSRecord, 'body'>): QueueMessage {
  const message = parsed(body) as Partial<QueueMessage> | null | undefined;
  const isOurs = message?.type !== undefined && TYPES.has(message.type);
  if (isOurs && typeof message?.organization === 'string' && typeof message.connection === 'string') {
    return message as QueueMessage;
  }
  throw new InvariantError('a queue held something that is no message of the hub');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function report(telemetry: Telemetry, record: SQSRecord, error: unknown): void {
  const code = error instanceof HubError ? error.code : 'unknown';
  const receives = Number(record.attributes.ApproximateReceiveCount);
  const name = error instanceof Error ? error.name : 'unknown';
  telemetry.log(react(error).level, 'message given back', subjectOf(record), { code, name, receives });
}

/** What the engine says of the same message carries the same ids. */
function subjectOf(record: SQSRecord): Subject {
  const message = (parsed(record.body) ?? {}) as Readonly<Record<string, unknown>>;
  const { organization, connection, root } = message;
  return {
    correlation: causeOf(message) ?? record.messageId,
    ...(typeof organization === 'string' && { organization }),
    ...(typeof connection === 'string' && { connection }),
    ...(typeof root === 'string' && { record: root }),
  };
}

function causeOf({ type, connection, inbox, correlation }: Readonly<Record<string, unknown>>) {
  if (type === 'change') return correlationOf(String(connection), String(inbox));
  return typeof correlation === 'string' ? correlation : undefined;
}
