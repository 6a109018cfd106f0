import type {
  ConnectionId,
  ExternalId,
  Fields,
  FieldValue,
  InboxId,
  OrganizationId,
  RecordId,
  RecordKind,
  Visibility,
} from '../../shared/domain/index.ts';
import type {
  MappingDocument,
  Observation,
  RemoteChange,
  VendorLimit,
  Version,
} from '../../shared/ports/index.ts';
import type { Vendor, VendorObject } from './vendor/vendor.ts';

/** One connection of the simulated hub with the vendor behind it. */
export interface Site {
  readonly index: number;
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  /** The integration its functions, queue and manifest are of; tenants may share one. */
  readonly integration: string;
  readonly vendor: Vendor;
  /** What its fields were paired by, and since when; the last is in force. None where its mapping is fixed. */
  readonly documents: { readonly document: MappingDocument; readonly fromMs: number }[];
}

const MARK = /#(\d+)#/;

/** The field that carries it. */
export const MARKED = {
  ticket: 'description',
  comment: 'body',
  contact: 'email',
  account: 'name',
  // Its name stands in what the hub says of it, too.
  attachment: 'type',
} as const satisfies Record<RecordKind, string>;

/** Every object a person makes carries a number of its own in its text; copies of it carry it too. */
export function markOf(vendor: Vendor, object: VendorObject): number | undefined {
  return markIn(vendor.now(object.id)!.fields[MARKED[object.kind]]);
}

export function markIn(text: FieldValue | undefined): number | undefined {
  const found = MARK.exec(String(text ?? ''));
  return found === null ? undefined : Number(found[1]);
}

/** A read, and whether anything could come of it: what a function read and died of told the hub nothing. */
export interface Look {
  readonly site: number;
  readonly object: ExternalId;
  readonly atMs: number;
  /** How many of the vendor's deeds it includes. */
  readonly deeds: number;
  /** The run of a function that read. */
  readonly run: object;
  /** A commit of that run came after it. */
  isTaken: boolean;
}

/** A deed of the hub's as it was asked for. */
export interface Request {
  readonly askedAtMs: number;
  readonly isLate: boolean;
  readonly isAnswered: boolean;
  readonly record: RecordId;
  readonly ifVersion: Version | undefined;
  /** The version of the document it was decided under. */
  readonly mapping: number;
  /** The fields it carried. */
  readonly fields: readonly string[];
  readonly run: object;
  /** A commit of that run came after its answer: one that died of it knows nothing. */
  isTaken: boolean;
}

