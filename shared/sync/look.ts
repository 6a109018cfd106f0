import type { RecordId } from '../domain/ids.ts';
import { referenceOf, referredKind } from '../domain/record.ts';
import { ConflictError, ProviderUnavailableError } from '../errors.ts';
import type { CopyRef, RemoteState } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import { conclude } from './conclude.ts';
import { awaitReturn } from './depend.ts';
import { stage } from './desk.ts';
import { foldInto } from './fold.ts';
import { makerOf, whomItNames } from './identify.ts';
import { claimKey } from './keys.ts';
import { countAttempt, type Next } from './outcome.ts';
import { parkUnseen } from './parking.ts';
import type { ReferredCopy } from './projection.ts';
import { lacksReference, referredBy, rememberReferred } from './reference.ts';
import type { Scene } from './scene.ts';
import { takeRead } from './settlement.ts';
import { around, laneOf, organizationOf, rewake, type Shift, sceneOf } from './shift.ts';
import type { AnyRecord, Claim, Tombstone } from './state.ts';
import { meetSurvivor, takeShared } from './survivor.ts';
import { askAgainAfterMs, isPastDeath } from './want-read.ts';

/** Carries on as the last outcome says: now, or by a later wake. */
export async function follow(shift: Shift, next: Next): Promise<void> {
  shift.isDirty = true;
  if (next.next === 'wait') await rewake(shift, next.untilMs);
}

export function refOf({ record, link, lane }: Scene): CopyRef {
  const ref = { kind: record.kind, externalId: link.externalId! };
  const root = lane.link.externalId;
  return record.kind === 'comment' && root !== undefined ? { ...ref, rootExternalId: root } : ref;
}

export async function readRemote(shift: Shift, scene: Scene): Promise<RemoteState> {
  if (shift.integration.read === undefined) return { state: 'absent' };
  return shift.integration.read(refOf(scene));
}

/** Takes in what the vendor holds now; an object that is another record's copy folds. */
export async function read(shift: Shift, record: AnyRecord): Promise<void> {
  const remote = await readRemote(shift, sceneOf(shift, record));
  const scene = sceneOf(shift, record);
  if (remote.state === 'deleted' && remote.mergedInto !== undefined && record.kind !== 'comment') {
    if (!isPastDeath(scene.link)) return meetSurvivor(shift, record, remote);
    shift.isDirty = true;
    return waitOutStaleness(shift, scene);
  }
  const identity = await otherRecord(shift, record, remote);
  if (identity !== undefined) {
    await foldInto(shift.desk, shift.session, shift.place, refOf(scene), identity);
    throw new ConflictError('two records of one object were folded; look again');
  }
  const isShared = scene.link.isBorrowed === true;
  const seen = isShared ? scene : await meetReferred(shift, scene, remote);
  shift.isDirty = true;
  const taken = isShared ? takeShared(scene, remote) : takeRead(seen, remote);
  shift.progress = { ...shift.progress, fresh: record.id };
  if (taken === 'taken' && !isShared) rememberSeen(seen, remote);
  if (isShared && scene.link.dead !== undefined) await awaitReturn(shift, scene.link);
  if (taken === 'stale') await waitOutStaleness(shift, scene);
  if (taken === 'absent') parkUnseen(scene);
}

/** With what the object refers to made known first: a reference to what nobody knows says nothing. */
export async function meetReferred(shift: Shift, scene: Scene, remote: RemoteState): Promise<Scene> {
  if (remote.state !== 'present') return scene;
  const referred = await referredAt(shift, remote.observation);
  return referred === undefined ? scene : { ...scene, referred };
}

/** As an event of its own would have said it; undefined where that is no news. */
export async function referredAt(shift: Shift, o: Observation): Promise<ReferredCopy | undefined> {
  const { session, tree, place } = shift;
  const kind = referredKind(o.kind);
  if (referenceOf(o.kind) === undefined || kind === undefined || o.refersTo === undefined) return undefined;
  if (laneOf(shift).referred?.externalId === o.refersTo && !lacksReference(tree, o)) return undefined;
  const organization = organizationOf(shift);
  const key = claimKey(organization, place.connection.id, kind, o.refersTo);
  const known = await whomItNames(session, organization, await session.get<Claim | Tombstone>(key));
  const { referred, trees, claims } = referredBy(o, known, place, around(shift));
  for (const { claim } of claims) session.put(key, claim);
  for (const each of trees) {
    shift.owed.push(await stage(session, conclude(each, organization, around(shift)), organization));
  }
  return referred;
}

export function rememberSeen({ tree, referred, place }: Scene, remote: RemoteState): void {
  if (remote.state === 'present') rememberReferred(tree, remote.observation, referred, place);
}

/** The object is another record's copy: the one it was read as is younger and folds into that. */
async function otherRecord(
  shift: Shift,
  record: AnyRecord,
  remote: RemoteState,
): Promise<{ readonly younger: Claim; readonly olderId: RecordId } | undefined> {
  if (remote.state !== 'present' || record.unread === undefined) return undefined;
  const { desk, place, session } = shift;
  const olderId = await makerOf(desk, session, place, remote.observation, shift.tree.root);
  if (olderId === undefined || olderId === record.id) return undefined;
  return { younger: { root: shift.tree.root.id, record: record.id }, olderId };
}

export async function waitOutStaleness(shift: Shift, scene: Scene): Promise<void> {
  const error = new ProviderUnavailableError('the vendor answered with an older state than one already seen');
  const next = countAttempt(scene, error, 1);
  await follow(
    shift,
    next.next === 'wait' ? { ...next, untilMs: around(shift).nowMs + askAgainAfterMs(scene.link) } : next,
  );
}
