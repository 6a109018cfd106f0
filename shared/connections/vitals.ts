import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { RECORD_KINDS } from '../domain/record.ts';
import type { Platform, Vitals } from '../ports/index.ts';
import { type Breaker, readBreaker } from '../resilience/index.ts';
import { checkKey } from './keys.ts';
import { createProofs } from './proof.ts';
import { silentSince } from './pulse.ts';
import type { Check, Proof } from './state.ts';

/** What is known of a link besides its work: proofs, failures, limits and breaker. */
export function createVitals({ stores, clock }: Pick<Platform, 'stores' | 'clock'>) {
  const proofs = createProofs({ store: stores.connections, clock });
  return async (organization: OrganizationId, id: ConnectionId): Promise<Vitals> => {
    const { pk, sk } = checkKey(organization, id);
    const [proof, breaker, check] = await Promise.all([
      proofs.read({ organization, id }),
      readBreaker(stores.limits, id),
      stores.connections.get<Check>(pk, sk),
    ]);
    const silentSinceMs = silentSince(check?.data.pulse);
    const { lastProofAtMs, throttledUntilMs } = proof;
    return {
      breaker: breakerView(breaker),
      refusedPulls: pullsView(proof),
      ...(lastProofAtMs === undefined ? {} : { lastProofAtMs }),
      ...(throttledUntilMs === undefined ? {} : { throttledUntilMs }),
      ...(silentSinceMs === undefined ? {} : { silentSinceMs }),
      ...failureView(proof),
    };
  };
}

/** A failure that a later answer has not outdated; of one moment, the failure counts. */
export function isFailing({ lastProofAtMs = 0, lastFailureAtMs }: Proof): boolean {
  return lastFailureAtMs !== undefined && lastFailureAtMs >= lastProofAtMs;
}

function failureView(proof: Proof): Pick<Vitals, 'lastFailure'> {
  const { lastFailureAtMs: atMs, lastFailure, lastFailureCode, lastFailureReason, lastFailureFault } = proof;
  if (atMs === undefined || !isFailing(proof)) return {};
  const code = lastFailureCode ?? lastFailure ?? 'unknown';
  return {
    lastFailure: { atMs, code, reason: lastFailureReason ?? code, fault: lastFailureFault ?? 'vendor' },
  };
}

function pullsView({ refusedPulls = {} }: Proof): NonNullable<Vitals['refusedPulls']> {
  return RECORD_KINDS.flatMap((kind) => {
    const why = refusedPulls[kind];
    return why === undefined ? [] : [{ kind, ...why }];
  });
}

function breakerView(breaker: Breaker): Vitals['breaker'] {
  if (breaker.state === 'closed') return { state: 'closed' };
  const untilMs = breaker.state === 'open' ? breaker.untilMs : breaker.probeUntilMs;
  return { state: breaker.state, untilMs };
}
