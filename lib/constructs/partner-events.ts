import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { HubFunction } from './hub-function.ts';

export interface PartnerEventsProps {
  readonly deployment: Deployment;
  /** Of the integration whose events these are. */
  readonly name: string;
  readonly sourcePrefix: string;
  readonly target: HubFunction;
}

/**
 * A partner's event bus, which must bear the name of its source, for each source of the stage. No dead-letter
 * queue: an undeliverable event would lay message content in a queue, and the delta poll finds what it said.
 */
export class PartnerEvents extends Construct {
  constructor(scope: Construct, id: string, props: PartnerEventsProps) {
    super(scope, id);
    const { stage, monitoring } = props.deployment;
    const sources = stage.partnerEventSources.filter((source) => source.startsWith(`${props.sourcePrefix}/`));
    for (const [index, source] of sources.entries()) {
      const rule = this.deliver(source, props.target);
      monitoring.alarm(Stack.of(this), `${props.name}-partner-events-${index + 1}`, {
        severity: 'low',
        runbook: 'Partner events are not delivered',
        metric: new Metric({
          namespace: 'AWS/Events',
          metricName: 'FailedInvocations',
          dimensionsMap: { EventBusName: source, RuleName: rule.ruleName },
          statistic: 'Sum',
          period: Duration.minutes(5),
        }),
        threshold: 0,
      });
    }
  }

  private deliver(source: string, target: HubFunction): events.Rule {
    return new events.Rule(this, `${source} rule`, {
      eventBus: new events.EventBus(this, source, { eventSourceName: source }),
      eventPattern: { source: [source] },
      targets: [new LambdaFunction(target, { retryAttempts: 185, maxEventAge: Duration.hours(24) })],
    });
  }
}
