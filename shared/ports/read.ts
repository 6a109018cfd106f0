import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { Author, Fields, FieldValue, RecordKind, TicketStatus, Visibility } from '../domain/record.ts';
import type { Fault } from '../errors.ts';
import type { ConnectionActivity } from './activity.ts';
import type { AttachmentView, LinkView } from './links.ts';
import type { FieldPreview, ParkedCause, ParkedFilter, ReplayJob } from './parked.ts';
import type { AuditEntry } from './telemetry.ts';

export interface RootView {
  readonly id: RecordId;
  /** Counts the root's commits; the API's ETag. */
  readonly revision: number;
  /** Canonical values only. */
  readonly fields: Fields;
  readonly links: readonly LinkView[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}

export interface TicketView extends RootView {
  readonly requester?: {
    readonly id: RecordId;
    readonly name?: string;
    readonly email?: string;
    readonly account?: { readonly id: RecordId; readonly name?: string };
  };
}

/** A company that contacts belong to. */
export type AccountView = RootView;

export interface CommentView {
  readonly id: RecordId;
  readonly ticket: RecordId;
  readonly visibility: Visibility;
  readonly body: string;
  readonly author: Author;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}

interface EntryBase {
  /** Unique in its timeline; stable. */
  readonly id: string;
  readonly atMs: number;
}
export type TimelineEntry =
  | (EntryBase & { readonly type: 'comment'; readonly comment: CommentView })
  | (EntryBase & { readonly type: 'attachment'; readonly attachment: AttachmentView })
  /** What a commit did to the ticket, or to a comment after it was made. `source` is a connection id, or `hub`. */
  | (EntryBase & {
      readonly type: 'change';
      readonly kind: 'ticket' | 'comment';
      readonly record: RecordId;
      readonly what: 'created' | 'updated' | 'deleted' | 'restored';
      readonly revision: number;
      readonly source: string;
      readonly actor: string;
      readonly fields: Fields;
      /** What stood there before, field by field. */
      readonly was: Fields;
    })
  /** One write the hub carried out at a vendor. */
  | (EntryBase & {
      readonly type: 'effect';
      readonly connection: ConnectionId;
      readonly kind: RecordKind;
      readonly operation: 'create' | 'update' | 'delete';
      readonly record: RecordId;
      readonly externalId?: string;
      readonly lagMs?: number;
    })
  /** A value that lost, kept with who set it and when, and with what replaced it, whose that was and why. */
  | (EntryBase & {
      readonly type: 'conflict';
      readonly record: RecordId;
      readonly kind: RecordKind;
      readonly field: string;
      readonly lost: Fields[string];
      /** Who had set it: an actor. */
      readonly source: string;
      readonly lostAtMs: number;
      readonly kept: Fields[string];
      readonly keptBy: string;
      readonly policy: string;
      readonly reason: string;
      /** The record is still there, and the value may stand in it again. */
      readonly isRestorable: boolean;
      /** Why it may not. */
      readonly refusal?: string;
      /** What the records are called that the values name, where they name such. */
      readonly names?: Readonly<Record<string, string>>;
    })
  | (EntryBase & {
      readonly type: 'parked';
      readonly parked: string;
      readonly reason: string;
      readonly fault: Fault;
      readonly connection: string;
      readonly code?: string | undefined;
      readonly record?: RecordId | undefined;
    })
  /** Parked work went on. */
  | (EntryBase & { readonly type: 'resumed'; readonly parked: string });

export type Conflict = Extract<TimelineEntry, { readonly type: 'conflict' }>;

/** One link of the chain behind a field's value. */
export type FieldStep =
  /** A commit set it: a person, the agent or a system did, through `source`, a connection or `hub`. */
  | {
      readonly type: 'set';
      readonly atMs: number;
      readonly revision: number;
      readonly from: FieldValue;
      readonly to: FieldValue;
      readonly source: string;
      readonly actor: string;
    }
  /** A value that gave way to another; its id is the conflict's, which can be restored. */
  | (Omit<Conflict, 'type'> & { readonly type: 'lost' })
  /** What the record began with; who set it is known only while nothing has been changed since. */
  | {
      readonly type: 'begun';
      readonly atMs: number;
      readonly value: FieldValue;
      readonly source?: string;
      readonly actor?: string;
    };

/** Why a field of a record has its value: the chain of changes behind it, newest first. */
export interface FieldStory {
  readonly record: RecordId;
  readonly kind: RecordKind;
  readonly field: string;
  readonly value: FieldValue;
  readonly steps: readonly FieldStep[];
  /** What the records are called that its values name, by those values; absent where they name none. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface ParkedView {
  /** What `Engine.replay` takes. */
  readonly id: string;
  readonly connection: ConnectionId;
  /** `event`: an accepted event that could not be read; `link`: a write to a copy; `message`: came from a dead-letter queue. */
  readonly what: 'event' | 'link' | 'message';
  readonly cause: ParkedCause;
  readonly ticket?: RecordId;
  /** The record it is about; absent for an event that could not be read. */
  readonly kind?: RecordKind;
  readonly reason: string;
  readonly fault: Fault;
  readonly code?: string;
  readonly attempts: number;
  readonly sinceMs: number;
  /**
   * What a replay would write by what the hub knows now, field by field; absent where it is only known after reading.
   * The vendor may hold something else by then.
   */
  readonly wouldWrite?: Readonly<Record<string, FieldPreview>>;
}

export interface Slice<View> {
  readonly items: readonly View[];
  /** Opaque; pass it back to go on. */
  readonly next?: string;
}
export interface SliceOptions {
  readonly limit: number;
  readonly next?: string;
}

/** Of what is told oldest first, unless the newest is asked for first. */
export interface OrderedSliceOptions extends SliceOptions {
  readonly isNewestFirst?: boolean;
}

/**
 * Everything the API shows. Whatever belongs to another organization reads as undefined or is left out,
 * exactly like what never was. A `next` of another organization or list is refused.
 * @throws InvalidInputError for a `next` this list did not give.
 */
export interface Reading {
  /** Newest activity first; may lag. `facet: 'conversation'` only those with a copy in a channel. */
  tickets(
    organization: OrganizationId,
    options: SliceOptions & { status?: TicketStatus; facet?: 'conversation' },
  ): Promise<Slice<TicketView>>;
  ticket(organization: OrganizationId, id: RecordId): Promise<TicketView | undefined>;
  /** Newest activity first; may lag. */
  accounts(organization: OrganizationId, options: SliceOptions): Promise<Slice<AccountView>>;
  account(organization: OrganizationId, id: RecordId): Promise<AccountView | undefined>;
  /** Undefined when there is no such ticket. */
  comments(
    organization: OrganizationId,
    ticket: RecordId,
    options: OrderedSliceOptions,
  ): Promise<Slice<CommentView> | undefined>;
  comment(
    organization: OrganizationId,
    ticket: RecordId,
    comment: RecordId,
  ): Promise<CommentView | undefined>;
  /** Files of a ticket and of its comments, oldest first; undefined when there is no such ticket. */
  attachments(
    organization: OrganizationId,
    ticket: RecordId,
    options: SliceOptions,
  ): Promise<Slice<AttachmentView> | undefined>;
  attachment(organization: OrganizationId, id: RecordId): Promise<AttachmentView | undefined>;
  /** Where a file's bytes are kept; undefined when there is no such file, or they are not here. */
  content(
    organization: OrganizationId,
    attachment: RecordId,
  ): Promise<{ readonly key: string; readonly name: string; readonly type: string } | undefined>;
  /**
   * Of the ticket itself, one of its comments, its requester or that one's account. Undefined when there is no such ticket or record.
   * @throws InvalidInputError for a field that such a record does not have
   */
  why(
    organization: OrganizationId,
    ticket: RecordId,
    of: { readonly field: string; readonly record?: RecordId },
  ): Promise<FieldStory | undefined>;
  /** Oldest first; undefined when there is no such ticket. */
  timeline(
    organization: OrganizationId,
    ticket: RecordId,
    options: OrderedSliceOptions,
  ): Promise<Slice<TimelineEntry> | undefined>;
  /** A losing value of this ticket, of one of its comments, of its requester or of that one's account, by its timeline entry's id. */
  conflict(
    organization: OrganizationId,
    ticket: RecordId,
    conflict: string,
  ): Promise<{ readonly conflict: Conflict; readonly root: RecordId } | undefined>;
  /**
   * Of any record: a ticket, a comment, a file, a contact or an account. Undefined when there is no such record.
   * @throws InvalidInputError for a field that such a record does not have
   */
  fieldStory(organization: OrganizationId, record: RecordId, field: string): Promise<FieldStory | undefined>;
  /** What lost in any record, oldest first; undefined when there is no such record. */
  losses(
    organization: OrganizationId,
    record: RecordId,
    options: OrderedSliceOptions,
  ): Promise<Slice<Conflict> | undefined>;
  /** One of them, by its id. */
  loss(
    organization: OrganizationId,
    record: RecordId,
    conflict: string,
  ): Promise<{ readonly conflict: Conflict; readonly root: RecordId } | undefined>;
  parked(
    organization: OrganizationId,
    options: SliceOptions & { filter?: ParkedFilter },
  ): Promise<Slice<ParkedView>>;
  /** Replays in bulk, newest first. */
  replays(organization: OrganizationId, options: SliceOptions): Promise<Slice<ReplayJob>>;
  replay(organization: OrganizationId, id: string): Promise<ReplayJob | undefined>;
  activity(organization: OrganizationId, connection: ConnectionId): Promise<ConnectionActivity>;
}

/** Reads back what `Audit` appended; newest first. */
export interface AuditTrail {
  page(organization: OrganizationId, options: SliceOptions): Promise<Slice<AuditEntry>>;
}