/** Until it can be received again, a message that killed its function holds up its line. */
export interface Held {
  readonly queue: string;
  readonly group: string | undefined;
  readonly inbox: InboxId;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** One act through the hub's API, on what bears this mark, from its first try to its acknowledgement. */
export type HubDeed<What> = What & {
  readonly organization: OrganizationId;
  readonly mark: number;
  /** The record that was named: two may bear the mark, where a copy could not be told from a stranger's object. */
  readonly root: RecordId;
  readonly askedAtMs: number;
  readonly ackedAtMs: number;
};

/** What an edit through the hub's API sets of whatever bears the mark. */
export interface Setting {
  readonly kind: RecordKind;
  /** The comment, where it says which: two may bear the mark, as with records. */
  readonly record?: RecordId;
  readonly fields: Fields;
}

/** A comment made through the hub's API: its mark, and the record that the API answered with. */
export interface HubComment {
  readonly comment: number;
  readonly record: RecordId;
  readonly visibility: Visibility;
}

/** A file that was sent through the hub's API, and what its client heard of it in the end. */
export interface HubFile {
  readonly organization: OrganizationId;
  /** What it was to hang on. */
  readonly record: RecordId;
  readonly bytes: string;
  readonly askedAtMs: number;
  end?: 'made' | 'refused';
}

/** What happened to the world that the oracles need and the vendors' deeds do not tell. */
export interface Chronicle {
  /** Reads the hub made of an object. */
  readonly looks: Look[];
  /** When the hub asked for an object and was shown nothing: what hangs on it stands aside. */
  readonly unseen: Map<ExternalId, number[]>;
  /** Objects whose readers are shown, for a while, what they were at a moment. */
  readonly shadows: Map<ExternalId, { readonly asOfMs: number; readonly untilMs: number }>;
  /** What events that reached the door said of an object, and when it was so. */
  readonly told: {
    readonly object: ExternalId;
    readonly atMs: number;
    readonly heardAtMs: number;
    readonly fields: Fields;
    /** The event's own id. */
    readonly inbox: string;
  }[];
  /** When the request of a deed of the hub's left it, by vendor and sequence. */
  readonly requests: Map<string, Request>;
  /** Creations asked for, whether or not anything came of them. */
  readonly creations: { readonly site: number; readonly record: RecordId; isTaken: boolean }[];
  /** When each revision and note of the hub's really was committed, by key: its own clock may be wrong. */
  readonly committedAtMs: Map<string, number>;
  /** Events whose bodies nobody can read. */
  readonly torn: Set<string>;
  /** Distinct events a function has answered 2xx for, and when first, by connection. */
  readonly accepted: Map<ConnectionId, Map<string, number>>;
  /** When the sweeper was run. */
  readonly sweptAtMs: number[];
  /** When each inbox row was really closed, by its key. */
  readonly closedAtMs: Map<string, number>;
  /** For how long messages that kill whatever takes them up held up what came behind them. */
  readonly held: Held[];
  /** How long a tenant's work could have been taken up with nothing of that tenant's under way, and was not. */
  readonly starved: { readonly organization: string; readonly queue: string; readonly forMs: number }[];
  /** How long a tenant was refused by its share of a limit, from its first refusal to the next call let through. */
  readonly refusedMs: { readonly organization: string; readonly forMs: number }[];
  /** Each call that a limit let a worker make, of whatever the limit is of. */
  readonly permits: { readonly of: string; readonly limit: VendorLimit; readonly atMs: number }[];
  /** When an object was first in the queue of live events, by an event that went straight through the door. */
  readonly queued: Map<ExternalId, number>;
  /** When an event of an object first came another way: by a poll, or in the line of another conversation. */
  readonly detoured: Map<ExternalId, number>;
  /** When a vendor refused a record by a rule of its own, by site: it stands aside and lets its followers go on. */
  readonly refused: Map<string, number>;
  /** The event an object first came with. */
  readonly rows: Map<ExternalId, string>;
  /** What each event tells of. */
  readonly about: Map<string, readonly Observation[]>;
  /** When the event an object came with was taken out of its queue unread: by retention, or after its last receive. */
  readonly fellOut: Map<ExternalId, number>;
  /** From when to when a record's way to a connection was shut in the open, by partition and connection. */
  readonly shut: Map<string, { readonly fromMs: number; untilMs: number }[]>;
  /** From when to when a comment that was not to be found where it was said stood aside in the open, by connection and record. */
  readonly aside: Chronicle['shut'];
  /** When a comment's creation was first set aside in the open for that nobody can tell its fate, by connection and record. */
  readonly doubted: Map<string, number>;
  /** Creations that were noted before they were sent, and when, by connection and record. */
  readonly intended: Map<string, readonly { readonly id: string; readonly atMs: number }[]>;
  /** What was asked of the hub's API, answered or not: it may have been done. */
  readonly hubAsked: (Setting & { readonly organization: OrganizationId; readonly mark: number })[];
  /** What the hub's API acknowledged. */
  readonly hubEdits: HubDeed<Setting>[];
  readonly hubComments: HubDeed<HubComment>[];
  /** By their own marks. */
  readonly hubFiles: Map<number, HubFile>;
  /** Marks of what was said among the team only. */
  readonly inside: Set<number>;
  /** Requests under way, by record and connection, and who waits for each. */
  readonly underWay: Map<
    string,
    { readonly run: { readonly isDead: boolean }; readonly change: RemoteChange }
  >;
  /** Requests made while another function's on the same record was under way. */
  readonly doubled: string[];
  /** Calls made for a message that was not the wake. */
  readonly strays: string[];
  /** Ids of the events that tell of parked connections. */
  readonly parkings: Set<string>;
  /** Connections that should have been parked when the last change was over. */
  readonly unparked: string[];
  /** Replays in bulk that were begun while another of the same organization was under way. */
  readonly overlapping: string[];
  /** Ids of the events the bus took. */
  readonly published: Set<string>;
  /** How functions failed, and where. */
  readonly failures: { readonly where: string; readonly error: unknown }[];
}

export function emptyChronicle(): Chronicle {
  return {
    looks: [],
    unseen: new Map(),
    shadows: new Map(),
    told: [],
    requests: new Map(),
    creations: [],
    committedAtMs: new Map(),
    torn: new Set(),
    accepted: new Map(),
    sweptAtMs: [],
    closedAtMs: new Map(),
    held: [],
    starved: [],
    refusedMs: [],
    permits: [],
    queued: new Map(),
    detoured: new Map(),
    refused: new Map(),
    rows: new Map(),
    about: new Map(),
    fellOut: new Map(),
    shut: new Map(),
    aside: new Map(),
    doubted: new Map(),
    intended: new Map(),
    underWay: new Map(),
    doubled: [],
    strays: [],
    hubAsked: [],
    hubEdits: [],
    hubComments: [],
    hubFiles: new Map(),
    inside: new Set(),
    parkings: new Set(),
    unparked: [],
    overlapping: [],
    published: new Set(),
    failures: [],
  };
}
