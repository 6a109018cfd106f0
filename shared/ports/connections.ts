import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { FieldValue } from '../domain/record.ts';
import type { Fault } from '../errors.ts';
import type { MappingDocument } from './mapping-document.ts';

export type ConnectionState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'active' }
  /** Set aside until its cause is gone: a refused refresh, a revoked token. Never shown healthy. */
  | { readonly kind: 'parked'; readonly reason: string; readonly fault: Fault; readonly sinceMs: number }
  /** Taken out by its organization. Nobody is shown it; it is kept so that what is still on its way is known. */
  | { readonly kind: 'removed'; readonly sinceMs: number };

/** One organization's authenticated instance of an integration, without its secrets. */
export interface Connection {
  readonly id: ConnectionId;
  readonly organization: OrganizationId;
  readonly integration: string;
  readonly name: string;
  /** Where the vendor answers; a setting, so a connection can point at a sandbox. */
  readonly baseUrl: string;
  readonly state: ConnectionState;
  /** The hub's own user there, learned at connecting; echoes and authorship are told by it. */
  readonly hubUserId?: string;
  /** The vendor's name of the account: workspace or org id. */
  readonly account?: string;
  readonly settings: Readonly<Record<string, FieldValue>>;
  /** Its own, where it has been given one; else its integration's default holds. Not known by address. */
  readonly mapping?: MappingDocument;
  /** When that was put last. */
  readonly mappedAtMs?: number;
  readonly createdAtMs: number;
}

export interface Connections {
  /** Strongly read. Undefined for another organization's id, and for a removed one, exactly as for one that never was. */
  get(organization: OrganizationId, id: ConnectionId): Promise<Connection | undefined>;
  /** By the id in a webhook address, before any organization is known. May be up to 60 s old. */
  byAddress(id: string): Promise<Connection | undefined>;
  /** May be up to 60 s old. */
  ofOrganization(organization: OrganizationId): Promise<readonly Connection[]>;
}

/** Values of a connection's secret (signing secrets, client secret, private key, body key). */
export interface Secrets {
  /**
   * By connection; cached for at most 60 s, unless it must be `fresh`. Undefined where there is none, or it is going.
   * @throws ConfigurationError when it is no secret of ours; ProviderUnavailableError when its store is away.
   */
  get(
    connection: ConnectionId,
    options?: { readonly fresh?: boolean },
  ): Promise<Readonly<Record<string, string>> | undefined>;
}
