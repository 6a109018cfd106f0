import type { RecordId } from './ids.ts';

/** A field's value, canonical or in a vendor's raw form: JSON scalars only, so equality is exact. */
export type FieldValue = string | number | boolean | null;
export type Fields = Readonly<Record<string, FieldValue>>;

/** The hub's own kinds, what others need before those that need it. */
export const RECORD_KINDS = ['account', 'contact', 'ticket', 'comment', 'attachment'] as const;
/**
 * A ticket is the root of a conversation in a channel and of a case in a connector alike; a comment is its child, a
 * message in a channel. A contact is a root without children, and so are its account, the company it belongs to, and an
 * attachment: what it hangs on it names, and nothing there waits for it.
 */
export type RecordKind = (typeof RECORD_KINDS)[number];
export type RootKind = Exclude<RecordKind, 'comment'>;
/** The kinds whose fields a connection pairs by a document of its own; what is referred to first. */
export const MAPPED_KINDS = ['account', 'contact', 'ticket'] as const satisfies readonly RootKind[];
export type MappedKind = (typeof MAPPED_KINDS)[number];
export const isMapped = (kind: RecordKind): kind is MappedKind =>
  (MAPPED_KINDS as readonly RecordKind[]).includes(kind);
/** What a file can hang on. */
export type ParentKind = 'ticket' | 'comment';

export const TICKET_STATUSES = ['new', 'open', 'pending', 'solved', 'closed'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];
export const TICKET_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

/** Names of the canonical fields of each kind; a mapping may carry any subset of them. */
export const CANONICAL_FIELDS = {
  ticket: ['subject', 'description', 'status', 'priority', 'requester'],
  comment: ['body'],
  account: ['name', 'website', 'phone'],
  contact: ['name', 'email', 'phone', 'account'],
  /** `type` is the MIME type, `size` in bytes, as the vendor states them. */
  attachment: ['name', 'type', 'size'],
} as const satisfies Record<RecordKind, readonly string[]>;

/** The field by which a root of one kind names a root of another: where it is written, that one's copy stands first. */
export interface Reference {
  readonly field: string;
  readonly kind: MappedKind;
}
const REFERENCES: Readonly<Partial<Record<RecordKind, Reference>>> = {
  ticket: { field: 'requester', kind: 'contact' },
  contact: { field: 'account', kind: 'account' },
};
export const referenceOf = (kind: RecordKind): Reference | undefined => REFERENCES[kind];
/** Of what kind the record is that an object of this kind refers to; a comment, to its author. */
export const referredKind = (kind: RecordKind): MappedKind | undefined =>
  kind === 'comment' ? 'contact' : REFERENCES[kind]?.kind;
/** Whether records of other roots name one of this kind. */
export const isReferredTo = (kind: RecordKind): boolean =>
  Object.values(REFERENCES).some((reference) => reference.kind === kind);

export type Visibility = 'public' | 'internal';
export type AuthorRole = 'customer' | 'agent' | 'system';
export interface Author {
  readonly role: AuthorRole;
  readonly name?: string;
  /** The hub's contact record behind a customer, once one is known. */
  readonly contact?: RecordId;
}

interface CommentContent {
  readonly body: string;
  readonly author: Author;
}
/** What a customer may read. Only this type is accepted by anything that writes to a channel. */
export interface PublicComment extends CommentContent {
  readonly visibility: 'public';
}
/** What only the team may read. No function that writes to a customer-visible place takes it. */
export interface InternalNote extends CommentContent {
  readonly visibility: 'internal';
}
export type Comment = PublicComment | InternalNote;

interface AttachmentContent {
  readonly name: string;
  readonly type: string;
  /** Of the bytes the hub holds. */
  readonly size: number;
  readonly sha256: string;
}
/** A file a customer may have. Only this type is accepted by anything that sends files to a channel. */
export interface PublicAttachment extends AttachmentContent {
  readonly visibility: 'public';
}
/** A file only the team may have. */
export interface InternalAttachment extends AttachmentContent {
  readonly visibility: 'internal';
}
export type Attachment = PublicAttachment | InternalAttachment;
