import type { Fault } from '../errors.ts';
import type { MetricName } from '../ports/index.ts';

export const METRIC_NAMESPACE = 'Deskbridge';

/** Every metric the hub sends, with its CloudWatch unit; a name missing here or in the port does not compile. */
export const METRIC_UNITS = {
  SyncLag: 'Milliseconds',
  AckLatency: 'Milliseconds',
  Accepted: 'Count',
  Applied: 'Count',
  Duplicates: 'Count',
  NotAuthentic: 'Count',
  Effects: 'Count',
  Echoes: 'Count',
  Filtered: 'Count',
  Merged: 'Count',
  Deferrals: 'Count',
  Conflicts: 'Count',
  ParkedByOrganization: 'Count',
  ParkedByVendor: 'Count',
  ParkedByHub: 'Count',
  ParkedRows: 'Count',
  OpenInboxRows: 'Count',
  OldestOpenInboxMs: 'Milliseconds',
  BreakerOpen: 'Count',
  OpenBreakers: 'Count',
  TokenRefreshes: 'Count',
  DeadLettered: 'Count',
} as const satisfies Record<MetricName, 'Milliseconds' | 'Count'>;

export const METRIC_NAMES = Object.keys(METRIC_UNITS) as readonly MetricName[];

/** Work set aside is counted by who can mend it: each has an alarm of its own, and somebody else to hear it. */
export const PARKED_BY = {
  organization: 'ParkedByOrganization',
  vendor: 'ParkedByVendor',
  hub: 'ParkedByHub',
} as const satisfies Record<Fault, MetricName>;
