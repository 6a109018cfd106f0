import type { ConnectionId, InboxId, OrganizationId } from '../domain/ids.ts';
import type { Store } from '../ports/store.ts';
import type { InboxRow } from './inbox-row.ts';
import { inboxKey } from './keys.ts';
import type { EndState } from './state.ts';

/**
 * How one accepted row has ended so far. Strongly read. A row that is kept no more ended days ago, and nobody can
 * say how: it counts as merged.
 */
export async function endOf(
  store: Store,
  row: { readonly organization: OrganizationId; readonly connection: ConnectionId; readonly inbox: InboxId },
): Promise<EndState | 'open'> {
  const { pk, sk } = inboxKey(row.organization, row.connection, row.inbox);
  return (await store.get<InboxRow>(pk, sk))?.data.state ?? 'merged';
}
