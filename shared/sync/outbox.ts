import type { ConnectionId, RecordId } from '../domain/ids.ts';
import type { EngineDeps } from '../ports/engine.ts';
import type { HubEvent, Untaken } from '../ports/runtime.ts';
import { DUE, type Key, parkedKey, parkedList } from './keys.ts';
import type { Session } from './session.ts';
import type { History, ParkedWork } from './state.ts';
import { backLaterMs, TIMING } from './timing.ts';
import { type Outgoing, tellParked } from './told.ts';

type Publishing = Pick<EngineDeps, 'audit' | 'bus' | 'clock' | 'random' | 'telemetry'>;

/**
 * At least once: told first, and only then taken from the outbox. Every event has its own fate: what the bus
 * took is not told again, what it could not take now is told later, what it never will is parked.
 */
export async function publish(
  deps: Publishing,
  session: Session,
  { key, history: known }: Outgoing,
): Promise<void> {
  const events = known.events.filter(({ id }) => known.untold?.includes(id) ?? true);
  if (events.length === 0 && known.audit === undefined) return;
  for (const { id, entry } of known.audit ?? []) await deps.audit.appendAs(id, entry);
  const untaken = events.length === 0 ? [] : await deps.bus.publish(events);
  const told = session.fork();
  const history = await told.get<History>(key);
  if (history === undefined) return;
  leave(told, { key, history }, untaken, deps.clock.now());
  const parked = untaken
    .filter(({ isPassing }) => !isPassing)
    .map((each) => parkEvent(deps, told, key, each));
  await told.commit();
  for (const work of parked) tellParked(deps, work);
}

/** What stays of it: the journal for good, its events until they are told, an audit entry's errand not at all. */
function leave(told: Session, { key, history }: Outgoing, untaken: readonly Untaken[], nowMs: number): void {
  const { untold: _untold, audit: _audit, ...kept } = history;
  const untold = untaken.flatMap(({ event, isPassing }) => (isPassing ? [event.id] : []));
  if (untold.length > 0) {
    const dueMs = history.atMs + TIMING.republishAfterMs;
    told.put(key, { ...kept, untold }, { due: { list: DUE.outbox, atMs: backLaterMs(dueMs, nowMs) } });
  } else if (kept.revision === 0 && kept.events.length === 0) told.remove(key);
  else told.put(key, kept);
}

/** Visible and replayable; it is not told on the bus, which has just refused it. */
function parkEvent(deps: Publishing, told: Session, { pk, sk }: Key, { event, code }: Untaken): ParkedWork {
  const { organization, data, correlation } = event;
  const work: ParkedWork = {
    id: deps.random.id(),
    cause: 'rejected',
    reason: `the event bus refused ${event.type}`,
    fault: 'hub',
    code,
    atMs: deps.clock.now(),
    attempts: 1,
    organization,
    connection: placeOf(event),
    integration: 'hub',
    ...(data.root === undefined ? {} : { root: data.root as RecordId }),
    ...(data.record === undefined ? {} : { record: data.record as RecordId }),
    ...(correlation === undefined ? {} : { correlation }),
    untold: { pk, sk, event: event.id },
  };
  told.put(parkedKey(organization, work.id), work, {
    listed: { list: parkedList(organization), atMs: work.atMs },
  });
  return work;
}

const placeOf = ({ data }: HubEvent): ConnectionId =>
  (data.connection ?? data.source ?? 'hub') as ConnectionId;

/** Puts an event the bus refused back into the outbox. */
export async function untell(
  session: Session,
  work: ParkedWork,
  nowMs: number,
): Promise<Outgoing | undefined> {
  if (work.untold === undefined) return undefined;
  const { pk, sk, event } = work.untold;
  const key = { pk, sk };
  const known = await session.get<History>(key);
  if (known === undefined) return undefined;
  const history = { ...known, untold: [...(known.untold ?? []), event] };
  session.put(key, history, { due: { list: DUE.outbox, atMs: nowMs + TIMING.republishAfterMs } });
  return { key, history };
}
