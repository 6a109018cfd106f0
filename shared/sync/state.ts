import type { ConnectionId, ExternalId, InboxId, OrganizationId, RecordId, WakeId } from '../domain/ids.ts';
import type { Author, FieldValue, RootKind, Visibility } from '../domain/record.ts';
import type { Fault } from '../errors.ts';
import type { RemoteChange } from '../ports/integration.ts';
import type { Authorship, Version } from '../ports/mapping.ts';
import type { HubEvent } from '../ports/runtime.ts';

/** How an accepted event, or one observation in it, ended. */
export type EndState = 'applied' | 'merged' | 'echo' | 'filtered' | 'parked';
export type Values = Record<string, FieldValue>;

/** When a value was set: somewhere within; a point where the vendor gives field-level times. */
export interface Interval {
  fromMs: number;
  toMs: number;
}
/** Where a canonical value came from. `source` is a connection, or the hub's own API. */
export interface Provenance extends Interval {
  source: ConnectionId | 'hub';
  actor: string;
}

/** Why a piece of work is set aside. `cause` decides what brings it back. */
export interface Parked {
  id: string;
  cause:
    | 'rejected'
    | 'unauthorized'
    | 'unavailable'
    | 'doubtful'
    | 'unsettled'
    | 'unseen'
    | 'unreadable'
    | 'dead-letter';
  reason: string;
  fault: Fault;
  atMs: number;
  attempts: number;
  /** The vendor's or our own error code. */
  code?: string;
  /** The request that was refused: what a replay would write, if nothing has changed. */
  wouldWrite?: Values;
  /** Transient causes are tried again by the sweeper from here on. */
  drainAtMs?: number;
}

/** Our last settled write on a copy; what it carried may come back normalised. */
export interface Wrote {
  fields: Values;
  /** What stood there when the write was decided. */
  was: Values;
  /** Fields that came back as something else, and are no longer ours. */
  changed?: string[];
  /** Nothing of the copy has been seen since: whether something heard came before or after, nobody knows. */
  isUnseen?: true;
  base?: Version;
  version?: Version;
  atMs: number;
}
/** An observation that could not be judged when it came; judged at the next settlement or read. */
export interface Heard {
  fields: Values;
  atMs: number;
  fieldTimesMs?: Record<string, number>;
  version?: Version;
  authorship: Authorship;
  isExact?: boolean;
}

/** The hub's knowledge of one record's copy in one connection. Raw vendor values throughout. */
export interface Link {
  externalId?: ExternalId;
  /** Created by the hub, or found at the vendor. */
  origin: 'ours' | 'theirs';
  sent: Values;
  got: Values;
  gotVersion?: Version;
  /** Source time of what was got: no later edit can be older. */
  gotAtMs: number;
  wrote?: Wrote;
  /** Requests given up as never carried out; should one land late, it is not a person's edit. */
  superseded?: Values[];
  heard?: Heard[];
  needsRead?: true;
  /** How often a read was asked for. */
  asks?: number;
  /** The newest version anybody announced: a read that answers with an older one answers with the past. */
  announced?: Version;
  announcedAtMs?: number;
  /** Reads in a row disbelieved for their time alone. */
  doubts?: number;
  /** Times in a row the vendor did not find it. */
  absences?: number;
  /** Another record's copy, named here too: never written. */
  isBorrowed?: true;
  /** A deletion was announced under a time we cannot place: should the object not be seen, it is believed. */
  doomed?: { atMs: number; version?: Version };
  /** Deleted at the vendor, on positive evidence. */
  dead?: { atMs: number; version?: Version };
  /** Alive again since; a late deletion event is older. */
  revived?: { atMs: number; version?: Version };
  /** Times our own write came back as something else, by field. */
  unsettled?: Record<string, number>;
  parked?: Parked;
  linkedAtMs?: number;
  settledAtMs?: number;
  /** The latest writes the hub carried out on this copy, newest last. */
  effects?: Effect[];
}

/** One write carried out at a vendor. */
export interface Effect {
  operation: 'create' | 'update' | 'delete';
  atMs: number;
  /** From the source's commit to the vendor's acknowledgement. */
  lagMs: number;
}

/** The exact request under way on a lane; also its lease. */
export interface Pending {
  id: string;
  record: RecordId;
  change: RemoteChange;
  /** What was got, and at which version, when the request was decided. */
  base: Values;
  baseVersion?: Version;
  startedAtMs: number;
  leaseUntilMs: number;
  /** From here on its fate can be settled by reading: nothing of it can land any more. */
  settleAtMs: number;
  isDoubtful?: true;
  /** The record's revision it brings. */
  revision: number;
}

