import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

/**
 * `high` wakes somebody: customers feel it now. `low` is read in working hours. `notice` is for whoever speaks with the
 * organizations: only one of them can mend it.
 */
export type Severity = 'high' | 'low' | 'notice';

export interface AlarmProps {
  readonly severity: Severity;
  /** Heading in RUNBOOK.md that says what it means and what to do. */
  readonly runbook: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  /** Over this many periods of the metric; one unless told. */
  readonly periods?: number;
  /** In how many of these it must be out of bounds; in all unless told. */
  readonly breaching?: number;
  readonly comparison?: 'above' | 'below';
  /** What silence means; good unless told. */
  readonly missingData?: 'good' | 'bad';
}

export interface IMonitoring {
  /** The alarm stands in the scope of what it watches, so that no stack needs another for it. */
  alarm(scope: Construct, id: string, props: AlarmProps): void;
  watchFunction(fn: lambda.Function, name: string): void;
  watchQueue(queue: sqs.Queue, watch: QueueWatch): void;
  readonly alarms: readonly cloudwatch.Alarm[];
  readonly functions: ReadonlyMap<string, lambda.Function>;
  readonly queues: ReadonlyMap<string, sqs.Queue>;
}

export interface QueueWatch {
  readonly name: string;
  /** Oldest message allowed, in seconds; for a dead-letter queue, whose messages should not be there at all, 0. */
  readonly maxAgeSeconds: number;
  readonly runbook: string;
  readonly severity: Severity;
}

const PERIOD = Duration.minutes(1);

/** Every alarm of the hub is made here, so none lacks a severity, a runbook heading or a place to go. */
export class Monitoring implements IMonitoring {
  readonly alarms: cloudwatch.Alarm[] = [];
  readonly functions = new Map<string, lambda.Function>();
  readonly queues = new Map<string, sqs.Queue>();
  private readonly stage: Stage;
  private readonly topics: Readonly<Record<Severity, sns.ITopic>>;

  constructor(stage: Stage, topics: Readonly<Record<Severity, sns.ITopic>>) {
    this.stage = stage;
    this.topics = topics;
  }

  alarm(scope: Construct, id: string, props: AlarmProps): void {
    const alarm = new cloudwatch.Alarm(scope, id, {
      alarmName: `deskbridge-${this.stage.name}-${id}`,
      alarmDescription: `${props.severity}: ${props.runbook}. See lib/monitoring/RUNBOOK.md#${slugOf(props.runbook)}`,
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: props.periods ?? 1,
      ...(props.breaching !== undefined && { datapointsToAlarm: props.breaching }),
      comparisonOperator:
        props.comparison === 'below'
          ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
          : cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData:
        props.missingData === 'bad'
          ? cloudwatch.TreatMissingData.BREACHING
          : cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.topics[props.severity]);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.alarms.push(alarm);
  }

  watchFunction(fn: lambda.Function, name: string): void {
    this.functions.set(name, fn);
    const scope = Stack.of(fn);
    this.alarm(scope, `${name}-errors`, {
      severity: 'high',
      runbook: 'A function fails',
      metric: fn.metricErrors({ period: Duration.minutes(5) }),
      threshold: 0,
      periods: 2,
    });
    this.alarm(scope, `${name}-throttles`, {
      severity: 'low',
      runbook: 'A function is throttled',
      metric: fn.metricThrottles({ period: Duration.minutes(5) }),
      threshold: 0,
      periods: 3,
    });
  }

  watchQueue(queue: sqs.Queue, watch: QueueWatch): void {
    this.queues.set(watch.name, queue);
    const { severity, runbook } = watch;
    if (watch.maxAgeSeconds > 0) {
      this.alarm(Stack.of(queue), `${watch.name}-age`, {
        severity,
        runbook,
        metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD }),
        threshold: watch.maxAgeSeconds,
        periods: 3,
      });
      return;
    }
    this.alarm(Stack.of(queue), `${watch.name}-depth`, {
      severity,
      runbook,
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
      threshold: 0,
      periods: 3,
    });
  }
}

/** As GitHub and GitLab name a heading's anchor. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s+/g, '-');
