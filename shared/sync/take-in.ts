import { OBSERVATION_CONTENT_TYPE } from '../domain/content-types.ts';
import { ConflictError, InvalidInputError } from '../errors.ts';
import type { Observation } from '../ports/mapping.ts';
import type { ChangeMessage } from '../ports/runtime.ts';
import { correlationOf } from '../telemetry/index.ts';
import { conclude } from './conclude.ts';
import { forgetCreating } from './creating.ts';
import { type Aftermath, type Desk, follow, openSession, placesFor, stage, surroundings } from './desk.ts';
import { foldInto } from './fold.ts';
import { identify, linesFor } from './identify.ts';
import { endOfRow, putRow, sealedBodyOf, tellEnd } from './inbox.ts';
import type { InboxRow } from './inbox-row.ts';
import { attachedKey, claimKey, inboxKey } from './keys.ts';
import type { Received } from './merge.ts';
import { type Identity, observe, type Taken } from './observe.ts';
import { unseenParent } from './parent.ts';
import { parkRow } from './park-row.ts';
import { contextOf, type Place, type Places, placeOf } from './places.ts';
import type { Session } from './session.ts';
import type { EndState } from './state.ts';
import { auditFirst } from './told.ts';
import { untilSettled } from './until-settled.ts';
import { aheadOf, leaveLines, sendOn, standInLine, standing } from './waiting.ts';

/** Takes in one accepted event: every observation gets its end state, in the commit that makes it so. */
export const takeIn = (desk: Desk, message: ChangeMessage): Promise<void> =>
  untilSettled(() => takeInOnce(desk, message));

async function takeInOnce(desk: Desk, message: ChangeMessage): Promise<void> {
  const session = openSession(desk);
  const [row, places] = await Promise.all([
    session.get<InboxRow>(inboxKey(message.organization, message.connection, message.inbox)),
    placesFor(desk, message.organization),
  ]);
  if (row === undefined || row.state !== 'open') return;
  const place = places.get(message.connection) ?? (await lookUp(desk, message));
  // Accepted from a connection that was removed meanwhile: nobody wants it, and it must not stay open.
  if (place === undefined) return closeFiltered(desk, session, row, undefined);
  const decoded = await decode(desk, row, place);
  if (typeof decoded === 'string') {
    await parkRow(desk, session, row, place, { reason: decoded, fault: 'vendor' });
    return;
  }
  await takeInAll(desk, session, row, place, places, decoded);
}

async function lookUp(desk: Desk, { organization, connection }: ChangeMessage): Promise<Place | undefined> {
  const found = await desk.deps.connections.get(organization, connection);
  return found && placeOf(found, desk.deps.integrations);
}

