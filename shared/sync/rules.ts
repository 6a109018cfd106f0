import type { FieldValue } from '../domain/record.ts';
import type { RemoteState } from '../ports/integration.ts';
import type { FieldRule } from '../ports/mapping-document.ts';
import { byPlace } from './line.ts';
import { mappedPolicy, type PolicyFor } from './policy.ts';
import type { Behind, Lane, Line, Link, Pending, Values, Wake } from './state.ts';

/**
 * The engine's safeguards, one entry each: the pure rules its decisions ask. The simulation replaces single
 * entries to prove that each is needed.
 */
export interface Rules {
  /** Claims: identity is put once, and met before anything is made. */
  readonly claims: () => boolean;
  /** Got: what an observation is news against; equal to it, it is an echo. */
  readonly baseline: (link: Link) => Values;
  /** Pending: the request is noted, with its base, before it is sent. */
  readonly notesPending: () => boolean;
  /** Pending: what is heard of a record while a request on it is under way waits for its settlement. */
  readonly waitsForSettlement: () => boolean;
  /** Lease and doubt: while somebody may be acting on a request, or it may yet land, only time clears its fate. */
  readonly mayStillLand: (pending: Pending, nowMs: number) => boolean;
  /** Wake: only the message that is the wake may act. */
  readonly isTheWake: (wake: Wake | undefined, id: string) => boolean;
  /** Order: children go in the order of their positions, after their parent. */
  readonly inOrder: (behind: readonly Behind[]) => Behind[];
  /** Children listed in one line of a root's item; some 300 bytes each, for every lane. */
  readonly lineLength: () => number;
  /** Lines: whoever stands beyond the listed is looked for, not forgotten. */
  readonly goesOn: (line: Line) => boolean;
  /** Deletion evidence: absence proves nothing. */
  readonly isDeleted: (remote: RemoteState) => boolean;
  /** Merges: where objects may be merged, a deletion is believed once a read has named no survivor. */
  readonly asksForSurvivor: () => boolean;
  /** Late events never revive: only an undelete or a fresh read that is later than the deletion. */
  readonly provesLife: (link: Link, seen: { atMs: number; isLater: boolean }) => boolean;
  /** Heard: an edit overwritten before it was read is judged, not forgotten. */
  readonly remembersHeard: () => boolean;
  /** Condition at the vendor: writes carry the version they were decided on. */
  readonly writesConditionally: () => boolean;
  /** Mapping: a raw value is compared as what it was noted under, never as another pair's. */
  readonly tellsMappingsApart: () => boolean;
  /** First look: a pair that is newer than what is held of a copy has no base there until it is read. */
  readonly isNewPair: (since: number, held: number) => boolean;
  /** Default: what a copy is given where neither it nor the record holds anything. */
  readonly defaultOf: (rule: FieldRule | undefined) => FieldValue | undefined;
  /** Parent: a file waits for the copy that it is to hang on. */
  readonly waitsForParent: () => boolean;
  /** Torn: what a transfer that is not this worker's has left half done goes before anything else is done. */
  readonly isTorn: (transfer: Lane['transfer'], own: string) => boolean;
  readonly policyFor: PolicyFor;
}

export const standardRules: Rules = {
  claims: () => true,
  baseline: (link) => link.got,
  notesPending: () => true,
  waitsForSettlement: () => true,
  mayStillLand: (pending, nowMs) => nowMs < pending.settleAtMs,
  isTheWake: (wake, id) => wake?.id === id,
  inOrder: byPlace,
  lineLength: () => 50,
  goesOn: ({ beyond }) => beyond !== undefined,
  isDeleted: (remote) => remote.state === 'deleted',
  asksForSurvivor: () => true,
  provesLife: (_link, seen) => seen.isLater,
  remembersHeard: () => true,
  writesConditionally: () => true,
  tellsMappingsApart: () => true,
  isNewPair: (since, held) => since > held,
  defaultOf: (rule) => rule?.default,
  waitsForParent: () => true,
  isTorn: (transfer, own) => transfer !== undefined && transfer.id !== own,
  policyFor: mappedPolicy,
};
