import type { ConnectionId, OrganizationId } from '../../domain/ids.ts';
import type { ConnectionActivity } from '../../ports/activity.ts';
import type { Reading } from '../../ports/read.ts';
import type { Item, Store } from '../../ports/store.ts';
import { everyItem } from '../every-item.ts';
import type { InboxRow } from '../inbox-row.ts';
import { effectList, inboxList, parkedList } from '../keys.ts';
import type { Effect, ParkedWork } from '../state.ts';
import { accountOf } from './accounting.ts';
import type { ReadingDeps } from './source.ts';

/** A console asks every few seconds: the newest rows tell how a connection does now, at a bounded price. */
const MAX_ROWS = 1_000;
const PAGE = 250;
const MAX_SAMPLES = 120;

async function newest<Data>(store: Store, list: string, most: number): Promise<readonly Item<Data>[]> {
  const items: Item<Data>[] = [];
  for await (const item of everyItem<Data>(store, list, PAGE)) {
    if (items.push(item) >= most) break;
  }
  return items;
}

/** Absent for an integration that left the catalog: then nothing says how long its rows are kept. */
async function redeliveryMsOf(deps: ReadingDeps, organization: OrganizationId, id: ConnectionId) {
  const connection = await deps.connections.get(organization, id);
  return deps.integrations(connection?.integration ?? '')?.manifest.redeliveryMs ?? 0;
}

/** Of the writes the hub carried out there, but for what it caught up with; each connection has a list of its own. */
async function lagOf(
  { store }: ReadingDeps,
  organization: OrganizationId,
  connection: ConnectionId,
): Promise<ConnectionActivity['lag']> {
  const list = effectList(organization, connection);
  const { items } = await store.page<Effect & { readonly lagMs: number }>(list, { limit: MAX_SAMPLES });
  return items.map(({ data: { atMs, lagMs } }) => ({ atMs, lagMs })).reverse();
}

export function activityReading(deps: ReadingDeps): Pick<Reading, 'activity'> {
  const { store } = deps;
  return {
    async activity(organization, connection) {
      const [redeliveryMs, rows, parked, lag, vitals] = await Promise.all([
        redeliveryMsOf(deps, organization, connection),
        newest<InboxRow>(store, inboxList(organization, connection), MAX_ROWS),
        newest<ParkedWork>(store, parkedList(organization), MAX_ROWS),
        lagOf(deps, organization, connection),
        deps.vitals(organization, connection),
      ]);
      const inbox = rows.map(({ data }) => data);
      const { silentSinceMs, ...rest } = vitals;
      const newestAtMs = inbox[0]?.receivedAtMs ?? 0;
      // The next event ends a silence, before anybody has looked.
      const isSilent = silentSinceMs !== undefined && newestAtMs <= silentSinceMs;
      const open = inbox.filter(({ state }) => state === 'open').map(({ receivedAtMs }) => receivedAtMs);
      return {
        accounting: await accountOf(store, {
          organization,
          connection,
          rows: inbox,
          isCut: inbox.length >= MAX_ROWS,
          redeliveryMs,
          nowMs: deps.clock.now(),
        }),
        parkedWork: parked.filter(({ data }) => data.connection === connection).length,
        lag,
        ...rest,
        ...(isSilent ? { silentSinceMs } : {}),
        ...(open.length === 0 ? {} : { oldestOpenAtMs: Math.min(...open) }),
      };
    },
  };
}
