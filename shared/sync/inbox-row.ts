import type { ConnectionId, InboxId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { Fault } from '../errors.ts';
import type { EntryLane } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { inboxList } from './keys.ts';
import type { EndState } from './state.ts';

/** One accepted event, open until all it carries has an end state. */
export interface InboxRow {
  organization: OrganizationId;
  connection: ConnectionId;
  inbox: InboxId;
  group: string;
  lane: EntryLane;
  contentType: string;
  receivedAtMs: number;
  redeliveryMs: number;
  state: 'open' | EndState;
  /** End state of each observation, by its place in the decoded body. */
  ends: (EndState | null)[];
  /** Times the sweeper has met it, or the first of its group, still open. */
  swept?: number;
  /** Of its group it stood first when the sweeper met it last. */
  isFirst?: true;
  /** In whose lines it waits for a creation under way (`waiting.ts`). */
  standsIn?: RecordId[];
  reason?: string;
  fault?: Fault;
  parked?: string;
  closedAtMs?: number;
  /** Sealed, base64; dropped when the row closes as anything but parked. */
  body?: string;
  /** A large body lies beside the row, in this many items. */
  bodyParts?: number;
}

/** When the newest event of a connection came, of those still kept; the list may lag by seconds. */
export async function lastEventAt(
  store: Pick<Store, 'page'>,
  organization: OrganizationId,
  connection: ConnectionId,
): Promise<number | undefined> {
  const { items } = await store.page<InboxRow>(inboxList(organization, connection), { limit: 1 });
  return items[0]?.data.receivedAtMs;
}
