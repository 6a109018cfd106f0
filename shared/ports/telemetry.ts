/** Ids only: a log line or metric never carries content, names, tokens or addresses (invariant 9). */
export interface Subject {
  readonly organization?: string;
  readonly connection?: string;
  readonly integration?: string;
  readonly record?: string;
  /** Of the event it all began with (shared/telemetry), or the id of the API's request. */
  readonly correlation?: string;
}

export type MetricName =
  | 'SyncLag'
  | 'AckLatency'
  | 'Accepted'
  | 'Applied'
  | 'Duplicates'
  | 'NotAuthentic'
  | 'Effects'
  | 'Echoes'
  | 'Filtered'
  | 'Merged'
  | 'Deferrals'
  | 'Conflicts'
  | 'ParkedByOrganization'
  | 'ParkedByVendor'
  | 'ParkedByHub'
  | 'ParkedRows'
  | 'OpenInboxRows'
  | 'OldestOpenInboxMs'
  | 'BreakerOpen'
  | 'OpenBreakers'
  | 'TokenRefreshes'
  | 'DeadLettered';

export interface Telemetry {
  /** `message` is a constant phrase; what varies goes into `subject` and `facts` (numbers, codes, states). */
  log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    subject: Subject,
    facts?: Readonly<Record<string, string | number | boolean>>,
  ): void;
  /** Milliseconds for names ending in Ms, Lag or Latency; a count otherwise. */
  metric(name: MetricName, value: number, subject: Subject): void;
}

export interface AuditEntry {
  readonly organization: string;
  readonly connection: string;
  /** user:…, agent:…, hub, or vendor:… */
  readonly actor: string;
  /** A past fact: `connection.activated`, `token.refreshed`, `copy.created`, `parked.replayed`. */
  readonly action: string;
  readonly outcome: 'done' | 'refused' | 'uncertain';
  readonly atMs: number;
  /** Ids and codes, never content. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

export interface Audit {
  /** Append only; an entry is never changed or removed by the hub. */
  append(entry: AuditEntry): Promise<void>;
  /** The same entry under the same id and time is one entry, however often it is appended. */
  appendAs(id: string, entry: AuditEntry): Promise<void>;
}
