import type { RecordKind } from '../domain/record.ts';
import type { Fault } from '../errors.ts';

/** accepted = applied + merged + echo + filtered + parked + open (invariant 5); the two sides are counted apart. */
export interface Accounting {
  /** Only what was accepted from here on is counted: closed rows are not kept for ever. */
  readonly sinceMs: number;
  /** By the marks the door leaves, not by the rows. */
  readonly accepted: number;
  readonly applied: number;
  readonly merged: number;
  readonly echo: number;
  readonly filtered: number;
  readonly parked: number;
  readonly open: number;
}

export interface ConnectionActivity {
  readonly accounting: Accounting;
  readonly oldestOpenAtMs?: number;
  /** The last time the vendor itself answered as it should: a settled write, a read, a check, an authentic event. */
  readonly lastProofAtMs?: number;
  /** The newest failure of a call that has shown the link itself to be in trouble; later proof may have outdated it. */
  readonly lastFailure?: {
    readonly atMs: number;
    readonly code: string;
    readonly reason: string;
    readonly fault: Fault;
  };
  /** The vendor, or what is left of its allowance, holds calls back until then. */
  readonly throttledUntilMs?: number;
  /** Kinds the vendor does not list to the hub, or no more: changes no event tells of stay unseen. Absent or empty: none. */
  readonly refusedPulls?: readonly {
    readonly kind: RecordKind;
    readonly code: string;
    readonly reason: string;
    readonly fault: Fault;
    readonly sinceMs: number;
  }[];
  /** The newest event, where the connection has since been silent for longer than its own past explains. */
  readonly silentSinceMs?: number;
  readonly breaker: { readonly state: 'closed' | 'open' | 'half-open'; readonly untilMs?: number };
  readonly parkedWork: number;
  /** Newest last, at most 120: commit time to acknowledged write. */
  readonly lag: readonly { readonly atMs: number; readonly lagMs: number }[];
}

/** What the vendor itself last showed of a connection; the connections module keeps it. */
export type Vitals = Pick<
  ConnectionActivity,
  'lastProofAtMs' | 'lastFailure' | 'throttledUntilMs' | 'breaker' | 'refusedPulls' | 'silentSinceMs'
>;
