import type { ConnectionId, InboxId, OrganizationId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Store } from '../ports/store.ts';
import type { InboxRow } from './inbox-row.ts';
import { TIMING } from './timing.ts';

/** A closed row, and its mark, are kept at least this long after the event came. */
export const keptForMs = (redeliveryMs: number): number => redeliveryMs + TIMING.redeliveryMarginMs;

export const doorPk = (organization: OrganizationId, connection: ConnectionId): string =>
  `${organization}#door#${connection}`;

const TIME_DIGITS = 15;
const timed = (atMs: number): string => String(atMs).padStart(TIME_DIGITS, '0');

/** In order of acceptance. Everything from `fromMs` on sorts after this. */
export const doorAfter = (fromMs: number): string => timed(fromMs);
export const inboxOfMark = (sk: string): InboxId => sk.slice(TIME_DIGITS + 1) as InboxId;

/**
 * Counts an accepted event apart from its row (invariant 5): a mark of its own for each, so that no two
 * events meet in one item and a busy connection has nothing hot. A row without its mark was accepted too
 * (the function died in between); a mark without its row is a loss.
 */
export async function markAtDoor(store: Store, row: InboxRow): Promise<void> {
  const { organization, connection, inbox, receivedAtMs, redeliveryMs } = row;
  const key = { pk: doorPk(organization, connection), sk: `${timed(receivedAtMs)}#${inbox}` };
  const expiresAt = Math.ceil((receivedAtMs + keptForMs(redeliveryMs)) / 1_000);
  try {
    await store.commit([{ put: { ...key, data: {}, expiresAt }, expect: 0 }]);
  } catch (error) {
    // Our own first attempt, whose answer was lost.
    if (!(error instanceof ConflictError)) throw error;
  }
}
