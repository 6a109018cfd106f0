import type { BusEntry } from './relay.ts';

export interface EventBus {
  readonly endpoint: string;
  readonly name: string;
}

export interface SalesforceSandboxOptions {
  readonly port?: number;
  /** Absent: nothing outlives the process. */
  readonly dataDir?: string;
  readonly clock?: { now(): number };
  readonly eventBus?: EventBus;
  readonly publishEvents?: (entries: readonly BusEntry[]) => Promise<void>;
  readonly sessionLifetimeMs?: number;
  readonly eventDelayMs?: number;
  readonly orgId?: string;
}

/** What can be changed while it runs, by `settings()` or `POST /__control/settings`. */
export interface SandboxSettings {
  readonly eventBus?: EventBus;
  readonly eventDelayMs?: number;
  readonly sessionLifetimeMs?: number;
  readonly jwtApproved?: boolean;
  readonly pkceRequired?: boolean;
  readonly apiLimit?: number;
  readonly restrictPicklists?: boolean;
  /** Most rows of one query page: an org may answer fewer than it was asked for. */
  readonly maxPageRows?: number;
  /** How long a bulk job takes. */
  readonly bulkDelayMs?: number;
  /** Most bulk query jobs of 24 hours. */
  readonly maxQueryJobs?: number;
  /** Ids the hub's user may not see. */
  readonly hidden?: readonly string[];
  /** Objects of which the hub's user is shown no row any more: sharing was taken away, and nobody says so. */
  readonly unshared?: readonly string[];
  /** False: as before the package is deployed, or without its permission set. */
  readonly hasPackage?: boolean;
  /** An Experience Cloud site: files shared with a record are then internal by default. */
  readonly hasSites?: boolean;
  /** The hub's user may Query All Files. */
  readonly mayQueryAllFiles?: boolean;
  /** What the hub's user may not do, by object; for `CaseComment` an update of IsPublished alone is always allowed. */
  readonly denied?: Denied;
}

export type Verb = 'create' | 'update' | 'delete';
export type Denied = Readonly<Record<string, readonly Verb[]>>;

export const CONSUMER_KEY =
  '3MVG9deskbridgeSandboxConsumerKey00000000000000000000000000000000000000000000000000';
export const CLIENT_SECRET = 'DESKBRIDGESANDBOXCLIENTSECRET0000000000000000000000000000000000';
export const CHANNEL = 'deskbridge';