export interface Wake {
  id: WakeId;
  dueAtMs: number;
}
export interface Behind {
  id: RecordId;
  position: string;
  /** The source's own order of its children. */
  source?: ConnectionId;
  order?: string;
  /** Not yet seen whole: its followers of the same source wait for it at every target. */
  isUnread?: true;
}

/** A root's standing with one connection: its own link, and the order of work for it and its children. */
export interface Lane {
  link: Link;
  want: number;
  reached: number;
  wake?: Wake;
  pending?: Pending;
  /** Children with work to do here, in order. */
  behind: Behind[];
  /** The requester's copy here, once known. */
  requester?: { record: RecordId; externalId: ExternalId | null };
  /** The contact whose copy here has to come first. */
  waitsFor?: RecordId;
  /** Failed attempts in a row; being throttled is none. */
  attempts: number;
  /** Copies out of the hub's sight, looked for again by the sweeper. */
  drains?: { record: RecordId; atMs: number }[];
  /** The way there is shut: the vendor is away, the grant is lost. All of the lane waits, in order. */
  parked?: Parked;
  /** Creations of children that nobody can tell the fate of; their objects may turn up yet. */
  doubtful?: { record: RecordId; fields: Values }[];
  /** Inbox rows waiting for the pending creation to settle. */
  waiting?: { inbox: InboxId; group: string; lane: 'changes' | 'deltas' }[];
}

interface RecordBase {
  id: RecordId;
  fields: Values;
  provenance: Record<string, Provenance>;
  /** The root's revision at this record's last change. */
  revision: number;
  createdAtMs: number;
  updatedAtMs: number;
  deleted?: { atMs: number; source: ConnectionId | 'hub' };
  /** Known to exist, not yet seen whole: nothing is fanned out before this connection's copy is read. */
  unread?: ConnectionId;
}
export interface Root extends RecordBase {
  kind: RootKind;
  lanes: Record<string, Lane>;
  foldedInto?: RecordId;
  childCount: number;
  /** Lanes have been given to every connection that takes this kind. */
  isFannedOut?: true;
  /** Tickets whose copy in a connection waits for this contact's. */
  dependents?: { root: RecordId; connection: ConnectionId }[];
  /** Children that came before the lanes did. */
  early?: Behind[];
}
export interface Child extends RecordBase {
  kind: 'comment';
  root: RecordId;
  visibility: Visibility;
  author: Author;
  position: string;
  /** Where it came from, and its place among that source's children. */
  source?: ConnectionId;
  order?: string;
  links: Record<string, Link>;
  /** Told to the customer only; never written to a connector. */
  audience?: 'channels';
}
export type AnyRecord = Root | Child;

export interface Claim {
  root: RecordId;
  record: RecordId;
}
/** An object deleted before it was ever seen: a late event of its life makes nothing of it. */
export interface Tombstone {
  dead: { atMs: number; version?: Version };
}

/** A root's creation under way, or doubtful, at a vendor that keeps no mark of ours: its object may turn up. */
export interface Creating {
  root: RecordId;
  fields: Values;
  isDoubtful?: true;
}

/** A value that did not make it into the record, with what replaced it. */
export interface Loss {
  record: RecordId;
  field: string;
  lost: FieldValue;
  lostBy: string;
  lostAtMs: number;
  kept: FieldValue;
  keptBy: string;
  policy: string;
  why: string;
}
export interface RecordChange {
  record: RecordId;
  kind: 'ticket' | 'comment' | 'contact';
  what: 'created' | 'updated' | 'deleted' | 'restored';
  /** Changed fields with what they were before. */
  fields: Record<string, { from: FieldValue; to: FieldValue }>;
  source: ConnectionId | 'hub';
  actor: string;
}
/** One revision of a root: journal, timeline and outbox in one item. In the due-list until published. */
export interface History {
  revision: number;
  atMs: number;
  changes: RecordChange[];
  losses: Loss[];
  events: HubEvent[];
}
/** What happened without a new revision: a loss at a copy, parked work. Published and kept like a history. */
export interface Note {
  atMs: number;
  losses: Loss[];
  events: HubEvent[];
}

/** A piece of parked work as the organization sees it. */
export interface ParkedWork extends Parked {
  organization: OrganizationId;
  connection: ConnectionId;
  integration: string;
  root?: RecordId;
  record?: RecordId;
  kind?: 'ticket' | 'comment' | 'contact';
  inbox?: InboxId;
}

export interface RememberedEdit {
  digest: string;
  root: RecordId;
  revision: number;
  comment?: RecordId;
}
