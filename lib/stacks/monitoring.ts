import { type App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../shared/ports/index.ts';
import { hubMetric } from '../monitoring/hub-alarms.ts';
import type { Data } from './data.ts';

/** One page that answers: is anything late, lost or loud? Made last, from what the others registered. */
export class MonitoringPage extends Stack {
  private readonly data: Data;

  constructor(app: App, id: string, props: { readonly data: Data }) {
    super(app, id, { stackName: `deskbridge-${props.data.deployment.stage.name}-${id}` });
    this.data = props.data;
    new cloudwatch.Dashboard(this, 'dashboard', {
      dashboardName: `deskbridge-${props.data.deployment.stage.name}`,
      defaultInterval: Duration.hours(6),
      widgets: [
        [this.alarms()],
        [this.lag(), this.accounting(), this.effects()],
        [this.queueAges(), this.queueDepths(), this.errors()],
      ],
    });
  }

  private alarms(): cloudwatch.IWidget {
    const { alarms } = this.data.deployment.monitoring;
    return new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 5 });
  }

  private lag(): cloudwatch.IWidget {
    return this.graph(
      'Lag (ms)',
      [this.metric('SyncLag', 'p50'), this.metric('SyncLag', 'p99'), this.metric('AckLatency', 'p99')],
      this.data.deployment.stage.settings.alerts.syncLagMs,
    );
  }

  private accounting(): cloudwatch.IWidget {
    const names: MetricName[] = [
      'Accepted',
      'Duplicates',
      'NotAuthentic',
      'Applied',
      'Merged',
      'Echoes',
      'Filtered',
      'ParkedRows',
      'ParkedByOrganization',
      'ParkedByVendor',
      'ParkedByHub',
    ];
    return this.graph('Accounting', [
      ...this.sums(names),
      this.metric('OpenInboxRows', 'Maximum'),
      this.metric('OpenBreakers', 'Maximum'),
    ]);
  }

  private effects(): cloudwatch.IWidget {
    return this.graph(
      'Effects',
      this.sums(['Effects', 'Deferrals', 'Conflicts', 'TokenRefreshes', 'BreakerOpen', 'DeadLettered']),
    );
  }

  private queueAges(): cloudwatch.IWidget {
    const { queues } = this.data.deployment.monitoring;
    return this.graph(
      'Oldest message (s)',
      [...queues].map(([label, queue]) => queue.metricApproximateAgeOfOldestMessage({ label })),
    );
  }

  private queueDepths(): cloudwatch.IWidget {
    const { queues } = this.data.deployment.monitoring;
    return this.graph(
      'Messages waiting',
      [...queues].map(([label, queue]) => queue.metricApproximateNumberOfMessagesVisible({ label })),
    );
  }

  private errors(): cloudwatch.IWidget {
    const { functions } = this.data.deployment.monitoring;
    return this.graph(
      'Errors and throttles',
      [...functions].flatMap(([label, fn]) => [
        fn.metricErrors({ label }),
        fn.metricThrottles({ label: `${label} throttled` }),
      ]),
    );
  }

  private sums(names: readonly MetricName[]): cloudwatch.IMetric[] {
    return names.map((name) => this.metric(name, 'Sum'));
  }

  private metric(name: MetricName, statistic: string): cloudwatch.IMetric {
    return hubMetric(this.data.deployment.stage, name, statistic);
  }

  private graph(title: string, left: cloudwatch.IMetric[], limit?: number): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title,
      left,
      width: 8,
      height: 6,
      ...(limit !== undefined && { leftAnnotations: [{ value: limit, label: 'limit' }] }),
    });
  }
}
