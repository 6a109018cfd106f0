import type { ConnectionId, InboxId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { FieldValue, RecordKind } from '../domain/record.ts';
import type { Fault } from '../errors.ts';
import type { ParkedCause } from '../ports/parked.ts';
import type { HubEvent } from '../ports/runtime.ts';
import type { AuditEntry } from '../ports/telemetry.ts';

export type Values = Record<string, FieldValue>;

/** Why a piece of work is set aside. `cause` decides what brings it back. */
export interface Parked {
  id: string;
  cause: ParkedCause;
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
  kind: RecordKind;
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
  /** Those of its events the bus would not take yet; absent: all, or none. */
  untold?: string[];
  /** Audit entries that could not be appended before the commit, under their ids. */
  audit?: { id: string; entry: AuditEntry }[];
}
/** What happened without a new revision: a loss at a copy, parked work. Published and kept like a history. */
export interface Note {
  atMs: number;
  losses: Loss[];
  events: HubEvent[];
}

/** A piece of parked work as the organization sees it. Its list is read by the page: no content stands in it. */
export interface ParkedWork extends Omit<Parked, 'wouldWrite'> {
  organization: OrganizationId;
  connection: ConnectionId;
  integration: string;
  root?: RecordId;
  record?: RecordId;
  kind?: RecordKind;
  /** Of a file: what it hangs on is in this root. */
  ticket?: RecordId;
  inbox?: InboxId;
  /** An event the bus refused, in the outbox item that holds it. */
  untold?: { pk: string; sk: string; event: string };
  correlation?: string;
}
