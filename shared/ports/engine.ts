import type { ConnectionId, InboxId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { FieldValue, MappedKind, RootKind, Visibility } from '../domain/record.ts';
import type { Connection, Connections } from './connections.ts';
import type { ContentStore, Stored } from './content.ts';
import type { Integration } from './integration.ts';
import type { Manifest } from './manifest.ts';
import type { Mapping } from './mapping.ts';
import type { ParkedFilter, ReplayJob } from './parked.ts';
import type {
  Bus,
  ChangeMessage,
  Clock,
  EntryLane,
  HubMessage,
  Queues,
  Random,
  WorkMessage,
} from './runtime.ts';
import type { Store } from './store.ts';
import type { Audit, Telemetry } from './telemetry.ts';

/** Encrypts bodies at rest; the connection's own key, AES-256-GCM, organization and connection authenticated. */
export interface Sealer {
  seal(organization: OrganizationId, connection: ConnectionId, plain: Uint8Array): Promise<Uint8Array>;
  /** @throws InvariantError when the bytes were not sealed for this organization and connection. */
  open(organization: OrganizationId, connection: ConnectionId, sealed: Uint8Array): Promise<Uint8Array>;
}

/** One authentic request as the inbound function or a poll page hands it over. */
export interface Arrival {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  /** The vendor's delivery id; the same event carries the same id however often it is sent. */
  readonly eventId: string;
  /** External root, or the object's own id where the root is not known. */
  readonly group: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly lane: EntryLane;
  readonly receivedAtMs: number;
  /** How long the vendor may go on re-sending it. */
  readonly redeliveryMs: number;
}

/** What keeping an event needs; the inbound functions load nothing more. */
export interface AcceptDeps {
  readonly store: Store;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly sealer: Sealer;
}
/** Puts the inbox row, then enqueues; a row that exists is a duplicate, its enqueueing is the sweeper's. */
export type Accept = (deps: AcceptDeps, arrival: Arrival) => Promise<'accepted' | 'duplicate'>;

export interface EngineDeps extends AcceptDeps {
  readonly random: Random;
  readonly bus: Bus;
  readonly connections: Connections;
  readonly telemetry: Telemetry;
  readonly audit: Audit;
  /** Undefined for an id that is not in the catalog. */
  readonly integrations: (
    id: string,
  ) => { readonly manifest: Manifest; readonly mapping: Mapping } | undefined;
}

/** An edit made through the hub's own API, by a person or the agent platform. */
export type HubEdit =
  | {
      readonly edit: 'fields';
      readonly fields: Readonly<Record<string, FieldValue>>;
      /** A comment of the root; absent: the root itself. */
      readonly record?: RecordId;
    }
  /** A value that stood there once, of the root itself or of one of its comments, is to stand again. */
  | {
      readonly edit: 'restore';
      readonly record: RecordId;
      readonly field: string;
      readonly value: FieldValue;
    }
  | {
      readonly edit: 'comment';
      readonly visibility: Visibility;
      readonly body: string;
      readonly authorName: string;
    }
  | (NewFile & {
      readonly edit: 'attachment';
      /** The record that it becomes. */
      readonly id: RecordId;
      readonly content: Stored & { readonly key: string };
    });

/** A file as it is sent through the hub itself. */
export interface NewFile {
  readonly name: string;
  readonly type: string;
  /** A comment of the ticket, whose visibility it then has; absent: the ticket itself. */
  readonly comment?: RecordId;
  /** Of a file of the ticket itself; absent: internal. */
  readonly visibility?: Visibility;
}

export interface SweepReport {
  readonly reenqueued: number;
  readonly rewoken: number;
  readonly settled: number;
  readonly published: number;
}

/** What a mapping would do to one record, before it is made. Raw values where they are a vendor's. */
export interface MappingPreview {
  readonly record: RecordId;
  readonly kind: RootKind;
  readonly externalId: string;
  /** What the record would take in from there. */
  readonly takes: readonly { readonly field: string; readonly from: FieldValue; readonly to: FieldValue }[];
  /** What would have to go, and stay in the journal. */
  readonly replaces: readonly {
    readonly field: string;
    readonly lost: FieldValue;
    readonly kept: FieldValue;
  }[];
  readonly writes: readonly PreviewedWrite[];
}
export interface PreviewedWrite {
  readonly connection: ConnectionId;
  readonly fields: readonly {
    readonly field: string;
    readonly vendorField: string;
    readonly from: FieldValue;
    readonly to: FieldValue;
  }[];
}

/** What changing a mapping takes; apart from the engine, as no worker needs it. */
export interface MappingEngine {
  /** A page of records takes up the connection's present mapping; what that leaves to do is woken, spaced out. */
  remap(request: {
    organization: OrganizationId;
    connection: ConnectionId;
    kind: MappedKind;
    next?: string;
    limit: number;
    spacingMs: number;
  }): Promise<{ readonly looked: number; readonly woken: number; readonly next?: string }>;
  /** What would be written where, for the newest records, if the connection had the mapping it is given with. Writes nothing. */
  previewMapping(request: {
    connection: Connection;
    integration: Integration;
    limit: number;
  }): Promise<readonly MappingPreview[]>;
}

export interface CopiesRequest {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly kind: RootKind;
  readonly next?: string;
  readonly limit: number;
  /** Only those changed since. */
  readonly changedSinceMs?: number;
}
export interface OpenedCopies {
  readonly looked: number;
  /** Of these, so many have got their lane just now. */
  readonly opened: number;
  /** Not sent: whoever asked brings each to its end, and the sweeper what is left. */
  readonly wakes: readonly WorkMessage[];
  /** Of the rest: there already, not meant to be, set aside. */
  readonly ends: { readonly echo: number; readonly filtered: number; readonly parked: number };
  /** Absent: that was the last of them. */
  readonly next?: string;
}
/** What it takes to bring out what is older than a connection; apart from the engine, as no worker needs it. */
export interface CopyingEngine {
  openCopies(request: CopiesRequest): Promise<OpenedCopies>;
  /** Of a wake that was given out. */
  endOfCopy(
    wake: Pick<WorkMessage, 'organization' | 'connection' | 'root'>,
  ): Promise<'applied' | 'merged' | 'echo' | 'filtered' | 'parked' | 'open'>;
  countRecords(
    request: Pick<CopiesRequest, 'organization' | 'kind' | 'next' | 'limit'>,
  ): Promise<{ readonly count: number; readonly next?: string }>;
}

export interface Engine {
  /** Sync function: takes in what an accepted event says. Returns once everything in it has an end state or stays open. */
  observe(message: ChangeMessage): Promise<void>;
  /**
   * Worker function: brings one link to its record. `deadlineMs` is epoch; stops and re-wakes before it. An attachment's
   * takes `contents`.
   */
  reconcile(
    message: WorkMessage,
    integration: Integration,
    deadlineMs: number,
    contents?: ContentStore,
  ): Promise<void>;
  /** Schedule: re-sends what is still open, overdue, doubtful or unpublished. */
  sweep(): Promise<SweepReport>;
  /** What landed in a dead-letter queue: parked with the hub's fault, visible and replayable. */
  deadLetter(message: HubMessage, reason: string): Promise<void>;
  /**
   * A hub-made change of any record; `idempotencyKey` is unique per
   * organization and remembered for 24 hours. A file is made once by its id, whatever the key.
   * @throws NotFoundError, InvalidInputError (unknown field or value, a file that is not carried), ConflictError (key
   * reused for another edit), RateLimitedError (not made: the ticket kept changing)
   */
  edit(request: {
    organization: OrganizationId;
    root: RecordId;
    actor: string;
    idempotencyKey: string;
    edit: HubEdit;
    /** The id of the request it came by. */
    correlation?: string;
  }): Promise<{ readonly root: RecordId; readonly revision: number; readonly comment?: RecordId }>;
  /**
   * Whether a file could be made of this ticket, before anybody sends its bytes.
   * @throws NotFoundError, InvalidInputError (a connection it would go to does not carry it; another visibility than its comment's)
   */
  admit(request: {
    organization: OrganizationId;
    root: RecordId;
    file: NewFile & { readonly size: number };
  }): Promise<{ readonly visibility: Visibility }>;
  /** Puts one parked piece of work back. @throws NotFoundError */
  replay(organization: OrganizationId, parked: string, actor: string): Promise<void>;
  /** Puts back all that is meant, oldest first; the first of it now, the rest a pace at a time by the sweeper. */
  startReplay(organization: OrganizationId, filter: ParkedFilter, actor: string): Promise<ReplayJob>;
  /** Schedule: brings every running replay on by one step. The number of pieces put back. */
  advanceReplays(): Promise<number>;
  /** What has gone back stays back. @throws NotFoundError */
  cancelReplay(organization: OrganizationId, id: string): Promise<ReplayJob>;
  /** The connection was removed: what is parked of it is taken out. The number of pieces. */
  forget(organization: OrganizationId, connection: ConnectionId): Promise<number>;
  /** Everything parked for this cause goes on (connection reconnected, breaker closed). */
  drain(organization: OrganizationId, connection: ConnectionId): Promise<number>;
  /** Of one root alone, strongly read: what has just been set aside may not be listed yet. */
  drainRoot(organization: OrganizationId, connection: ConnectionId, root: RecordId): Promise<boolean>;
}

export type { InboxId };
