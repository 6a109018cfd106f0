import { Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { HubQueue } from './hub-queue.ts';

export interface WorkQueuesProps {
  readonly deployment: Deployment;
  readonly integrations: readonly string[];
  readonly consumerTimeoutSeconds: number;
}

/** One standard queue an integration, fair between organizations by message group. */
export class WorkQueues {
  private readonly queues: ReadonlyMap<string, HubQueue>;

  constructor(scope: Construct, props: WorkQueuesProps) {
    const { integrations, ...shared } = props;
    this.queues = new Map(
      integrations.map((integration) => [
        integration,
        new HubQueue(scope, `work-${integration}`, {
          ...shared,
          isFifo: false,
          maxAgeSeconds: 300,
          severity: 'high',
          runbook: 'Work waits too long',
        }),
      ]),
    );
  }

  of(integration: string): HubQueue {
    const queue = this.queues.get(integration);
    if (queue) return queue;
    throw new TypeError(
      `no work queue for "${integration}", expected one of ${[...this.queues.keys()].join(', ')}`,
    );
  }

  /** A commit wakes the links of a root wherever they are. */
  grantSend(fn: lambda.Function): void {
    for (const queue of this.queues.values()) queue.grantSend(fn);
    const urls = [...this.queues].map(([integration, { queue }]) => [integration, queue.queueUrl]);
    fn.addEnvironment('WORK_QUEUE_URLS', Stack.of(fn).toJsonString(Object.fromEntries(urls)));
  }

  parkWith(fn: Parameters<HubQueue['parkWith']>[0], maxConcurrency: number): void {
    for (const queue of this.queues.values()) queue.parkWith(fn, maxConcurrency);
  }
}
