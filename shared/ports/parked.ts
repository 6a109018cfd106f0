import type { ConnectionId } from '../domain/ids.ts';
import type { FieldValue, RecordKind } from '../domain/record.ts';
import type { Fault } from '../errors.ts';

/** Why work is set aside; decides what brings it back. */
export const PARKED_CAUSES = [
  'rejected',
  'unauthorized',
  'unavailable',
  'doubtful',
  'unsettled',
  'unseen',
  'unreadable',
  'dead-letter',
  /** Two sides set the same field, and a person is to decide. */
  'asked',
] as const;
export type ParkedCause = (typeof PARKED_CAUSES)[number];

/** Which pieces of parked work are meant: those for which all that is named holds. */
export interface ParkedFilter {
  readonly connection?: ConnectionId;
  readonly cause?: ParkedCause;
  readonly fault?: Fault;
  /** Of the record it is about; an event that could not be read is about none. */
  readonly kind?: RecordKind;
  /** Set aside from here on, and before there. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Stands in the reason or is the code, whatever the case. */
  readonly text?: string;
}

/** A field of a copy: what the vendor was last seen to hold, and what it would be written. */
export interface FieldPreview {
  readonly from: FieldValue;
  readonly to: FieldValue;
}

/** Parked work put back in bulk, oldest first, a pace at a time. */
export interface ReplayJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled';
  readonly actor: string;
  readonly filter: ParkedFilter;
  /** What was parked and meant when it was asked for; what came later is not. */
  readonly total: number;
  /** Went back. */
  readonly replayed: number;
  /** Had gone on by itself before its turn. */
  readonly gone: number;
  /** Could not be put back now; parked as before. */
  readonly failed: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
}
