import type { RecordId } from './ids.ts';

/** A field's value, canonical or in a vendor's raw form: JSON scalars only, so equality is exact. */
export type FieldValue = string | number | boolean | null;
export type Fields = Readonly<Record<string, FieldValue>>;

/**
 * The hub's own kinds. A ticket is the root of a conversation in a channel and of a case in a connector
 * alike; a comment is its child, a message in a channel. A contact is a root without children.
 */
export type RecordKind = 'ticket' | 'comment' | 'contact';
export type RootKind = Exclude<RecordKind, 'comment'>;

export const TICKET_STATUSES = ['new', 'open', 'pending', 'solved', 'closed'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];
export const TICKET_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

/** Names of the canonical fields of each kind; a mapping may carry any subset of them. */
export const CANONICAL_FIELDS = {
  ticket: ['subject', 'description', 'status', 'priority', 'requester'],
  comment: ['body'],
  contact: ['name', 'email', 'phone'],
} as const satisfies Record<RecordKind, readonly string[]>;

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
