import { Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Severity } from '../monitoring/monitoring.ts';
import type { Deployment } from './deployment.ts';
import { HubQueue } from './hub-queue.ts';

export interface IntegrationQueuesProps {
  readonly deployment: Deployment;
  readonly integrations: readonly string[];
  readonly consumerTimeoutSeconds: number;
  /** Each queue's name is this and its integration's id. */
  readonly prefix: string;
  /** Environment variable under which functions learn the addresses, by integration. */
  readonly variable: string;
  readonly maxAgeSeconds: number;
  readonly severity: Severity;
  readonly runbook: string;
}

/** One standard queue an integration, fair between organizations by message group. */
export class IntegrationQueues {
  private readonly queues: ReadonlyMap<string, HubQueue>;

  private readonly variable: string;

  constructor(scope: Construct, props: IntegrationQueuesProps) {
    const { integrations, prefix, variable, ...shared } = props;
    this.variable = variable;
    this.queues = new Map(
      integrations.map((integration) => [
        integration,
        new HubQueue(scope, `${prefix}-${integration}`, { ...shared, isFifo: false }),
      ]),
    );
  }

  of(integration: string): HubQueue {
    const queue = this.queues.get(integration);
    if (queue) return queue;
    throw new TypeError(
      `no queue for "${integration}", expected one of ${[...this.queues.keys()].join(', ')}`,
    );
  }

  grantSend(fn: lambda.Function): void {
    for (const queue of this.queues.values()) queue.grantSend(fn);
    const urls = [...this.queues].map(([integration, { queue }]) => [integration, queue.queueUrl]);
    fn.addEnvironment(this.variable, Stack.of(fn).toJsonString(Object.fromEntries(urls)));
  }

  parkWith(fn: Parameters<HubQueue['parkWith']>[0]): void {
    for (const queue of this.queues.values()) queue.parkWith(fn);
  }
}
