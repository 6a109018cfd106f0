import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { RecordKind } from '../domain/record.ts';
import type { ErrorCode, Fault } from '../errors.ts';
import type { AuditEntry, Connection, HubEvent, MappingDocument } from '../ports/index.ts';
import type { Pulse } from './pulse.ts';

/** The connections table, item by item. */
export interface ConnectionData {
  readonly connection: Connection;
  /** Committed with the change they tell of, and gone once audit and bus have them. */
  readonly unannounced: readonly Announcement[];
}

/** A connection's own mapping. */
export interface MappingData extends MappingDocument {
  readonly putAtMs?: number;
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
  /** The vendor's own code where it gave one, and what was seen and expected, in words. */
  readonly lastFailureCode?: string;
  readonly lastFailureReason?: string;
  readonly lastFailureFault?: Fault;
  /** The vendor, or what is left of its allowance, holds calls back until then. */
  readonly throttledUntilMs?: number;
  readonly refusedPulls?: RefusedPulls;
}

/** Kinds whose changes the vendor does not list to us, each since when and in what words. */
export type RefusedPulls = Readonly<
  Partial<
    Record<
      RecordKind,
      { readonly code: string; readonly reason: string; readonly fault: Fault; readonly sinceMs: number }
    >
  >
>;

/** Keeps a connection in the list of those whose proof is looked at. */
export interface Check {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  /** When it was last had asked, or made. */
  readonly checkedAtMs: number;
  readonly pulse?: Pulse;
}

/** An authorization under way: whoever comes back must be who was sent. */
export interface PendingAuthorization {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly actor: string;
  readonly codeVerifier: string;
}
