import type { FieldValue, RecordKind } from '../domain/record.ts';
import type { Connection } from '../ports/connections.ts';
import type { Interval } from './state.ts';

/** One side of a conflict: a value, and when at the earliest and at the latest it was set. */
export interface Contender extends Interval {
  readonly value: FieldValue;
  readonly by: string;
}
export interface Ruling {
  readonly winner: 'record' | 'edit';
  /** Stated in the journal: why this side won. */
  readonly why: string;
}
export interface ConflictPolicy {
  readonly name: string;
  decide(record: Contender, edit: Contender): Ruling;
}

/**
 * The later of two edits. A record-level time only bounds its fields from above, so a contender is an
 * interval; where two overlap nobody can tell, and the side that a person last touched at a vendor, the
 * edit, is kept: its copy then needs no write.
 */
export const newest: ConflictPolicy = {
  name: 'newest',
  decide(record, edit) {
    if (edit.fromMs > record.toMs) return { winner: 'edit', why: 'set later' };
    if (edit.toMs < record.fromMs) return { winner: 'record', why: 'set later' };
    if (edit.fromMs === edit.toMs && record.fromMs === record.toMs && edit.toMs < record.toMs) {
      return { winner: 'record', why: 'set later' };
    }
    return { winner: 'edit', why: 'times overlap; the edit seen at the vendor is kept' };
  },
};

/** The place for policies per connection and field; all are `newest` today. */
export type PolicyFor = (connection: Connection, kind: RecordKind, field: string) => ConflictPolicy;
export const newestEverywhere: PolicyFor = () => newest;

/** Source clocks run ahead: no time is believed beyond the receipt, nor an interval turned round. */
export function clampInterval(fromMs: number, toMs: number, receivedAtMs: number): Interval {
  const to = Math.min(toMs, receivedAtMs);
  return { fromMs: Math.min(fromMs, to), toMs: to };
}
