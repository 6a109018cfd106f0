import { describe, expect, it } from 'vitest';
import { connectionBody } from '../../../../functions/platform/api/views/connection.ts';
import { healthOf } from '../../../../functions/platform/api/views/health.ts';
import type { ConnectionId, OrganizationId } from '../../../../shared/domain/index.ts';
import type { Connection, ConnectionActivity } from '../../../../shared/ports/index.ts';

const nowMs = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

const connection: Connection = {
  id: 'c1' as ConnectionId,
  organization: 'acme' as OrganizationId,
  integration: 'slack',
  name: 'Support channel',
  baseUrl: 'https://slack.com/api/',
  state: { kind: 'active' },
  settings: {},
  createdAtMs: nowMs,
};
const activity: ConnectionActivity = {
  accounting: { sinceMs: 0, accepted: 7, applied: 2, merged: 1, echo: 1, filtered: 1, parked: 1, open: 1 },
  breaker: { state: 'closed' },
  parkedWork: 0,
  lag: [],
  lastProofAtMs: nowMs - 1_000,
};

const stateOf = (changes: Partial<ConnectionActivity>, state: Connection['state'] = connection.state) =>
  healthOf({ ...connection, state }, { ...activity, ...changes }, nowMs);

describe('honest health', () => {
  it('is healthy only with a fresh proof of the vendor', () => {
    expect(stateOf({}).state).toBe('healthy');
    expect(stateOf({ lastProofAtMs: nowMs - 25 * HOUR_MS })).toMatchObject({ state: 'unproven' });
    const { lastProofAtMs: _, ...never } = activity;
    expect(healthOf(connection, never, nowMs).state).toBe('unproven');
  });

  it('is never healthy after a refused refresh, however fresh the last proof', () => {
    const parked = {
      kind: 'parked',
      reason: 'the refresh was refused',
      fault: 'organization',
      sinceMs: nowMs,
    } as const;

    expect(stateOf({}, parked)).toEqual({
      state: 'parked',
      reason: 'the refresh was refused',
      fault: 'organization',
      since: '2026-01-01T00:00:00.000Z',
    });
  });

  it('says in words what a code means', () => {
    const parked = {
      kind: 'parked',
      reason: 'reauthorization_required',
      fault: 'organization',
      sinceMs: nowMs,
    } as const;

    expect(stateOf({}, parked).reason).toBe(
      'the vendor no longer accepts the authorization; somebody has to give it again',
    );
  });

  it('is pending until somebody has authorized it', () => {
    expect(stateOf({}, { kind: 'pending' }).state).toBe('pending');
  });

  it.each(['open', 'half-open'] as const)('is degraded while the breaker is %s', (state) => {
    expect(stateOf({ breaker: { state } })).toMatchObject({ state: 'degraded', fault: 'vendor' });
  });

  it('is degraded after a failure that no answer has outdated, in its words, by its fault', () => {
    const lastFailure = {
      atMs: nowMs,
      code: 'missing_scope',
      reason: 'slack granted no metadata.message:read',
      fault: 'organization',
    } as const;

    expect(stateOf({ lastFailure })).toEqual({
      state: 'degraded',
      reason: 'slack granted no metadata.message:read',
      fault: 'organization',
      since: '2026-01-01T00:00:00.000Z',
    });
  });

  it('is degraded while calls are held back for their limit, and no longer than that', () => {
    expect(stateOf({ throttledUntilMs: nowMs + HOUR_MS })).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining('2026-01-01T01:00:00.000Z'),
      fault: 'vendor',
    });
    expect(stateOf({ throttledUntilMs: nowMs }).state).toBe('healthy');
  });

  it('is degraded while the vendor refuses to list a kind, however fresh the proof of another', () => {
    const refused = {
      kind: 'ticket',
      code: 'INVALID_FIELD',
      reason: 'no such column',
      fault: 'organization',
      sinceMs: nowMs,
    } as const;

    expect(stateOf({ refusedPulls: [refused] })).toEqual({
      state: 'degraded',
      reason: 'changes of its tickets cannot be listed (no such column)',
      fault: 'organization',
      since: '2026-01-01T00:00:00.000Z',
    });
    expect(stateOf({ refusedPulls: [] }).state).toBe('healthy');
  });

  it('is behind once accepted work has waited a minute', () => {
    expect(stateOf({ oldestOpenAtMs: nowMs - 60_000 }).state).toBe('healthy');
    expect(stateOf({ oldestOpenAtMs: nowMs - 60_001 })).toMatchObject({ state: 'behind', fault: 'hub' });
  });
});

describe('honest health: silence', () => {
  it('is silent, in words, when its own past does not explain that nothing comes', () => {
    expect(stateOf({ silentSinceMs: nowMs - 5 * HOUR_MS })).toEqual({
      state: 'silent',
      reason: 'nothing has come since 2025-12-31T19:00:00.000Z, longer than its usual hours explain',
      since: '2025-12-31T19:00:00.000Z',
    });
  });

  it('says what is known to be wrong first', () => {
    expect(stateOf({ silentSinceMs: 1, throttledUntilMs: nowMs + HOUR_MS }).state).toBe('degraded');
    expect(stateOf({ silentSinceMs: 1, oldestOpenAtMs: 1 }).state).toBe('behind');
  });
});

describe('connection as shown', () => {
  const shown = (changes: Partial<ConnectionActivity>) =>
    connectionBody({
      connection,
      activity: { ...activity, ...changes },
      manifest: undefined,
      publicUrl: 'https://hub.example',
      secretName: 'deskbridge/test/connections/c1',
      nowMs,
    });

  it('says whether the account balances, rather than making it', () => {
    expect(shown({}).accounting.isBalanced).toBe(true);
    expect(shown({ accounting: { ...activity.accounting, accepted: 8 } }).accounting.isBalanced).toBe(false);
  });

  it('gives median and 99th percentile of the measured lag, and neither without a measurement', () => {
    const lag = Array.from({ length: 100 }, (_, index) => ({ atMs: nowMs, lagMs: 100 - index }));

    expect(shown({ lag }).lag).toMatchObject({ p50Ms: 50, p99Ms: 99 });
    expect(shown({}).lag).toMatchObject({ p50Ms: undefined, p99Ms: undefined });
  });

  it('has no webhook address where the integration has no webhook', () => {
    expect(shown({}).webhookUrl).toBeUndefined();
  });

  it('shows until when a breaker stays open', () => {
    expect(shown({ breaker: { state: 'open', untilMs: nowMs } }).breaker).toEqual({
      state: 'open',
      until: '2026-01-01T00:00:00.000Z',
    });
  });
});
