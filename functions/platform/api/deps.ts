import type { Backfills } from '../../../shared/backfill/index.ts';
import type { Features } from '../../../shared/config/index.ts';
import type { MappingDesk } from '../../../shared/connections/index.ts';
import type { Schedules } from '../../../shared/connections/schedules.ts';
import type { ConnectionId, Fields, OrganizationId } from '../../../shared/domain/index.ts';
import type {
  Audit,
  AuditTrail,
  Connection,
  Connections,
  ContentAddress,
  Engine,
  Health,
  Manifest,
  Reading,
  Telemetry,
} from '../../../shared/ports/index.ts';
import type { Uploads } from '../../../shared/uploads/index.ts';
import type { Caller, Schema } from './call.ts';
import type { Reservations } from './reservations.ts';

/** What the API asks of the connections module; it holds tokens and secrets, the API never sees one. */
export interface ConnectionDesk {
  /** @throws InvalidInputError with a pointer (`/baseUrl`, `/settings/…`) when the policy refuses a value. */
  create(request: {
    readonly organization: OrganizationId;
    readonly integration: string;
    readonly name: string;
    readonly baseUrl?: string;
    readonly settings: Fields;
    readonly actor: string;
    readonly id?: ConnectionId;
    readonly secrets?: Readonly<Record<string, string>>;
  }): Promise<Connection>;
  /** Write only: the values go to Secrets Manager beside those already there. @throws NotFoundError */
  keepSecrets(request: {
    readonly organization: OrganizationId;
    readonly connection: ConnectionId;
    readonly actor: string;
    readonly secrets: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** @throws NotFoundError also for one that is gone already */
  remove(request: {
    readonly organization: OrganizationId;
    readonly connection: ConnectionId;
    readonly actor: string;
  }): Promise<void>;
  /** `url` for the person to visit, or the connection itself where no person is needed. @throws NotFoundError, ConflictError naming a missing secret */
  begin(request: {
    readonly organization: OrganizationId;
    readonly connection: ConnectionId;
    readonly actor: string;
  }): Promise<{ readonly url: string; readonly state: string } | { readonly connection: Connection }>;
  /** The organization comes from the stored state. @throws InvalidInputError for a state never given or used up. */
  complete(request: { readonly state: string; readonly code: string }): Promise<Connection>;
  /** The vendor sent the person back with an error instead of a code. @throws as `complete` */
  refuse(request: { readonly state: string; readonly error: string }): Promise<void>;
  /** Asks the vendor, now. @throws NotFoundError */
  check(request: {
    readonly organization: OrganizationId;
    readonly connection: ConnectionId;
    readonly actor: string;
  }): Promise<Health>;
}

/** @throws NotAuthenticError for a token that is not a valid one of the configured issuer. */
export type VerifyToken = (token: string) => Promise<Caller>;

/** What every request needs, whichever function takes it. */
export interface GateDeps {
  readonly reading: Pick<Reading, 'activity'>;
  readonly connections: Connections;
  readonly features: Features;
  readonly catalog: readonly Manifest[];
  readonly verify: VerifyToken;
  readonly telemetry: Telemetry;
  readonly clock: { now(): number };
  readonly publicUrl: string;
  readonly secretNameOf: (connection: ConnectionId) => string;
}

/** Tickets and what runs the hub: no vendor is called, no token or secret is held. */
export interface ApiDeps extends GateDeps {
  readonly reading: Reading;
  readonly engine: Pick<Engine, 'edit' | 'admit' | 'replay' | 'startReplay' | 'cancelReplay'>;
  readonly backfills: Pick<Backfills, 'start' | 'of' | 'get' | 'cancel'>;
  readonly schedules: Schedules;
  readonly audit: Audit;
  readonly auditTrail: AuditTrail;
  /** Of a file's bytes. */
  readonly addressOf: ContentAddress;
  readonly uploads: Uploads;
  readonly reservations: Reservations;
  /** The OpenAPI document of the routes; built when first asked for, no other request pays for it. */
  readonly document: () => Promise<Schema>;
}

/** What calls vendors, or holds what they have entrusted. */
export interface DeskDeps extends GateDeps {
  readonly engine: Pick<Engine, 'drain' | 'forget'>;
  readonly desk: ConnectionDesk;
  readonly mappings: MappingDesk;
  readonly reservations: Reservations;
}
