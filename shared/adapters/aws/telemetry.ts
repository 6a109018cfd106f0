import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName, Subject, Telemetry } from '../../ports/index.ts';

type Facts = Readonly<Record<string, string | number | boolean>>;

/** Codes, states and ids look like this; a token, a sentence or an address does not get through. */
const PLAIN_FACT = /^[\w.:#/@-]{0,80}$/;

/** Structured log lines and metrics in CloudWatch's embedded format, both by Powertools. */
export function powertools(): Telemetry {
  const metrics = new SharedLines();
  let logger: Logger | undefined;
  return {
    log(level, message, subject, facts = {}) {
      logger ??= new Logger();
      logger[level](message, { ...subject, ...withheld(facts) });
    },
    metric: (name, value, subject) => metrics.add(name, value, subject),
  };
}

/** Metrics told in one breath about one subject share a line: each line is a write and is paid for. */
class SharedLines {
  #metrics: Metrics | undefined;
  #open: { readonly subject: Subject; readonly names: Set<MetricName> } | undefined;

  add(name: MetricName, value: number, subject: Subject): void {
    this.#metrics ??= new Metrics();
    if (this.#open === undefined) queueMicrotask(() => this.#publish());
    else if (this.#open.names.has(name) || !isSame(this.#open.subject, subject)) this.#publish();
    this.#open ??= this.#begin(subject);
    this.#open.names.add(name);
    this.#metrics.addMetric(name, unitOf(name), value);
  }

  /** The organization is a property of the line and never a dimension: each would cost 0.30 USD a month. */
  #begin(subject: Subject) {
    for (const [key, id] of Object.entries(subject)) {
      if (id !== undefined) this.#metrics?.addMetadata(key, id);
    }
    return { subject, names: new Set<MetricName>() };
  }

  #publish(): void {
    if (this.#open === undefined) return;
    this.#open = undefined;
    this.#metrics?.publishStoredMetrics();
  }
}

function isSame(one: Subject, other: Subject): boolean {
  const keys = ['organization', 'connection', 'integration', 'record', 'correlation'] as const;
  return keys.every((key) => one[key] === other[key]);
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
