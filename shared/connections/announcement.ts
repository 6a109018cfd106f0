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
      listed: { list: integrationList(connection.integration), atMs: connection.createdAtMs },
      ...(oldestMs === undefined ? {} : { due: { list: ANNOUNCEMENTS, atMs: oldestMs } }),
    },
    expect,
  };
}
