import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import { NotFoundError } from '../errors.ts';
import type { HubMessage } from '../ports/runtime.ts';
import { correlationOf } from '../telemetry/index.ts';
import { conclude } from './conclude.ts';
import {
  type Desk,
  follow,
  loadChild,
  loadRoot,
  openSession,
  placesFor,
  stage,
  surroundings,
} from './desk.ts';
import { parkedFor } from './every-item.ts';
import { putRow, tellEnd } from './inbox.ts';
import type { InboxRow } from './inbox-row.ts';
import { inboxKey, parkedKey } from './keys.ts';
import { untell } from './outbox.ts';
import { parkRow } from './park-row.ts';
import { park, unpark } from './parking.ts';
import { sceneAt, treeOf, treeWith } from './scene.ts';
import type { Session } from './session.ts';
import type { ParkedWork } from './state.ts';
import { type Outgoing, putAudit } from './told.ts';
import { untilSettled } from './until-settled.ts';

interface Asked {
  readonly actor: string;
  readonly atMs: number;
}

/** Puts one parked piece of work back where it came from. */
export async function replay(
  desk: Desk,
  organization: OrganizationId,
  id: string,
  actor: string,
): Promise<void> {
  const atMs = desk.deps.clock.now();
  await untilSettled(() => replayOnce(desk, organization, id, { actor, atMs }));
}

/** In the commit that does it: a replay is never done unsaid. */
function noteReplay(session: Session, work: ParkedWork, { actor, atMs }: Asked): Outgoing {
  const { id, organization, connection, cause } = work;
  const entry = {
    organization,
    connection,
    actor,
    action: 'parked.replayed',
    outcome: 'done',
    atMs,
  } as const;
  return putAudit(session, { id: `replayed.${id}`, entry: { ...entry, facts: { parked: id, cause } } }, atMs);
}

async function replayOnce(
  desk: Desk,
  organization: OrganizationId,
  id: string,
  asked: Asked,
): Promise<ParkedWork> {
  const session = openSession(desk);
  const work = await session.get<ParkedWork>(parkedKey(organization, id));
  if (work === undefined) throw new NotFoundError('no such parked work');
  session.remove(parkedKey(organization, id));
  const said = noteReplay(session, work, asked);
  if (work.inbox !== undefined) await reopenRow(desk, session, work);
  else if (work.untold !== undefined) await tellAgain(desk, session, work);
  else await resume(desk, session, work);
  await follow(desk, session, { organization, wakes: [], outbox: [said] });
  return work;
}

async function reopenRow(desk: Desk, session: Session, work: ParkedWork): Promise<void> {
  const { organization, connection, inbox } = work;
  if (inbox === undefined) return;
  const row = await session.get<InboxRow>(inboxKey(organization, connection, inbox));
  if (row !== undefined && row.state === 'parked') {
    const {
      reason: _reason,
      fault: _fault,
      parked: _parked,
      closedAtMs: _closed,
      swept: _swept,
      isFirst: _first,
      ...rest
    } = row;
    putRow(session, { ...rest, state: 'open' }, desk.deps.clock.now());
  }
  await session.commit();
  if (row === undefined) return;
  if (row.state === 'parked') tellEnd(desk.deps, row, 'reopened', work.integration);
  const message = { type: 'change', organization, connection, inbox } as const;
  await desk.deps.queues.sendChange('deltas', row.group, message);
}

/** An event that the bus refused goes out once more. */
async function tellAgain(desk: Desk, session: Session, work: ParkedWork): Promise<void> {
  const outgoing = await untell(session, work, desk.deps.clock.now());
  await session.commit();
  const { organization } = work;
  await follow(desk, session, { organization, wakes: [], outbox: outgoing === undefined ? [] : [outgoing] });
}

async function resume(desk: Desk, session: Session, work: ParkedWork): Promise<void> {
  const { organization, connection } = work;
  const [root, places] = await Promise.all([
    loadRoot(session, organization, work.root as RecordId),
    placesFor(desk, organization),
  ]);
  const place = places.get(connection);
  if (root === undefined || place === undefined) {
    await session.commit();
    return;
  }
  const child =
    work.kind === 'comment'
      ? await loadChild(session, organization, root, work.record as RecordId)
      : undefined;
  const around = surroundings(desk, places, work);
  const { tree, record } = treeWith(root, child);
  unpark(sceneAt(tree, record, place, around), (parked) => parked.id === work.id);
  const aftermath = await stage(session, conclude(tree, organization, around), organization);
  await session.commit();
  await follow(desk, session, aftermath);
}

/** Everything that waits for this connection alone goes on: it was reconnected, or its vendor is back. */
export async function drain(
  desk: Desk,
  organization: OrganizationId,
  connection: ConnectionId,
): Promise<number> {
  let drained = 0;
  for await (const { id, cause } of parkedFor(desk.deps.store, organization, connection)) {
    if (waitsForConnection(cause) && (await drainOne(desk, organization, id))) drained += 1;
  }
  return drained;
}

/** One root's lane, by what it holds itself: the list may not show it yet. */
export async function drainRoot(
  desk: Desk,
  organization: OrganizationId,
  connection: ConnectionId,
  id: RecordId,
): Promise<boolean> {
  const root = await loadRoot(openSession(desk), organization, id);
  const parked = root?.lanes[connection]?.parked;
  return parked !== undefined && waitsForConnection(parked.cause) && drainOne(desk, organization, parked.id);
}

const waitsForConnection = (cause: ParkedWork['cause']): boolean =>
  cause === 'unauthorized' || cause === 'unavailable';

/** The list lags: what it still shows may have gone on already. */
async function drainOne(desk: Desk, organization: OrganizationId, id: string): Promise<boolean> {
  try {
    await replay(desk, organization, id, 'hub');
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

/** What a dead-letter queue caught: set aside with the hub's fault, visible and replayable. */
export async function deadLetter(desk: Desk, message: HubMessage, reason: string): Promise<void> {
  const { organization, connection } = message;
  const about =
    message.type === 'change'
      ? { correlation: correlationOf(connection, message.inbox) }
      : { record: message.root, ...(message.correlation && { correlation: message.correlation }) };
  desk.deps.telemetry.metric('DeadLettered', 1, { organization, connection, ...about });
  await untilSettled(() => deadLetterOnce(desk, message, reason));
}

async function deadLetterOnce(desk: Desk, message: HubMessage, reason: string): Promise<void> {
  const { organization, connection } = message;
  const session = openSession(desk);
  const places = await placesFor(desk, organization);
  const place = places.get(connection);
  if (place === undefined) return;
  if (message.type === 'change') {
    const row = await session.get<InboxRow>(inboxKey(organization, connection, message.inbox));
    if (row?.state !== 'open') return;
    await parkRow(desk, session, row, place, { reason, fault: 'hub', cause: 'dead-letter' });
    return;
  }
  const root = await loadRoot(session, organization, message.root);
  if (!desk.rules.isTheWake(root?.lanes[connection]?.wake, message.wake) || root === undefined) return;
  const around = surroundings(desk, places, message);
  const tree = treeOf(root);
  const scene = sceneAt(tree, tree.root, place, around);
  park(scene, { cause: 'dead-letter', reason, fault: 'hub' });
  delete scene.lane.wake;
  const aftermath = await stage(session, conclude(tree, organization, around), organization);
  await session.commit();
  await follow(desk, session, aftermath);
}
