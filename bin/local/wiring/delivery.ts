import { randomUUID } from 'node:crypto';
import { ConfigurationError } from '../../../shared/errors.ts';
import { ACCOUNT, REGION } from '../account.ts';
import type { Deliver } from '../aws/event-bridge.ts';
import type { AsynchronousInvoker } from '../lambda/asynchronous.ts';
import type { Queues } from '../sqs/queues.ts';
import { functionNameOf } from './invoke.ts';

export interface Delivery {
  readonly event: Deliver;
  /** A schedule's own input, or the event EventBridge makes up for it. */
  readonly scheduled: (target: { readonly Arn: string; readonly Input?: string }, atMs: number) => void;
}

/** Rules and schedules hand over to functions, asynchronously, and to queues. */
export function targetDelivery(later: AsynchronousInvoker, queues: Queues): Delivery {
  const event: Deliver = ({ arn, messageGroupId }, payload) => {
    if (arn.includes(':lambda:')) return later.accept(functionNameOf(arn), payload);
    if (!arn.includes(':sqs:')) throw new ConfigurationError(`the local hub can't deliver events to ${arn}`);
    const fifo = { group: messageGroupId ?? 'default', deduplication: randomUUID() };
    queues.send(arn, payload, messageGroupId === undefined ? {} : fifo);
  };
  return {
    event,
    scheduled: ({ Arn, Input }, atMs) => event({ arn: Arn }, Input ?? scheduledEvent(atMs)),
  };
}

function scheduledEvent(atMs: number): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: ACCOUNT,
    time: new Date(atMs).toISOString(),
    region: REGION,
    resources: [],
    detail: {},
  });
}
