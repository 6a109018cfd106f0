import type { Accounting, Connection, ConnectionActivity, Manifest } from '../../../../shared/ports/index.ts';
import { healthOf } from './health.ts';
import { isoTime } from './time.ts';

function accountingBody(accounting: Accounting) {
  const { sinceMs, accepted, applied, merged, echo, filtered, parked, open } = accounting;
  const isBalanced = accepted === applied + merged + echo + filtered + parked + open;
  return { since: isoTime(sinceMs), accepted, applied, merged, echo, filtered, parked, open, isBalanced };
}

function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

function lagBody(samples: ConnectionActivity['lag']) {
  const sorted = samples.map(({ lagMs }) => lagMs).sort((a, b) => a - b);
  return {
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    samples: samples.map(({ atMs, lagMs }) => ({ at: isoTime(atMs), ms: lagMs })),
  };
}

function breakerBody({ state, untilMs }: ConnectionActivity['breaker']) {
  return untilMs === undefined ? { state } : { state, until: isoTime(untilMs) };
}

interface Parts {
  readonly connection: Connection;
  readonly activity: ConnectionActivity;
  readonly manifest: Manifest | undefined;
  readonly publicUrl: string;
  readonly secretName: string;
  readonly nowMs: number;
}

export function connectionBody({ connection, activity, manifest, publicUrl, secretName, nowMs }: Parts) {
  const { lastProofAtMs, oldestOpenAtMs } = activity;
  return {
    id: connection.id,
    integration: connection.integration,
    kind: manifest?.kind ?? 'connector',
    name: connection.name,
    baseUrl: connection.baseUrl,
    account: connection.account,
    webhookUrl:
      manifest?.webhook &&
      `${publicUrl}/webhooks/${connection.integration}/${encodeURIComponent(connection.id)}`,
    secretName,
    settings: connection.settings,
    health: healthOf(connection, activity, nowMs),
    lastProofAt: lastProofAtMs === undefined ? undefined : isoTime(lastProofAtMs),
    lag: lagBody(activity.lag),
    breaker: breakerBody(activity.breaker),
    accounting: accountingBody(activity.accounting),
    parkedWork: activity.parkedWork,
    oldestOpenAt: oldestOpenAtMs === undefined ? undefined : isoTime(oldestOpenAtMs),
    createdAt: isoTime(connection.createdAtMs),
  };
}
