import type { ConnectionId, InboxId, JobId, OrganizationId, RecordId, WakeId } from '../domain/ids.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A new id: sortable by time, unguessable. */
  id(): string;
}

/**
 * The queues of accepted rows: `changes` is live; `deltas` takes polls and replay, `backfill` whole histories. Each has
 * its own, so that none waits behind another.
 */
export type EntryLane = 'changes' | 'deltas' | 'backfill';

/** On a lane: an accepted inbox row to observe. */
export interface ChangeMessage {
  readonly type: 'change';
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly inbox: InboxId;
}
/**
 * On an integration's work queue: bring one link of one root to what the record holds. No payload. Of an attachment
 * it is a `transfer`, on the integration's queue of files.
 */
export interface WorkMessage {
  readonly type: 'reconcile' | 'transfer';
  readonly organization: OrganizationId;
  readonly root: RecordId;
  readonly connection: ConnectionId;
  readonly wake: WakeId;
  /** What its wake came from; for the log alone. */
  readonly correlation?: string;
}
export type HubMessage = ChangeMessage | WorkMessage;
/** On an integration's work queue: ask the vendor, now, whether this connection lives. */
export interface CheckMessage {
  readonly type: 'check';
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
}
/** On an integration's queue of jobs: bring this backfill on by as much as one invocation can. */
export interface BackfillMessage {
  readonly type: 'backfill';
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly job: JobId;
}
/** Everything a queue of the hub may hold. */
export type QueueMessage = HubMessage | CheckMessage | BackfillMessage;

export interface Queues {
  /** FIFO in `group`; never content-deduplicated. */
  sendChange(lane: EntryLane, group: string, message: ChangeMessage): Promise<void>;
  /** Standard queue of `integration`, of work or of files, fair by organization; `delayMs` up to 900,000. */
  sendWork(integration: string, message: WorkMessage | CheckMessage, delayMs?: number): Promise<void>;
}

/** What starts long jobs and brings them on has this besides. */
export interface JobQueues {
  /** Standard queue of `integration`'s long jobs, fair by organization; `delayMs` up to 900,000. */
  sendJob(integration: string, message: BackfillMessage, delayMs?: number): Promise<void>;
}

/** A hub event as it leaves the outbox; becomes a CloudEvent on the bus. `id` is record and revision. */
export interface HubEvent {
  readonly id: string;
  readonly type: string;
  readonly organization: OrganizationId;
  readonly subject: string;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** What it came from; leads to the log lines of its change. */
  readonly correlation?: string;
}

/** One event the bus did not take. */
export interface Untaken {
  readonly event: HubEvent;
  /** The bus's own error code. */
  readonly code: string;
  /** The bus had enough, or failed; false: it will never take this event as it is. */
  readonly isPassing: boolean;
}
export interface Bus {
  /** At least once. Answers what was not taken; all else was. @throws ProviderUnavailableError when nobody can tell. */
  publish(events: readonly HubEvent[]): Promise<readonly Untaken[]>;
}
