import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { ErrorCode } from '../errors.ts';
import type { AuditEntry, Connection, HubEvent } from '../ports/index.ts';

/** The connections table, item by item. */
export interface ConnectionData {
  readonly connection: Connection;
  /** Committed with the change they tell of, and gone once audit and bus have them. */
  readonly unannounced: readonly Announcement[];
}

export interface Announcement {
  readonly event: HubEvent;
  readonly entry: AuditEntry;
}

export interface Address {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
}

/** Bytes are base64: an item holds nothing a person's tool could not show. */
export interface SealedGrant {
  readonly wrappedKey: string;
  readonly sealed: string;
}

/** What the vendor itself last showed about the link. */
export interface Proof {
  readonly lastProofAtMs?: number;
  readonly lastFailureAtMs?: number;
  readonly lastFailure?: ErrorCode;
}

/** An authorization under way: whoever comes back must be who was sent. */
export interface PendingAuthorization {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly actor: string;
  readonly codeVerifier: string;
}
