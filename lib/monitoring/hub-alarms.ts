import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/ports/index.ts';
import { METRIC_NAMESPACE, PARKED_BY } from '../../shared/telemetry/names.ts';
import { type Deployment, serviceName } from '../constructs/deployment.ts';
import type { Stage } from '../stage.ts';

/** Metrics carry the service alone: a dimension per organization would cost more than the hub. */
export const hubMetric = (stage: Stage, name: MetricName, statistic: string): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service: serviceName(stage) },
    statistic,
    period: Duration.minutes(1),
  });

/** Only who is at fault can mend it, and each is reached another way. */
const PARKED = [
  ['parked-by-hub', 'hub', 'high', 'Work is parked by the hub’s fault'],
  ['parked-by-vendor', 'vendor', 'low', 'Work is parked by a vendor’s fault'],
  ['parked-by-organization', 'organization', 'notice', 'Work waits for its organization'],
] as const;

/** What the hub says of itself, beside the function that says it. */
export function watchHub(scope: Construct, { stage, monitoring }: Deployment, sweep: lambda.Function): void {
  monitoring.alarm(scope, 'sync-lag', {
    severity: 'high',
    runbook: 'Changes arrive late',
    metric: hubMetric(stage, 'SyncLag', 'p99'),
    threshold: stage.settings.alerts.syncLagMs,
    // A quiet hub has no change in most minutes, and a minute without one is no sign that all is well.
    periods: 15,
    breaching: 3,
  });
  monitoring.alarm(scope, 'breaker-open', {
    severity: 'low',
    runbook: 'A breaker is open',
    metric: hubMetric(stage, 'OpenBreakers', 'Maximum'),
    threshold: 0,
    periods: 5,
  });
  for (const [id, fault, severity, runbook] of PARKED) {
    const metric = hubMetric(stage, PARKED_BY[fault], 'Sum');
    monitoring.alarm(scope, id, { severity, runbook, metric, threshold: 0 });
  }
  monitoring.alarm(scope, 'inbox-open', {
    severity: 'high',
    runbook: 'Inbox rows are open too long',
    metric: hubMetric(stage, 'OldestOpenInboxMs', 'Maximum'),
    threshold: stage.settings.alerts.openInboxMs,
    periods: 2,
  });
  monitoring.alarm(scope, 'dead-lettered', {
    severity: 'high',
    runbook: 'Work was dead-lettered',
    metric: hubMetric(stage, 'DeadLettered', 'Sum'),
    threshold: 0,
  });
  monitoring.alarm(scope, 'sweep-stopped', {
    severity: 'high',
    runbook: 'The sweeper has stopped',
    metric: sweep.metricInvocations({ period: Duration.minutes(5) }),
    threshold: 1,
    comparison: 'below',
    periods: 2,
    missingData: 'bad',
  });
}
