import type { RecordId } from '../domain/ids.ts';
import { ConflictError, ProviderUnavailableError } from '../errors.ts';
import type { CopyRef, RemoteState } from '../ports/integration.ts';
import { createdAs } from './creating.ts';
import { foldInto } from './fold.ts';
import { countAttempt, type Next } from './outcome.ts';
import { parkUnseen } from './parking.ts';
import { takeRequester } from './requester.ts';
import type { Scene } from './scene.ts';
import { takeRead } from './settlement.ts';
import { around, laneOf, rewake, type Shift, sceneOf } from './shift.ts';
import type { AnyRecord, Claim } from './state.ts';
import { meetSurvivor } from './survivor.ts';
import { TIMING } from './timing.ts';

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
  if (remote.state === 'deleted' && remote.mergedInto !== undefined && record.kind !== 'comment')
    return meetSurvivor(shift, record, remote.mergedInto);
  const identity = await otherRecord(shift, record, remote);
  if (identity !== undefined) {
    await foldInto(shift.desk, shift.session, shift.place, refOf(scene), identity);
    throw new ConflictError('two records of one object were folded; look again');
  }
  shift.isDirty = true;
  const taken = takeRead(scene, remote);
  shift.progress = { ...shift.progress, fresh: record.id };
  if (taken === 'taken' && remote.state === 'present') await takeRequester(shift, remote.observation);
  if (taken === 'stale') await waitOutStaleness(shift, scene);
  if (taken === 'absent') parkUnseen(scene);
}

/** The object is another record's copy: the one it was read as is younger and folds into that. */
async function otherRecord(
  shift: Shift,
  record: AnyRecord,
  remote: RemoteState,
): Promise<{ readonly younger: Claim; readonly olderId: RecordId } | undefined> {
  if (remote.state !== 'present' || record.unread === undefined) return undefined;
  const { observation } = remote;
  const { desk, place } = shift;
  const olderId = observation.marker ?? (await createdAs(desk.deps.store, place, observation, laneOf(shift)));
  if (olderId === undefined || olderId === record.id) return undefined;
  return { younger: { root: shift.tree.root.id, record: record.id }, olderId };
}

export async function waitOutStaleness(shift: Shift, scene: Scene): Promise<void> {
  const error = new ProviderUnavailableError('the vendor answered with an older state than one already seen');
  const next = countAttempt(scene, error, 1, 'later');
  await follow(
    shift,
    next.next === 'wait' ? { ...next, untilMs: around(shift).nowMs + TIMING.staleReadMs } : next,
  );
}
