import type { MappedKind, RecordKind } from '../domain/record.ts';
import type { MappingDocument } from './mapping-document.ts';

/**
 * How a copy can be created without a duplicate when the answer is lost (DESIGN, Creation).
 * `unique`: an external id the vendor enforces; a retry sends the same bytes.
 * `find`: no key, but the hub's marker can be searched for, `searchLagMs` after the write.
 * `none`: neither; a doubtful creation parks and asks.
 */
export type CreationCapability =
  | { readonly by: 'unique'; readonly expiresAfterMs?: number }
  | { readonly by: 'find'; readonly searchLagMs: number }
  | { readonly by: 'none' };

export interface KindCapability {
  /** What the vendor calls it: Case, CaseComment, thread, message. */
  readonly vendorName: string;
  /** How the hub speaks of it: a ticket's copy in a channel is a conversation. */
  readonly facet: 'ticket' | 'conversation' | 'comment' | 'message' | 'contact' | 'account' | 'file';
  /** Absent: the hub never creates such an object there. */
  readonly creation?: CreationCapability;
  /** Canonical field → who may write this copy's value: the hub always, only on copies it made, or never. */
  readonly fields: Readonly<Record<string, { readonly writable: 'always' | 'own' | 'never' }>>;
  readonly canRead: boolean;
  /** Two of its objects can be merged into one there; which one goes on is told by a read of the deleted one. */
  readonly canMerge?: true;
  readonly canDelete: 'always' | 'own' | 'never';
  /** That such an object was deleted there is announced: what it means elsewhere is a connection's to say. */
  readonly tellsDeletions?: true;
  /** The vendor refuses a write whose base version has moved on. */
  readonly hasConditionalWrites: boolean;
  /** Observations say whether the hub itself made the state. */
  readonly hasAuthorship: boolean;
  /** Known loss windows no mechanism of the vendor can close (invariant 3), in one sentence each. */
  readonly gaps?: readonly string[];
}

/**
 * At most `tokens` calls in any span of `windowMs`, wherever it begins: so it holds at a vendor that slides its window
 * and at one that starts a new one on the minute. What the vendor itself tells of a limit outranks `tokens`.
 */
export interface VendorLimit {
  readonly name: string;
  readonly tokens: number;
  readonly windowMs: number;
  /** One bucket per connection, per place within it (a Slack channel), or for all organizations' together. */
  readonly per: 'connection' | 'place' | 'app';
  /** The calls that draw from it; absent means every call. */
  readonly on?: readonly ('read' | 'find' | 'match' | 'pull' | 'create' | 'update' | 'delete')[];
}

/** Everything about an integration that is data. `lib`, the README's table and the engine read only this. */
export interface Manifest {
  readonly id: string;
  readonly kind: 'channel' | 'connector';
  readonly name: string;
  readonly version: string;
  /** The webhook this integration receives on, if any: `/webhooks/<id>/{connection}`. */
  readonly webhook?: {
    readonly methods: readonly ('GET' | 'POST')[];
    readonly maxBodyBytes: number;
    /** Name of the verifier its `authenticity.ts` exports; a route without one does not build. */
    readonly verifier: string;
  };
  /** Partner event bus detail-types this integration's inbound function takes (Salesforce Event Relay). */
  readonly partnerEvents?: { readonly sourcePrefix: string };
  /** Present when `poll.ts` exists; a six-field cron expression or rate for EventBridge Scheduler. */
  readonly poll?: { readonly schedule: string; readonly overlapMs: number };
  /** Present when `backfill.ts` exists: everything of these kinds can be had at once, in pages of that many rows. */
  readonly backfill?: {
    readonly kinds: readonly RecordKind[];
    readonly pageRows: number;
    /** So many copies of each kind can be made in one call: what the hub holds is brought out as well, files by their own way. */
    readonly outward?: Readonly<Record<MappedKind | 'comment', number>>;
  };
  readonly kinds: Readonly<Partial<Record<RecordKind, KindCapability>>>;
  /** Present when `files.ts` exists: attachments are carried, up to the vendor's own largest file. */
  readonly files?: { readonly maxBytes: number };
  /** The default mapping. Absent: its mapping is fixed, and connections have none of their own. */
  readonly mapping?: MappingDocument;
  readonly capabilities: readonly string[];
  readonly auth: readonly ('oauth2-code' | 'jwt-bearer' | 'token')[];
  /** Names of the values this integration keeps in a connection's secret. */
  readonly secrets: readonly string[];
  /** JSON Schema (2020-12) of a connection's non-secret settings. */
  readonly settingsSchema: Readonly<Record<string, unknown>>;
  readonly limits: readonly VendorLimit[];
  /** Longest the vendor may still carry out a request whose answer we never saw, in milliseconds. */
  readonly requestLifetimeMs: number;
  /** Longest the vendor keeps re-sending an event, in milliseconds; inbox rows outlive it. */
  readonly redeliveryMs: number;
  /** Hosts a connection's base URL may name outside local mode: exact, or `*.suffix`. */
  readonly allowedHosts: readonly string[];
  /** Place for a customer-visible conversation: such kinds accept only public comments. */
  readonly isCustomerVisible: boolean;
}

/** Of an integration customers can read: its adapter is taken for no more than public changes. */
export type CustomerVisibleManifest = Manifest & { readonly isCustomerVisible: true };
export type InternalManifest = Manifest & { readonly isCustomerVisible: false };
