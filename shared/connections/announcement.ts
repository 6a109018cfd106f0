import type { AuditEntry, Connection, Write } from '../ports/index.ts';
import { ANNOUNCEMENTS, connectionKey, integrationList } from './keys.ts';
import type { Announcement, ConnectionData } from './state.ts';

export type PutWrite = Extract<Write, { put: unknown }>;

/** What happened to a connection, by whom. */
export interface Fact {
  readonly type: string;
  readonly actor: string;
  readonly facts?: AuditEntry['facts'];
}

/** One fact as the bus and as the audit tell it, under one id: the connection and its version. */
export function announcementOf(
  connection: Connection,
  { type, actor, facts = {} }: Fact,
  { version, atMs }: { readonly version: number; readonly atMs: number },
): Announcement {
  const { id, organization, integration, state } = connection;
  const why = state.kind === 'parked' ? { reason: state.reason, fault: state.fault } : {};
  const data = { connection: id, integration, state: state.kind, ...why };
  return {
    event: { id: `${id}.${version}`, type, organization, subject: id, atMs, data },
    entry: { organization, connection: id, actor, action: type, outcome: 'done', atMs, facts },
  };
}

/** A connection with something to announce stands in the sweeper's list until it has been told. */
export function putWrite(data: ConnectionData, expect: number): PutWrite {
  const { connection, unannounced } = data;
  const oldestMs = unannounced[0]?.event.atMs;
  return {
    put: {
      ...connectionKey(connection.organization, connection.id),
      data,
      ...placed(connection),
      ...(oldestMs === undefined ? {} : { due: { list: ANNOUNCEMENTS, atMs: oldestMs } }),
    },
    expect,
  };
}

/** Longer than any queue keeps a message, and any vendor sends an event again. */
const TOMBSTONE_MS = 30 * 86_400_000;

function placed({ state, integration, createdAtMs }: Connection) {
  if (state.kind === 'removed') return { expiresAt: Math.ceil((state.sinceMs + TOMBSTONE_MS) / 1_000) };
  return { listed: { list: integrationList(integration), atMs: createdAtMs } };
}
