/** A breaker outlives the function that tripped it, so its state is data: impossible states cannot be written. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly untilMs: number; readonly opens: number }
  /** One probe is under way; whoever else comes waits for its answer. */
  | { readonly state: 'half-open'; readonly probeUntilMs: number; readonly opens: number };

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

export const BREAKER = {
  /** In a row, with no answer between them. */
  failuresToOpen: 5,
  openMs: 5_000,
  maxOpenMs: 60_000,
  /** A probe that says nothing by then is taken for dead with its function. */
  probeMs: 30_000,
  /** Nobody has called for so long, though quiet connections are looked at hourly: it is a connection no more. */
  forgottenMs: 7_200_000,
};

export type Admission =
  /** `next` is to be written before the call, where present. */
  | { readonly isAdmitted: true; readonly next?: Breaker }
  | { readonly isAdmitted: false; readonly retryAfterMs: number };

export function admit(breaker: Breaker, nowMs: number): Admission {
  if (breaker.state === 'closed') return { isAdmitted: true };
  const waitUntilMs = breaker.state === 'open' ? breaker.untilMs : breaker.probeUntilMs;
  if (nowMs < waitUntilMs) return { isAdmitted: false, retryAfterMs: waitUntilMs - nowMs };
  const probe = { state: 'half-open', probeUntilMs: nowMs + BREAKER.probeMs, opens: breaker.opens } as const;
  return { isAdmitted: true, next: probe };
}

/** The vendor answered, whatever it said. */
export function afterAnswer(breaker: Breaker): Breaker {
  return breaker.state === 'closed' && breaker.failures === 0 ? breaker : CLOSED;
}

/** The vendor did not answer, or said that it cannot. */
export function afterFailure(breaker: Breaker, nowMs: number): Breaker {
  if (breaker.state === 'open') return breaker;
  if (breaker.state === 'half-open') return opened(breaker.opens + 1, nowMs);
  const failures = breaker.failures + 1;
  return failures < BREAKER.failuresToOpen ? { state: 'closed', failures } : opened(1, nowMs);
}

function opened(opens: number, nowMs: number): Breaker {
  const openMs = Math.min(BREAKER.maxOpenMs, BREAKER.openMs * 2 ** (opens - 1));
  return { state: 'open', untilMs: nowMs + openMs, opens };
}
