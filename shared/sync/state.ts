import type { ConnectionId, ExternalId, InboxId, RecordId, WakeId } from '../domain/ids.ts';
import type { Author, FieldValue, ParentKind, RecordKind, RootKind, Visibility } from '../domain/record.ts';
import type { Stored } from '../ports/content.ts';
import type { ParentRef, RemoteChange } from '../ports/integration.ts';
import type { Version } from '../ports/mapping.ts';
import type { EntryLane } from '../ports/runtime.ts';
import type { Parked, Values } from './journal.ts';
import type { Line } from './line-state.ts';
import type { Heard, Moment, Unshown, Written, Wrote } from './write-state.ts';

/** How an accepted event, or one observation in it, ended. */
export type EndState = 'applied' | 'merged' | 'echo' | 'filtered' | 'parked';
export type * from './journal.ts';
export type * from './line-state.ts';
export type * from './write-state.ts';

/** When a value was set: somewhere within; a point where the vendor gives field-level times. */
export interface Interval {
  fromMs: number;
  toMs: number;
}
/** Where a canonical value came from. `source` is a connection, or the hub's own API. */
export interface Provenance extends Interval {
  source: ConnectionId | 'hub';
  actor: string;
  /** The root's at which the value came to be this one; absent: it began with it. */
  revision?: number;
}

/** The hub's knowledge of one record's copy in one connection. Raw vendor values throughout. */
export interface Link {
  externalId?: ExternalId;
  /** Created by the hub, or found at the vendor. */
  origin: 'ours' | 'theirs';
  /** The version of the mapping document that all raw values below are of. */
  mapping?: number;
  /** Fields newly paired with one of the vendor's, of which no read has shown the value yet. */
  unbased?: string[];
  /** What it was given of what the record holds; a field is out of it once the record holds what it cannot be given. */
  sent: Values;
  got: Values;
  gotVersion?: Version;
  /** Source time of what was got: no later edit can be older. */
  gotAtMs: number;
  /** The first whole state seen of a copy that is theirs. */
  met?: Moment;
  /** The state in which each value got was first seen to stand there, where it came later. */
  since?: Record<string, Moment>;
  wrote?: Wrote;
  /** Our last writes by field, oldest first: what is told of late may have stood before one that others followed. */
  written?: Record<string, Written[]>;
  /** Updates given up as never carried out; should one land late, it is not a person's edit. */
  superseded?: Values[];
  /** Creations given up, or sent twice: each may have made an object, be it this copy or another. */
  creations?: Values[];
  /** Objects that were this record's copy before, and died as such, or were taken away by us. */
  former?: ExternalId[];
  /** When those of them died that did: one that is seen later than that is back. */
  ends?: Record<string, Moment>;
  /** Second copies of this record, beside this one: people were asked about them. */
  besides?: ExternalId[];
  /** Of when what was first told of each of those is. */
  toldBeside?: Record<string, number>;
  /** Another copy of its record died when nobody had looked at this one yet, which we had made: that may have been alone. */
  otherDied?: Moment;
  /** A request given up without a look: the next look judges it. */
  unjudged?: Pending;
  heard?: Heard[];
  needsRead?: true;
  /** How often a read was asked for. */
  asks?: number;
  /** The newest version anybody announced: a read that answers with an older one answers with the past. */
  announced?: Version;
  announcedAtMs?: number;
  /** Reads disbelieved for their time alone, and for showing nothing of the news they were asked for. */
  doubts?: number;
  silences?: number;
  /** Times in a row the vendor did not find it. */
  absences?: number;
  /** Another record's copy, named here too: never written. */
  isBorrowed?: true;
  /**
   * What the vendor merged its object into: another record's copy, which this names now; of one that is dead, what it
   * follows should its record live again.
   */
  mergedInto?: ExternalId;
  /** Of what is another record's since a merge: this record's own copy, as it went into the bin. */
  binned?: Link;
  /** Of what is another record's: the death of it, known to that one, that was asked about last. */
  missed?: Moment;
  /** Roots that hang what is said in them on this copy, too: where no mark tells, an unknown comment may be theirs. */
  sharers?: RecordId[];
  /**
   * A deletion was announced under a time we cannot place: should the object not be seen, it is believed. `isGuess`: when it
   * was is but the hub's word, which was refused.
   */
  doomed?: Moment & { isGuess?: true };
  /** Deleted at the vendor, on positive evidence. */
  dead?: Moment;
  /** The status of the ticket that its deletion here closed. */
  closedFrom?: FieldValue;
  /** Alive again since; a late deletion event is older. */
  revived?: Moment;
  /** Fields that our last request on them carried, and no look has shown since. */
  unshown?: Record<string, Unshown>;
  /** Times our own write came back as something else, by field. */
  unsettled?: Record<string, number>;
  parked?: Parked;
  /** Fields in which this copy keeps a value of its own until a person has decided; what that value means. */
  asked?: Record<string, Parked & { value: FieldValue }>;
  linkedAtMs?: number;
  settledAtMs?: number;
}

/** One write carried out at a vendor; an item of its own beside the root. */
export interface Effect {
  /** The request's own. */
  id: string;
  connection: ConnectionId;
  record: RecordId;
  kind: RecordKind;
  operation: 'create' | 'update' | 'delete';
  atMs: number;
  /** From the source's commit to the vendor's acknowledgement; absent where the change was caught up with. */
  lagMs?: number;
}

