import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import { physicalName } from './deployment.ts';

/** Ticks EventBridge Scheduler could not deliver. They carry nothing to replay: the alarm is their use. */
export class ScheduleDeadLetters extends Construct {
  readonly queue: sqs.Queue;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.queue = new sqs.Queue(this, 'queue', {
      ...physicalName(deployment.stage, 'queueName', id),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.queue, 'SQS3', 'It is itself the dead-letter queue of the schedules.');
    deployment.monitoring.watchQueue(this.queue, {
      name: id,
      maxAgeSeconds: 0,
      severity: 'high',
      runbook: 'A schedule was not delivered',
    });
  }
}
