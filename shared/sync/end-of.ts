import type { ConnectionId, InboxId, OrganizationId } from '../domain/ids.ts';
import type { Store } from '../ports/store.ts';
import type { InboxRow } from './inbox-row.ts';
import { inboxKey } from './keys.ts';
import type { EndState } from './state.ts';

/**
 * How one row has ended so far for who sent it after `sinceMs`: what had been brought before then, and has ended, was no
 * news to bring again. Strongly read. A row that is kept no more ended days ago, and nobody can say how: it counts as
 * merged.
 */
export async function endOf(
  store: Store,
  asked: {
    readonly organization: OrganizationId;
    readonly connection: ConnectionId;
    readonly inbox: InboxId;
  },
  sinceMs: number,
): Promise<EndState | 'open'> {
  const { pk, sk } = inboxKey(asked.organization, asked.connection, asked.inbox);
  const row = (await store.get<InboxRow>(pk, sk))?.data;
  if (row === undefined) return 'merged';
  const isOld = row.receivedAtMs < sinceMs && (row.state === 'applied' || row.state === 'merged');
  return isOld ? 'echo' : row.state;
}