/** The exact request under way on a lane; also its lease. */
export interface Pending {
  id: string;
  record: RecordId;
  change: RemoteChange;
  /** What was got, and at which version, when the request was decided. */
  base: Values;
  baseVersion?: Version;
  baseAtMs: number;
  startedAtMs: number;
  leaseUntilMs: number;
  /** From here on its fate can be settled by reading: nothing of it can land any more. */
  settleAtMs: number;
  isDoubtful?: true;
  /** Its own event has told that it landed, and as what. */
  toldAs?: Moment;
  /** Of a comment's creation: its conversation was in the bin since, and a merge may have moved what it made. */
  isAstray?: true;
  /** Sent before, to an unknown end: whatever becomes of it now, that one may land yet. */
  isSentAgain?: true;
  /** The record's revision it brings, and what that came from. */
  revision: number;
  correlation?: string;
}

export interface Wake {
  id: WakeId;
  dueAtMs: number;
  /** What brought it. */
  correlation?: string;
}
/** A root's standing with one connection: its own link, and the order of work for it and its children. */
export interface Lane extends Line {
  link: Link;
  want: number;
  reached: number;
  wake?: Wake;
  pending?: Pending;
  /** Children that await life were passed over: once it is back, all that stand beyond are looked at again. */
  hasSleepers?: true;
  /**
   * The copy here of what the root refers to, once known. `isOld`: to be looked up anew, for it may name what is gone: it is
   * from before the root's own lay in the bin, which is told of no merge, or was merged away, or doubted.
   */
  referred?: { record: RecordId; externalId: ExternalId | null; isOld?: true };
  /** The record whose copy here has to come first: what the root refers to, what a file hangs on. */
  waitsFor?: RecordId;
  /** Failed attempts in a row; being throttled is none. */
  attempts: number;
  /** Copies out of the hub's sight, looked for again by the sweeper. */
  drains?: { record: RecordId; atMs: number }[];
  /** The way there is shut: the vendor is away, the grant is lost. All of the lane waits, in order. */
  parked?: Parked;
  /**
   * Creations of children that nobody can tell the fate of; their objects may turn up yet. `under`: where they were asked
   * for. `wasMoved`: under another object, by whoever merged the two: theirs was the last hand on it.
   */
  doubtful?: { record: RecordId; fields: Values; under?: ExternalId; wasMoved?: true }[];
  /** Of an attachment: its parent's copy here, once known; null where there will be none. */
  parent?: ParentRef | null;
  /** Bytes on their way, in or out; also the lane's lease. `key`: where what comes in is kept. */
  transfer?: { id: string; leaseUntilMs: number; key?: string };
  /** The vendor's own word for the bytes that lie there out of sight, for their creation. */
  staged?: ExternalId;
  /** Inbox rows waiting for the pending creation to settle. */
  waiting?: { inbox: InboxId; group: string; lane: EntryLane; isSent?: true }[];
}

interface RecordBase {
  id: RecordId;
  fields: Values;
  provenance: Record<string, Provenance>;
  /** The root's revision at this record's last change, and what that change came from. */
  revision: number;
  correlation?: string;
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
  /** Up to where what hangs in that one by now has been looked at anew (`files-anew.ts`). */
  looked?: string;
  /** Records folded into this one whose comments are still being brought over; till then none goes on (`gather.ts`). */
  givers?: RecordId[];
  childCount: number;
  /** Lanes have been given to every connection that takes this kind. */
  isFannedOut?: true;
  /** Roots to tell of this one's copy in a connection, or of that of its child, once it is there, or named otherwise:
   * those that refer to it, files for what they hang on. */
  dependents?: Dependent[];
  /** Children that came before the lanes did. */
  early?: Line;
  /** Changes to children that stand in a line, or beyond it: whoever looks there meanwhile must meet their commits. */
  stirred?: number;
  /** By source, the newest of its children, which may stand in no line any more. */
  newest?: Record<string, { atMs: number; order?: string }>;
  /** Of an attachment. */
  file?: AttachedFile;
}
export interface Dependent {
  root: RecordId;
  connection: ConnectionId;
  /** A child of this root; absent: the root itself. */
  on?: RecordId;
  /** As what it names that copy, null where it goes without; absent: it waits for one. */
  named?: ExternalId | null;
  /** It may have been refused for that name, or bear it from before it was in the bin: it is told should that be another. */
  doubtedAtMs?: number;
}
/** What only an attachment has. */
export interface AttachedFile {
  of: { root: RecordId; record: RecordId; kind: ParentKind };
  visibility: Visibility;
  /** The bytes, once all of them are here; never others. */
  content?: Stored & { key: string };
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
  /** It turned out to be this one, which goes on for both. */
  foldedInto?: RecordId;
  /** Told to the customer only; never written to a connector. */
  audience?: 'channels';
}
export type AnyRecord = Root | Child;

export interface Claim {
  root: RecordId;
  record: RecordId;
  /** Brought back then, beside the copy that the record had: what is told late of its end was before that. */
  back?: Moment;
}
/** An object deleted before it was ever seen: a late event of its life makes nothing of it. */
export interface Tombstone {
  dead: Moment;
  /**
   * It was merged into another: the record whose copy it was, and whose all is that hung on it. Of its own life nothing
   * but its being brought back is about that.
   */
  wasOf?: RecordId;
  /** Of what was merged: when it was, by its vendor's word. */
  told?: Moment;
  /** Of what was merged: the hub had made it. */
  isOurs?: true;
}

/** A root's creation under way, or doubtful, at a vendor that keeps no mark of ours: its object may turn up. */
export interface Creating {
  root: RecordId;
  fields: Values;
  /** The version of the mapping document that they are of. */
  mapping?: number;
  isDoubtful?: true;
}

export interface RememberedEdit {
  digest: string;
  root: RecordId;
  revision: number;
  comment?: RecordId;
}
