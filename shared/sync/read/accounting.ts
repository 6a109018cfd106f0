import type { ConnectionId, InboxId, OrganizationId } from '../../domain/ids.ts';
import type { Accounting } from '../../ports/activity.ts';
import type { Store } from '../../ports/store.ts';
import { doorAfter, doorPk, inboxOfMark, keptForMs } from '../door.ts';
import type { InboxRow } from '../inbox-row.ts';
import { inboxKey } from '../keys.ts';

/** Marks without a row in the list are looked up: the list lags. More than these at once are not lag. */
const MAX_LOOKUPS = 100;

interface Counted {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  /** Newest first. */
  readonly rows: readonly InboxRow[];
  /** Older ones were left out. */
  readonly isCut: boolean;
  readonly redeliveryMs: number;
  readonly nowMs: number;
}

/** Before this some rows may have expired already, or were not read. */
function sinceOf({ rows, isCut, redeliveryMs, nowMs }: Counted): number {
  const keptMs = nowMs - keptForMs(redeliveryMs);
  const oldest = rows.at(-1);
  return isCut && oldest !== undefined ? Math.max(keptMs, oldest.receivedAtMs + 1) : keptMs;
}

async function lookUp(
  store: Store,
  { organization, connection }: Counted,
  ids: readonly InboxId[],
): Promise<readonly InboxRow[]> {
  const found = await Promise.all(
    ids.slice(0, MAX_LOOKUPS).map((inbox) => {
      const { pk, sk } = inboxKey(organization, connection, inbox);
      return store.get<InboxRow>(pk, sk);
    }),
  );
  return found.flatMap((item) => item?.data ?? []);
}

/**
 * Invariant 5. `accepted` is what the door marked, and the rows say what became of it: an event whose row is
 * gone is accepted and nothing else, so that the account does not balance.
 */
export async function accountOf(store: Store, counted: Counted): Promise<Accounting> {
  const sinceMs = sinceOf(counted);
  const pk = doorPk(counted.organization, counted.connection);
  const marks = await store.list(pk, { after: doorAfter(sinceMs) });
  const listed = counted.rows.filter(({ receivedAtMs }) => receivedAtMs >= sinceMs);
  const known = new Set(listed.map(({ inbox }) => inbox));
  const marked = marks.map(({ sk }) => inboxOfMark(sk));
  const late = await lookUp(
    store,
    counted,
    marked.filter((inbox) => !known.has(inbox)),
  );
  const ends = { applied: 0, merged: 0, echo: 0, filtered: 0, parked: 0, open: 0 };
  for (const { state } of [...listed, ...late]) ends[state] += 1;
  return { sinceMs, accepted: new Set([...marked, ...known]).size, ...ends };
}