/** The observations in a kept body, or why it cannot be read. */
async function decode({ deps }: Desk, row: InboxRow, place: Place): Promise<readonly Received[] | string> {
  const sealed = await sealedBodyOf(deps.store, row);
  const body = await deps.sealer.open(row.organization, row.connection, sealed);
  if (isPolled(row))
    return [{ ...(JSON.parse(Buffer.from(body).toString()) as Observation), receivedAtMs: row.receivedAtMs }];
  try {
    const decoded = place.mapping.decode(body, row.contentType, contextOf(place, row.receivedAtMs));
    if (decoded.outcome === 'observations')
      return decoded.observations.map((o) => ({ ...o, receivedAtMs: row.receivedAtMs }));
    if (decoded.asksForCheck) await askForCheck(deps, place);
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
}

/** The worker asks the vendor: this function speaks to none, and an event alone proves nothing. */
function askForCheck({ queues }: Desk['deps'], { connection }: Place): Promise<void> {
  const { organization, id, integration } = connection;
  return queues.sendWork(integration, { type: 'check', organization, connection: id });
}

/** A page's own observation, written by the hub; what a vendor sends comes on no lane but the live one. */
function isPolled({ lane, contentType }: InboxRow): boolean {
  return lane !== 'changes' && contentType === OBSERVATION_CONTENT_TYPE;
}

async function takeInAll(
  desk: Desk,
  session: Session,
  row: InboxRow,
  place: Place,
  places: Places,
  observations: readonly Received[],
): Promise<void> {
  const ends: (EndState | null)[] = observations.map((_, index) => row.ends[index] ?? null);
  let known = row;
  for (const [index, o] of observations.entries()) {
    if (ends[index] !== null) continue;
    const identity = await identify(desk, session, place, o);
    if (identity.toFold !== undefined) {
      await foldInto(desk, session, place, o, identity.toFold);
      throw new ConflictError('two records of one object were folded; look again');
    }
    const parent = unseenParent(o, identity, place);
    const first = parent && (await takeInFirst(desk, session.fork(), known, place, places, parent));
    if (first === 'waits') return;
    const around = surroundings(desk, places, causeOf(row));
    const taken = observe(o, await inLine(desk, session, place, o, identity, row), place, around);
    if (taken.end !== 'open') ends[index] = taken.end;
    const isLast = !ends.includes(null, index + 1);
    if (!isLast && taken.trees.length + taken.claims.length === 0) continue;
    const state = endOfRow(ends);
    const next = state === 'open' ? [] : await leaveLines(session, known, taken.trees);
    const aftermath = await stageTaken(desk, session, taken, place, places, row);
    known = { ...standing(known, taken), ends, state };
    putRow(session, known, around.nowMs);
    await auditFirst(
      desk.deps,
      session,
      aftermath.flatMap(({ news }) => news ?? []),
    );
    await session.commit();
    if (state !== 'open') tellEnd(desk.deps, row, state, place.manifest.id, taken.trees[0]?.root.id);
    await Promise.all(aftermath.map((each) => follow(desk, session, each)));
    for (const each of next) await sendOn(desk, row, each);
  }
  if (observations.length === 0) await closeFiltered(desk, session, row, place.manifest.id);
}

/** Whoever's event stands before this one in a line may be what it tells of, or come before it there. */
async function inLine(
  desk: Desk,
  session: Session,
  place: Place,
  o: Observation,
  identity: Identity,
  row: InboxRow,
): Promise<Identity> {
  const ahead = aheadOf(place, await linesFor(desk, session, place, o, identity), row);
  return ahead === undefined ? identity : { ...identity, root: ahead, isInLine: true };
}

/** What it hangs on is made known in a commit of its own; then all is looked at again. */
async function takeInFirst(
  desk: Desk,
  session: Session,
  row: InboxRow,
  place: Place,
  places: Places,
  parent: Observation,
): Promise<'waits' | 'nothing'> {
  const identity = await identify(desk, session, place, parent);
  const around = surroundings(desk, places, causeOf(row));
  const taken = observe(parent, await inLine(desk, session, place, parent, identity, row), place, around);
  const aftermath = await stageTaken(desk, session, taken, place, places, row);
  if (taken.end === 'open') putRow(session, standing(row, taken), around.nowMs);
  await session.commit();
  await Promise.all(aftermath.map((each) => follow(desk, session, each)));
  if (taken.end === 'open') return 'waits';
  if (taken.end === 'filtered') return 'nothing';
  throw new ConflictError('what it hangs on is known now; look again');
}

const causeOf = ({ connection, inbox }: InboxRow) => ({
  connection,
  correlation: correlationOf(connection, inbox),
});

async function stageTaken(
  desk: Desk,
  session: Session,
  taken: Taken,
  place: Place,
  places: Places,
  row: InboxRow,
): Promise<Aftermath[]> {
  const { organization, id: connection } = place.connection;
  const around = surroundings(desk, places, causeOf(row));
  for (const { kind, externalId, claim } of desk.rules.claims() ? taken.claims : []) {
    session.put(claimKey(organization, connection, kind, externalId), claim);
    // Whatever made it, that is under way, or in doubt, no more.
    if (!('dead' in claim)) await forgetCreating(session, place, kind, claim.root);
  }
  if (taken.end === 'open') {
    for (const { root } of taken.trees) {
      const lane = root.lanes[connection];
      if (lane !== undefined) standInLine(lane, row);
    }
  }
  for (const { root, changes } of taken.trees) {
    const isNew = changes.some(({ record, what }) => record === root.id && what === 'created');
    if (root.file === undefined || !isNew) continue;
    session.put(attachedKey(organization, root.file.of.root, root.id), { id: root.id });
  }
  const aftermath: Aftermath[] = [];
  for (const tree of taken.trees)
    aftermath.push(await stage(session, conclude(tree, organization, around), organization));
  return aftermath;
}

async function closeFiltered(
  desk: Desk,
  session: Session,
  row: InboxRow,
  integration: string | undefined,
): Promise<void> {
  putRow(session, { ...row, state: 'filtered' }, desk.deps.clock.now());
  const next = await leaveLines(session, row);
  await session.commit();
  tellEnd(desk.deps, row, 'filtered', integration);
  for (const each of next) await sendOn(desk, row, each);
}
