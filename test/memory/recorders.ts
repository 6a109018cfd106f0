import type {
  Audit,
  AuditEntry,
  Bus,
  HubEvent,
  MetricName,
  Subject,
  Telemetry,
} from '../../shared/ports/index.ts';

export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly subject: Subject;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

export interface RecordedTelemetry extends Telemetry {
  readonly logs: readonly Logged[];
  readonly metrics: readonly {
    readonly name: MetricName;
    readonly value: number;
    readonly subject: Subject;
  }[];
}

export function recordedTelemetry(): RecordedTelemetry {
  const logs: Logged[] = [];
  const metrics: { name: MetricName; value: number; subject: Subject }[] = [];
  return {
    logs,
    metrics,
    log(level, message, subject, facts = {}) {
      logs.push({ level, message, subject, facts });
    },
    metric(name, value, subject) {
      metrics.push({ name, value, subject });
    },
  };
}

export function recordedAudit(): Audit & { readonly entries: readonly AuditEntry[] } {
  const entries: AuditEntry[] = [];
  const known = new Set<string>();
  return {
    entries,
    async append(entry) {
      entries.push(entry);
    },
    async appendAs(id, entry) {
      const key = `${entry.organization} ${entry.atMs} ${id}`;
      if (known.has(key)) return;
      known.add(key);
      entries.push(entry);
    },
  };
}

export function recordedBus(): Bus & { readonly events: readonly HubEvent[] } {
  const events: HubEvent[] = [];
  return {
    events,
    async publish(published) {
      events.push(...published);
      return [];
    },
  };
}
