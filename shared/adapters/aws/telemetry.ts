import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName, Subject, Telemetry } from '../../ports/index.ts';

type Facts = Readonly<Record<string, string | number | boolean>>;

/** Codes, states and ids look like this; a token, a sentence or an address does not get through. */
const PLAIN_FACT = /^[\w.:#/@-]{0,80}$/;

/** Structured log lines and metrics in CloudWatch's embedded format, both by Powertools. */
export function powertools(): Telemetry {
  let metrics: Metrics | undefined;
  let logger: Logger | undefined;
  return {
    log(level, message, subject, facts = {}) {
      logger ??= new Logger();
      logger[level](message, { ...subject, ...withheld(facts) });
    },
    metric(name, value, subject) {
      metrics ??= new Metrics();
      publish(metrics, { name, value, subject });
    },
  };
}

/** The organization is a property of the line and never a dimension: each would cost 0.30 USD a month. */
function publish(
  metrics: Metrics,
  { name, value, subject }: { name: MetricName; value: number; subject: Subject },
) {
  for (const [key, id] of Object.entries(subject)) {
    if (id !== undefined) metrics.addMetadata(key, id);
  }
  metrics.addMetric(name, unitOf(name), value);
  metrics.publishStoredMetrics();
}

function unitOf(name: MetricName) {
  return /(Ms|Lag|Latency)$/.test(name) ? MetricUnit.Milliseconds : MetricUnit.Count;
}

function withheld(facts: Facts): Facts {
  const entries = Object.entries(facts).map(([name, value]) => {
    return [name, typeof value === 'string' && !PLAIN_FACT.test(value) ? '[withheld]' : value] as const;
  });
  return Object.fromEntries(entries);
}
