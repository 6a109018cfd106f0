import type { DeletionPolicies, FieldPolicy, MappingDocument, Transform } from '../../shared/ports/index.ts';
import type { Profile } from './vendor/profile.ts';
import type { TokenRules } from './worlds/token-endpoint.ts';

/** What a fault waits for: a port call of the engine, a call to a vendor, or an event on its way. */
export type Opportunity =
  | 'gate'
  | 'commit'
  | 'send'
  | 'publish'
  | 'receive'
  | 'write'
  | 'read'
  | 'event'
  | 'deletion'
  | 'lease'
  | 'renew';

export type FaultName =
  | 'crash-before'
  | 'crash-after'
  | 'store-conflict'
  | 'store-conflict-though-done'
  | 'store-unavailable'
  | 'send-fails'
  | 'work-twice'
  | 'bus-fails'
  | 'poison'
  | 'write-throttled'
  | 'write-unavailable'
  | 'write-rejected'
  | 'write-unauthorized'
  | 'answer-lost'
  | 'request-lost'
  | 'late-landing'
  | 'edit-before-landing'
  | 'restore-before-landing'
  | 'edit-after-landing'
  | 'restore-after-landing'
  | 'stale-read'
  | 'read-throttled'
  | 'read-unavailable'
  | 'edit-after-read'
  | 'restore-after-read'
  | 'event-twice'
  | 'event-lost'
  | 'event-late'
  | 'event-early'
  | 'event-with-next'
  | 'event-unreadable'
  | 'store-unavailable-though-done'
  | 'send-fails-though-sent'
  | 'bus-fails-though-taken'
  | 'answer-lost-then-restored'
  | 'answer-lost-then-edited'
  | 'late-landing-after-restore'
  | 'late-landing-after-edit'
  | 'told-after-death'
  | 'lease-lost'
  | 'renewal-unavailable'
  | 'renewal-slow'
  | 'renewal-answer-lost'
  | 'killed-before-storing'
  | 'grant-revoked';

export interface Fault {
  readonly fault: FaultName;
  /** Strikes at the n-th opportunity of its kind. */
  readonly at: number;
}

/** Something that lasts: from a moment, for a while. */
export interface Spell {
  readonly spell: 'outage' | 'blindness' | 'refusing' | 'consumers-stopped' | 'double-polls';
  readonly fromMs: number;
  readonly forMs: number;
  /** Which vendor, counted over all. */
  readonly vendor: number;
}

export const OPERATIONS = [
  'open',
  'edit',
  'restore',
  'comment',
  'note',
  'edit-comment',
  'delete-comment',
  'undelete-comment',
  'delete',
  'undelete',
  'hub-edit',
  'hub-comment',
  'hub-note',
  'hub-attach',
  'attach',
  'detach',
  'remap',
  'pair-area',
  'shorten',
  'fill-in',
  'replay',
  'cancel-replay',
  'merge',
  'merge-contacts',
  'unmerge',
  'employ',
  'dissolve',
  'refound',
  'merge-companies',
  'backfill-in',
  'backfill-out',
  'backfill-cancel',
  'authorize',
  'restore-lost',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** One act of a person (or of the hub's API), `atMs` from the start. Numbers choose among what is there then. */
export interface Operation {
  readonly operation: OperationName;
  readonly atMs: number;
  readonly vendor: number;
  readonly target: number;
  readonly field: number;
  readonly value: number;
}

export interface VendorPlan {
  readonly organization: number;
  readonly profile: Profile;
  /** Another tenant of the same integration as this vendor of the plan: its queue, its functions, its app's limit. */
  readonly sharesWith?: number;
  /** It is connected so long after the start; absent: from the start on. */
  readonly connectsAtMs?: number;
  /** How much longer than others its calls take, at most. */
  readonly slowMs?: number;
  /** What its tokens are good for; one that never ends where nothing is said. */
  readonly tokens?: TokenRules;
  /** What its owner has put from the start, where that is not the standard with what is said here. */
  readonly document?: MappingDocument;
  /** What is made of a subject here, from the start. */
  readonly subject?: readonly Transform[];
  /** How conflicts are settled in this connection's copies, by field; `newest` where nothing is said. */
  readonly policies?: Readonly<Record<string, FieldPolicy>>;
  /** What a deletion here means elsewhere; `tombstone` where nothing is said. */
  readonly deletions?: DeletionPolicies;
}

/** One history, before it happens. Everything a run does follows from it. */
export interface Plan {
  readonly seed: number;
  readonly vendors: readonly VendorPlan[];
  /** How far the functions' clocks are off, by turns. */
  readonly skewsMs: readonly number[];
  readonly retentionMs: number;
  readonly operations: readonly Operation[];
  readonly faults: readonly Fault[];
  readonly spells: readonly Spell[];
  /** A second organization floods the queues and limits it shares with the first. */
  readonly isFlooded?: true;
}
