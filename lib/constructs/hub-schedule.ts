import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HubFunction } from './hub-function.ts';

export interface HubScheduleProps {
  readonly group: scheduler.IScheduleGroup;
  readonly deadLetters: sqs.IQueue;
  readonly target: HubFunction;
  /** `rate(…)` or a six-field `cron(…)`, in UTC. */
  readonly expression: string;
  readonly description: string;
}

/** Invokes a function on time, to the minute; what cannot be delivered is left in a queue with an alarm. */
export class HubSchedule extends Construct {
  constructor(scope: Construct, id: string, props: HubScheduleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'role', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    props.target.grantInvokeLatestVersion(role);
    props.deadLetters.grantSendMessages(role);
    new scheduler.Schedule(this, 'schedule', {
      schedule: scheduler.ScheduleExpression.expression(props.expression),
      description: props.description,
      scheduleGroup: props.group,
      timeWindow: scheduler.TimeWindow.off(),
      target: new LambdaInvoke(props.target, {
        // The target's own grant would cover every version by a wildcard.
        role: role.withoutPolicyUpdates(),
        deadLetterQueue: props.deadLetters,
        // The next tick does the same work; a late one does nothing better.
        retryAttempts: 2,
        maxEventAge: Duration.minutes(5),
      }),
    });
  }
}
