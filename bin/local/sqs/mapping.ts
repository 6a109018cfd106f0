import { REGION } from '../account.ts';
import type { InvocationResult } from '../lambda/function-spec.ts';
import type { ReceivedMessage } from './fauxqs.ts';

/** Received messages as Lambda hands them to a function. */
export function sqsEvent(
  messages: readonly ReceivedMessage[],
  queueArn: string,
  deadLetterSource: string | undefined,
): string {
  const extra = deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSource };
  return JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: { ...message.Attributes, ...extra },
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          { stringValue: value.StringValue, binaryValue: value.BinaryValue, dataType: value.DataType },
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: REGION,
    })),
  });
}

/**
 * Which messages of a batch are done. Without ReportBatchItemFailures it is all or none; with it an empty
 * or missing list means all, and a bad shape or an unknown id fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function settledOf(
  messages: readonly ReceivedMessage[],
  result: InvocationResult,
  reportsItemFailures: boolean,
): readonly ReceivedMessage[] {
  if (result.outcome === 'failed') return [];
  if (!reportsItemFailures) return messages;
  const failed = failedIds(result.payload);
  if (failed === undefined) return [];
  const known = new Set(messages.map((message) => message.MessageId));
  if (failed.some((id) => !known.has(id))) return [];
  return messages.filter((message) => !failed.includes(message.MessageId));
}

function failedIds(payload: string): readonly string[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(payload === '' ? 'null' : payload);
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return [];
  const items: unknown = answer.batchItemFailures;
  if (items === null) return [];
  if (!Array.isArray(items)) return undefined;
  const ids = items.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier);
  return ids.every((id): id is string => typeof id === 'string' && id !== '') ? ids : undefined;
}
