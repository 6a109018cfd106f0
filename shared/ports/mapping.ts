import type { ExternalId, RecordId } from '../domain/ids.ts';
import type {
  Author,
  Comment,
  Fields,
  FieldValue,
  ParentKind,
  RecordKind,
  Visibility,
} from '../domain/record.ts';
import type { MappingDocument } from './mapping-document.ts';

/**
 * A version of one object as one source states it. Compared only with versions of the same source;
 * `value`s of a source order as numbers where both are numbers, else as strings; equal or of different
 * sources means: unknown, read again.
 */
export interface Version {
  readonly source: string;
  readonly value: string | number;
}

/** Who made the state we see: the hub's own user at the vendor, somebody else, or nobody can tell. */
export type Authorship = 'hub' | 'other' | 'unknown';

/** What one object at a vendor was seen to be. `fields` holds the vendor's raw values under canonical field names. */
export interface Observation {
  readonly kind: RecordKind;
  readonly externalId: ExternalId;
  /** The version of the mapping document that `fields` are read by; absent is 0. */
  readonly mapping?: number;
  /** For a comment: the external id of its root. */
  readonly rootExternalId?: ExternalId;
  /** For an attachment: what it hangs on there. Needed where it is first seen. */
  readonly parent?: {
    readonly kind: ParentKind;
    readonly externalId: ExternalId;
    /** For a comment: its root's. */
    readonly rootExternalId?: ExternalId;
  };
  readonly version?: Version;
  readonly authorship: Authorship;
  /**
   * An upper bound of when the newest of `fields` changed, by the source's own clock: the engine orders one source's
   * states by it, and bounds it by the receipt where it compares sources.
   */
  readonly atMs: number;
  /** Source times per field, by the names in `fields`, where the vendor gives them. */
  readonly fieldTimesMs?: Readonly<Record<string, number>>;
  readonly fields: Fields;
  /** Raw values that count only if this observation creates the record (a subject made from a first line); never compared later. */
  readonly initial?: Fields;
  /** Every mapped field is in `fields`; else absent ones are unknown. */
  readonly isComplete: boolean;
  /** Positive evidence only. */
  readonly life?: 'deleted' | 'undeleted';
  /** With `deleted`: the vendor merged it into this object of the same kind, which goes on for both. */
  readonly mergedInto?: ExternalId;
  /** The hub's own mark found on the object (external id field, message metadata): it is a copy we made of this record. */
  readonly marker?: RecordId;
  /** For a comment or an attachment. Absent means internal (invariant 7). */
  readonly visibility?: Visibility;
  readonly author?: Author;
  /** For a comment: sorts it among its siblings of the same source. */
  readonly order?: string;
  /** What this object refers to at the same vendor (external id there): a ticket's requester, a comment's author. */
  readonly refersTo?: ExternalId;
  /** The object is known to exist but its values are not (GAP events): read it before deciding anything. */
  readonly needsRead?: true;
}

export type Decoded =
  | { readonly outcome: 'observations'; readonly observations: readonly Observation[] }
  /**
   * Understood and of no interest; the reason is a short constant phrase. `asksForCheck`: it says that the link may
   * be dead (an app removed, a token revoked), so the vendor is asked at once.
   */
  | { readonly outcome: 'filtered'; readonly reason: string; readonly asksForCheck?: true };

/** The settings of a connection that mappings may look at. */
export interface MappingContext {
  /** The hub's own user at the vendor (Slack bot user id, Salesforce user id). */
  readonly hubUserId?: string | undefined;
  /** The vendor's name of the account the connection is authorized for. */
  readonly account?: string | undefined;
  readonly settings: Readonly<Record<string, FieldValue>>;
  /** The connection's own; absent, the integration's default holds. */
  readonly mapping?: MappingDocument | undefined;
  /** Receipt time by the hub's clock, epoch milliseconds; for what carries no time of its own. */
  readonly receivedAtMs: number;
}

/** What the engine knows of a record when a copy of it is to be projected. */
export interface Projectable {
  readonly id: RecordId;
  readonly kind: RecordKind;
  /** Canonical values. For a comment `fields.body` equals `comment.body`. */
  readonly fields: Fields;
  readonly comment?: Comment;
  /** Of an attachment; which fields a copy has is no matter of this, its creation carries the whole file. */
  readonly visibility?: Visibility;
  /** Whether the copy in question was created by the hub or found at the vendor. */
  readonly copy: 'ours' | 'theirs';
  /** External id, in the same connection, of the record its reference (`fields.requester`) names; null while unknown. */
  readonly referredExternalId?: ExternalId | null;
}

/** The pure half of an integration: wire to canonical and back. Never reads a clock, never calls out. */
export interface Mapping {
  /**
   * What one kept body says.
   * @throws InvalidInputError when the authentic body cannot be read; it is parked, not lost.
   */
  decode(body: Uint8Array, contentType: string, context: MappingContext): Decoded;
  /**
   * The raw fields this copy should hold: only those the copy accepts from the hub (a Slack message that a
   * customer wrote accepts none). Undefined when the record has no place there at all, e.g. an internal
   * note in a channel: an existing copy of ours is then deleted, a missing one not created.
   */
  project(record: Projectable, context: MappingContext): Fields | undefined;
  /** Raw to canonical. Fields whose raw value has no canonical meaning are left out. */
  interpret(kind: RecordKind, raw: Fields, context: MappingContext): Fields;
  /** The form under which two raw values of a field are the same to the vendor (trimmed, truncated, …). */
  canonicalForm(kind: RecordKind, field: string, raw: FieldValue): FieldValue;
  /**
   * Why this record cannot be mapped at all: what its connection's own document asks for fails on its values. Its copy is
   * parked with this reason. Undefined: it can. Absent: it always can.
   */
  failureOf?(kind: RecordKind, fields: Fields, raw: Fields, context: MappingContext): string | undefined;
}
