import { Duration, Tags } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Severity } from '../monitoring/monitoring.ts';
import type { Stage } from '../stage.ts';
import type { Deployment } from './deployment.ts';
import { physicalName } from './deployment.ts';
import type { HubFunction } from './hub-function.ts';
import { PACE_TAG, type Pace } from './pace.ts';

export interface HubQueueProps {
  readonly deployment: Deployment;
  readonly isFifo: boolean;
  /** The function behind it must finish within this; the queue's visibility follows from it. */
  readonly consumerTimeoutSeconds: number;
  readonly maxAgeSeconds: number;
  readonly severity: Severity;
  readonly runbook: string;
  /** Environment variable under which functions learn the queue's address, where one queue has one name. */
  readonly variable?: string;
}

/** AWS asks for six: a throttled function must not let its own messages reappear while it is retried. */
const VISIBILITY_FACTOR = 6;
/** Five attempts are counted on the link; the queue's own count is only the net under what kills its function. */
const MAX_RECEIVES = 6;
const RETENTION = Duration.days(14);

/** A queue with its dead-letter queue, encrypted, refusing plain http, and watched. */
export class HubQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;
  private readonly variable: string | undefined;
  private readonly stage: Stage;

  constructor(scope: Construct, id: string, props: HubQueueProps) {
    super(scope, id);
    const { deployment, isFifo } = props;
    this.variable = props.variable;
    this.stage = deployment.stage;
    const settings = {
      ...(isFifo && { fifo: true, contentBasedDeduplication: false }),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      visibilityTimeout: Duration.seconds(props.consumerTimeoutSeconds * VISIBILITY_FACTOR),
    };
    const named = (name: string) =>
      physicalName(deployment.stage, 'queueName', isFifo ? `${name}.fifo` : name);
    this.deadLetters = new sqs.Queue(this, 'dead-letters', { ...settings, ...named(`${id}-dlq`) });
    this.queue = new sqs.Queue(this, 'queue', {
      ...settings,
      ...named(id),
      ...(isFifo && HIGH_THROUGHPUT),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    deployment.monitoring.watchQueue(this.queue, { name: id, ...props });
    deployment.monitoring.watchQueue(this.deadLetters, {
      name: `${id}-dlq`,
      maxAgeSeconds: 0,
      severity: 'high',
      runbook: 'Dead letters are not parked',
    });
  }

  grantSend(fn: lambda.Function): void {
    this.queue.grantSendMessages(fn);
    if (this.variable) fn.addEnvironment(this.variable, this.queue.queueUrl);
  }

  /** One message an invocation: a record that fails takes no other with it. */
  consumeWith(fn: HubFunction, pace: Pace): void {
    Tags.of(this.queue).add(PACE_TAG, pace);
    attach(fn, this.queue, this.stage.concurrency[pace]);
  }

  parkWith(fn: HubFunction): void {
    attach(fn, this.deadLetters, this.stage.concurrency.background);
  }
}

const HIGH_THROUGHPUT = {
  deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/**
 * What it puts off comes back to it through its queue, as often as a vendor is away: Lambda would take the sixteenth
 * time for a loop and drop the message. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
function attach(fn: HubFunction, queue: sqs.Queue, maxConcurrency: number): void {
  (fn.node.defaultChild as lambda.CfnFunction).recursiveLoop = 'Allow';
  fn.addEventSource(
    new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency }),
  );
}
