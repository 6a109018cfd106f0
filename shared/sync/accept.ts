import type { InboxId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Accept, AcceptDeps, Arrival } from '../ports/engine.ts';
import type { Write } from '../ports/store.ts';
import { DUE, inboxKey, inboxList } from './keys.ts';
import type { InboxRow } from './state.ts';
import { TIMING } from './timing.ts';

function rowOf(arrival: Arrival, sealed: Uint8Array): InboxRow {
  return {
    organization: arrival.organization,
    connection: arrival.connection,
    inbox: arrival.eventId as InboxId,
    group: arrival.group,
    lane: arrival.lane,
    contentType: arrival.contentType,
    receivedAtMs: arrival.receivedAtMs,
    redeliveryMs: arrival.redeliveryMs,
    state: 'open',
    ends: [],
    body: Buffer.from(sealed).toString('base64'),
  };
}

/** An open row never expires: it leaves only by an end state. */
function putOpen(row: InboxRow, nowMs: number): Write {
  return {
    put: {
      ...inboxKey(row.organization, row.connection, row.inbox),
      data: row,
      due: { list: DUE.inbox, atMs: nowMs + TIMING.reenqueueAfterMs },
      listed: { list: inboxList(row.organization, row.connection), atMs: row.receivedAtMs },
    },
    expect: 0,
  };
}

export const accept: Accept = async (deps, arrival) => {
  const { organization, connection } = arrival;
  const row = rowOf(arrival, await deps.sealer.seal(organization, connection, arrival.body));
  if (!(await isNew(deps, row))) return 'duplicate';
  await deps.queues.sendChange(arrival.lane, arrival.group, {
    type: 'change',
    organization,
    connection,
    inbox: row.inbox,
  });
  return 'accepted';
};

/** A store may report a conflict that is none of ours: only a row that is there makes a duplicate. */
async function isNew({ store, clock }: AcceptDeps, row: InboxRow): Promise<boolean> {
  try {
    await store.commit([putOpen(row, clock.now())]);
    return true;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const key = inboxKey(row.organization, row.connection, row.inbox);
    if ((await store.get(key.pk, key.sk)) === undefined) throw error;
    return false;
  }
}
