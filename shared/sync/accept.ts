import type { InboxId } from '../domain/ids.ts';
import { ConflictError, InvariantError } from '../errors.ts';
import type { Accept, AcceptDeps, Arrival } from '../ports/engine.ts';
import type { Write } from '../ports/store.ts';
import { markAtDoor } from './door.ts';
import type { InboxRow } from './inbox-row.ts';
import { bodyKey, DUE, inboxKey, inboxList } from './keys.ts';
import { TIMING } from './timing.ts';

type RowName = Pick<InboxRow, 'organization' | 'connection' | 'inbox'>;

function rowOf(arrival: Arrival): InboxRow {
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
  };
}

/** Small bodies travel in their row; lists of rows must not carry large ones. */
const INLINE_CHARACTERS = 48_000;
/** A store refuses items over 350 KB, and a transaction over 4 MB. */
const PART_CHARACTERS = 300_000;
const MAX_PARTS = 10;

/** The row, with its body in it or in parts beside it: all or nothing. */
function putWithBody(row: InboxRow, sealed: Uint8Array, nowMs: number): Write[] {
  const body = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).toString('base64');
  if (body.length <= INLINE_CHARACTERS) return [putOpen({ ...row, body }, nowMs)];
  const key = inboxKey(row.organization, row.connection, row.inbox);
  const bodyParts = Math.ceil(body.length / PART_CHARACTERS);
  if (bodyParts > MAX_PARTS) {
    throw new InvariantError(`a sealed body of ${body.length} characters, at most 3,000,000 are kept`);
  }
  const parts = Array.from({ length: bodyParts }, (_, part): Write => {
    const text = body.slice(part * PART_CHARACTERS, (part + 1) * PART_CHARACTERS);
    return { put: { ...bodyKey(key, part), data: { text } }, expect: 0 };
  });
  return [putOpen({ ...row, bodyParts }, nowMs), ...parts];
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
  const row = rowOf(arrival);
  const sealed = await deps.sealer.seal(organization, connection, arrival.body);
  if (!(await isNew(deps, row, sealed))) return 'duplicate';
  const message = { type: 'change', organization, connection, inbox: row.inbox } as const;
  await Promise.all([
    deps.queues.sendChange(arrival.lane, arrival.group, message),
    markAtDoor(deps.store, row),
  ]);
  return 'accepted';
};

/** A store may report a conflict that is none of ours: only a row that is there makes a duplicate. */
async function isNew(deps: AcceptDeps, row: InboxRow, sealed: Uint8Array): Promise<boolean> {
  try {
    await deps.store.commit(putWithBody(row, sealed, deps.clock.now()));
    return true;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    if (!(await isThere(deps, row))) throw error;
    return false;
  }
}

async function isThere({ store }: Pick<AcceptDeps, 'store'>, row: RowName): Promise<boolean> {
  const { pk, sk } = inboxKey(row.organization, row.connection, row.inbox);
  return (await store.get(pk, sk)) !== undefined;
}

/** Whether an event has been taken in before: the way round `accept` for whoever is shown the same again and again. */
export const isAccepted = (
  deps: Pick<AcceptDeps, 'store'>,
  { organization, connection, eventId }: Arrival,
): Promise<boolean> => isThere(deps, { organization, connection, inbox: eventId as InboxId });
