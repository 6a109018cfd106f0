import type { FieldValue, RecordKind } from '../domain/record.ts';
import { policyOf as policyIn } from '../mapping/index.ts';
import type { Connection } from '../ports/connections.ts';
import type { FieldPolicy } from '../ports/mapping-document.ts';
import { ask } from './policies/ask.ts';
import { newest } from './policies/newest.ts';
import { setMerge } from './policies/set.ts';
import { side } from './policies/side.ts';
import { textMerge } from './policies/text.ts';
import type { Interval } from './state.ts';

/** One side of a conflict: a value, and when at the earliest and at the latest it was set. */
export interface Contender extends Interval {
  readonly value: FieldValue;
  readonly by: string;
  /** Perhaps nobody's: the vendor may have made it of what we wrote. */
  readonly isUnsettled?: boolean;
}
export type Ruling =
  /** One side's value stands; the other goes to the journal. */
  | { readonly winner: 'record' | 'edit'; readonly why: string }
  /** A value made of both; both go to the journal, unless it is theirs. */
  | { readonly winner: 'merge'; readonly value: FieldValue; readonly why: string }
  /** The record keeps its value and the copy its own until a person decides. */
  | { readonly winner: 'nobody'; readonly why: string };

export interface ConflictPolicy {
  readonly name: string;
  /** `base`: what both sides started from; undefined where that is not known. */
  decide(record: Contender, edit: Contender, base: FieldValue | undefined): Ruling;
}

export function policyOf(choice: FieldPolicy | undefined): ConflictPolicy {
  switch (choice?.use) {
    case undefined:
    case 'newest':
      return newest;
    case 'side':
      return side(choice.side);
    case 'set':
      return setMerge(choice.separator);
    case 'text':
      return textMerge;
    case 'ask':
      return ask;
  }
}

export type PolicyFor = (connection: Connection, kind: RecordKind, field: string) => ConflictPolicy;
/** As the connection's own mapping says. */
export const mappedPolicy: PolicyFor = ({ mapping }, kind, field) => policyOf(policyIn(mapping, kind, field));

/** Source clocks run ahead: no time is believed beyond the receipt, nor an interval turned round. */
export function clampInterval(fromMs: number, toMs: number, receivedAtMs: number): Interval {
  const to = Math.min(toMs, receivedAtMs);
  return { fromMs: Math.min(fromMs, to), toMs: to };
}
