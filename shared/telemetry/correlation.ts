import { hash } from 'node:crypto';
import type { ConnectionId, InboxId } from '../domain/ids.ts';

/** 96 bits: no two events of a hub's lifetime meet. */
const LENGTH = 16;

/**
 * The one id that leads from an accepted event to every log line, metric, write and published event it brings.
 * Derived, so that nobody has to be told it; and a digest, for a delivery id is the vendor's own words.
 */
export function correlationOf(connection: ConnectionId | string, inbox: InboxId | string): string {
  return hash('sha256', `${connection} ${inbox}`, 'base64url').slice(0, LENGTH);
}
