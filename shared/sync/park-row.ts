import type { Fault } from '../errors.ts';
import { correlationOf } from '../telemetry/index.ts';
import { type Desk, follow } from './desk.ts';
import { putRow, tellEnd } from './inbox.ts';
import type { InboxRow } from './inbox-row.ts';
import { DUE, inboxKey, parkedKey, parkedList } from './keys.ts';
import { parkedEvent } from './parking.ts';
import type { Place } from './places.ts';
import type { Session } from './session.ts';
import type { History, ParkedWork } from './state.ts';
import { TIMING } from './timing.ts';
import { tellParked } from './told.ts';
import { leaveLines, sendOn } from './waiting.ts';

/** An event that cannot be taken in is kept, visible and replayable: the vendor would not send it again. */
export async function parkRow(
  desk: Desk,
  session: Session,
  row: InboxRow,
  place: Pick<Place, 'manifest'>,
  why: { readonly reason: string; readonly fault: Fault; readonly cause?: 'unreadable' | 'dead-letter' },
): Promise<void> {
  const { organization } = row;
  const nowMs = desk.deps.clock.now();
  const work: ParkedWork = {
    id: desk.deps.random.id(),
    cause: why.cause ?? 'unreadable',
    reason: why.reason,
    fault: why.fault,
    atMs: nowMs,
    attempts: 0,
    organization,
    connection: row.connection,
    integration: place.manifest.id,
    inbox: row.inbox,
    correlation: correlationOf(row.connection, row.inbox),
  };
  putRow(session, { ...row, state: 'parked', reason: why.reason, fault: why.fault, parked: work.id }, nowMs);
  const listed = { list: parkedList(organization), atMs: nowMs };
  session.put(parkedKey(organization, work.id), work, { listed });
  const key = { ...inboxKey(organization, row.connection, row.inbox), sk: `outbox#${work.id}` };
  const history: History = {
    revision: 0,
    atMs: nowMs,
    changes: [],
    losses: [],
    events: [parkedEvent(work, organization, 0)],
  };
  session.put(key, history, { due: { list: DUE.outbox, atMs: nowMs + TIMING.republishAfterMs } });
  const next = await leaveLines(session, row);
  await session.commit();
  tellParked(desk.deps, work);
  tellEnd(desk.deps, row, 'parked', place.manifest.id);
  await follow(desk, session, { organization, wakes: [], outbox: [{ key, history }] });
  for (const each of next) await sendOn(desk, row, each);
}
