import type { ConnectionId } from '../domain/ids.ts';
import type { Clock, Store } from '../ports/index.ts';
import {
  type Admission,
  admit,
  afterAnswer,
  afterFailure,
  BREAKER,
  type Breaker,
  CLOSED,
} from './breaker.ts';
import { look, nameOf, type Seen, update } from './optimistic.ts';

/** Every breaker that is not closed is in this list. */
const NOT_CLOSED = 'breakers';
/** Keys alone: about a megabyte, which is what one query answers. */
const COUNTED_AT_MOST = 5_000;

/** What a report changed: `closed` is the moment at which waiting work may go on. */
export type Turn = 'opened' | 'closed' | 'unchanged';

/** One connection's breaker for the time of one message: read once, written only when it changes. */
export interface BreakerSession {
  admit(): Promise<Admission>;
  report(result: 'answer' | 'failure'): Promise<Turn>;
}

/** `seen` is what this message has read of it already. */
export function openBreaker(
  deps: { store: Store; clock: Clock },
  connection: ConnectionId,
  seen?: Seen<Breaker>,
): BreakerSession {
  const { store, clock } = deps;
  const key = breakerKey(connection);
  const known = new Map(seen === undefined ? [] : [[nameOf(key), seen]]);
  const admitNow = (stored = CLOSED) => {
    const admission = admit(stored, clock.now());
    const next = admission.isAdmitted ? admission.next : undefined;
    return { answer: admission, ...(next && { write: itemOf(next) }) };
  };
  const reportNow = (stored: Breaker, result: 'answer' | 'failure') => {
    const next = result === 'answer' ? afterAnswer(stored) : afterFailure(stored, clock.now());
    if (next === stored) return { answer: 'unchanged' as const };
    return { answer: turnBetween(stored, next), write: itemOf(next) };
  };
  let isProbe = false;
  return {
    async admit() {
      if (isProbe) return { isAdmitted: true };
      const admission = await update<Breaker, Admission>(store, key, admitNow, known);
      isProbe = admission.isAdmitted && admission.next !== undefined;
      return admission;
    },
    async report(result) {
      isProbe = false;
      return update<Breaker, Turn>(store, key, (stored = CLOSED) => reportNow(stored, result), known);
    },
  };
}

export const lookAtBreaker = (store: Store, connection: ConnectionId): Promise<Seen<Breaker>> =>
  look(store, breakerKey(connection));

/** How many let no call through now: a connection that nobody calls is told of too. */
export async function countOpenBreakers(store: Store, nowMs: number): Promise<number> {
  const open = await store.due(NOT_CLOSED, Number.MAX_SAFE_INTEGER, COUNTED_AT_MOST);
  return open.filter(({ atMs }) => atMs > nowMs - BREAKER.forgottenMs).length;
}

/** For the console: what it is now. */
export async function readBreaker(store: Store, connection: ConnectionId): Promise<Breaker> {
  const { pk, sk } = breakerKey(connection);
  return (await store.get<Breaker>(pk, sk))?.data ?? CLOSED;
}

function itemOf(data: Breaker) {
  if (data.state === 'closed') return { data };
  return { data, due: { list: NOT_CLOSED, atMs: data.state === 'open' ? data.untilMs : data.probeUntilMs } };
}

function turnBetween(before: Breaker, after: Breaker): Turn {
  if (after.state === 'open') return 'opened';
  return before.state === 'closed' ? 'unchanged' : 'closed';
}

function breakerKey(connection: ConnectionId) {
  return { pk: `breaker#${connection}`, sk: 'breaker' };
}
