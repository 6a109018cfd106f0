import type { Connection, ConnectionActivity } from '../../../../shared/ports/index.ts';
import { isoTime } from './time.ts';

/** A change is due on every side within 5 seconds; work this old means it is not getting through. */
const BEHIND_AFTER_MS = 60_000;
/** Without an answer of the vendor in this time nobody knows whether it would still give one. */
const PROOF_LASTS_MS = 24 * 3_600_000;

/** A parked connection keeps the code of what happened; a person is told what it means. */
const MEANINGS: Readonly<Record<string, string>> = {
  reauthorization_required: 'the vendor no longer accepts the authorization; somebody has to give it again',
  configuration: 'its secret is missing or incomplete',
};

export interface HealthBody {
  readonly state: 'healthy' | 'unproven' | 'behind' | 'silent' | 'degraded' | 'parked' | 'pending';
  readonly reason: string;
  readonly fault?: 'organization' | 'vendor' | 'hub';
  readonly since?: string;
}

/** The worst thing known, never a hope: healthy needs a fresh proof by the vendor itself. */
export function healthOf(connection: Connection, activity: ConnectionActivity, nowMs: number): HealthBody {
  const { state } = connection;
  if (state.kind === 'parked') {
    const reason = MEANINGS[state.reason] ?? state.reason;
    return { state: 'parked', reason, fault: state.fault, since: isoTime(state.sinceMs) };
  }
  if (state.kind === 'pending') return { state: 'pending', reason: 'waits for somebody to authorize it' };
  if (activity.breaker.state !== 'closed') {
    return { state: 'degraded', reason: 'the vendor keeps failing; calls are held back', fault: 'vendor' };
  }
  return troubleOf(activity, nowMs) ?? standingOf(activity, nowMs);
}

/** Something has just failed, or holds calls back; whatever was proven before says nothing about now. */
function troubleOf(activity: ConnectionActivity, nowMs: number): HealthBody | undefined {
  const { lastFailure, refusedPulls, throttledUntilMs = 0 } = activity;
  if (lastFailure !== undefined) {
    const { atMs, code, fault, reason } = lastFailure;
    return { state: 'degraded', reason: MEANINGS[code] ?? reason, fault, since: isoTime(atMs) };
  }
  const refused = refusedPulls?.[0];
  if (refused !== undefined) {
    return {
      state: 'degraded',
      reason: `changes of its ${refused.kind}s cannot be listed (${refused.reason})`,
      fault: refused.fault,
      since: isoTime(refused.sinceMs),
    };
  }
  if (throttledUntilMs <= nowMs) return undefined;
  const reason = `the vendor’s limit is reached; calls wait until ${isoTime(throttledUntilMs)}`;
  return { state: 'degraded', reason, fault: 'vendor' };
}

function standingOf(activity: ConnectionActivity, nowMs: number): HealthBody {
  const { oldestOpenAtMs, lastProofAtMs, silentSinceMs } = activity;
  if (oldestOpenAtMs !== undefined && nowMs - oldestOpenAtMs > BEHIND_AFTER_MS) {
    return {
      state: 'behind',
      reason: 'accepted work is waiting',
      fault: 'hub',
      since: isoTime(oldestOpenAtMs),
    };
  }
  if (silentSinceMs !== undefined) {
    return {
      state: 'silent',
      reason: `nothing has come since ${isoTime(silentSinceMs)}, longer than its usual hours explain`,
      since: isoTime(silentSinceMs),
    };
  }
  if (lastProofAtMs === undefined) return { state: 'unproven', reason: 'the vendor has not answered yet' };
  if (nowMs - lastProofAtMs > PROOF_LASTS_MS) {
    return { state: 'unproven', reason: 'the last proof is over a day old', since: isoTime(lastProofAtMs) };
  }
  return { state: 'healthy', reason: 'the vendor answers' };
}
