import { isMapped } from '../domain/record.ts';
import { ConflictError } from '../errors.ts';
import type { RemoteState, WriteOutcome } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import { comparable } from './adopt.ts';
import { carried, judgeLate, noteCarriedOut } from './carried-out.ts';
import { fill } from './creation.ts';
import { noteDeed } from './deed.ts';
import { die, isBelievedDead, revive } from './deletion.ts';
import { whatCame } from './fate.ts';
import { lookBack, notePutBack, theirsIn } from './hindsight.ts';
import { absorb, judge, type Merged, type Seen, seenOf } from './merge.ts';
import { isAfter } from './moments.ts';
import { dieWith, takeOtherDeath } from './other-copy.ts';
import { mergeOverlooked } from './overlooked.ts';
import { openWay } from './parking.ts';
import { capabilityOf, mappingVersion } from './places.ts';
import { withoutUnknown } from './reference.ts';
import type { Scene } from './scene.ts';
import { shownIn } from './shown.ts';
import type { Link, Pending, Values } from './state.ts';
import { awaitLook } from './unsettled.ts';
import { compareVersions } from './versions.ts';
import { announce, forgetAsking, isPast, isPastDeath, wantRead } from './want-read.ts';
import { isDeletion, isWithdrawal, settleDeleted, settleWithdrawal } from './withdrawal.ts';

type Settled = Omit<Extract<WriteOutcome, { outcome: 'settled' }>, 'outcome'>;
const SUPERSEDED_KEPT = 4;

/** The vendor carried the request out: *sent* and *got* under the pending's id. */
export function settleWritten(scene: Scene, pending: Pending, outcome: Settled, isFreshLook = false): Merged {
  const { link, lane } = scene;
  if (lane.pending?.id !== pending.id) return { applied: 0, noted: 0 };
  // Who waited for the answer has the request as it was sent: what was told of it meanwhile stands in the lane.
  const { toldAs } = lane.pending;
  delete lane.pending;
  lane.attempts = 0;
  openWay(scene);
  link.settledAtMs = scene.around.nowMs;
  noteDeed(scene, pending, { outcome: 'done' });
  if (isDeletion(pending)) return settleDeleted(scene, pending, outcome);
  if (pending.change.operation === 'create') {
    link.externalId = outcome.externalId;
    link.linkedAtMs = scene.around.nowMs;
    delete lane.staged;
    delete link.absences;
    if (pending.isSentAgain === true) supersede(link, pending);
  }
  const fields = carried(pending);
  const request = toldAs === undefined ? pending : { ...pending, toldAs };
  noteCarriedOut(link, request, outcome.version ?? outcome.observation?.version);
  return outcome.observation === undefined
    ? settleUnseen(scene, fields, outcome)
    : settleSeen(scene, fields, outcome.observation, isFreshLook);
}

/** No read-back: what we wrote stands as got, and may yet come back normalised at the write's own version. */
function settleUnseen(scene: Scene, fields: Values, outcome: Settled): Merged {
  const { link } = scene;
  Object.assign(link.got, fields);
  if (outcome.version === undefined) delete link.gotVersion;
  else link.gotVersion = outcome.version;
  return judgeHeard(scene);
}

/** What was answered is judged against what we wrote: somebody may have been quicker than the answer. */
function settleSeen(scene: Scene, fields: Values, observation: Observation, isFreshLook: boolean): Merged {
  const { link } = scene;
  const seen = seenOf(comparable(scene, withoutUnknown(scene, observation)));
  Object.assign(link.got, fields);
  if (compareVersions(seen.version, link.gotVersion) === 'older') {
    link.needsRead = true;
    return { applied: 0, noted: 0 };
  }
  if (isFreshLook) return absorbHeard(scene, seen);
  // An answer tells of the moment of the write: what was heard meanwhile may be later.
  const { applied, noted } = absorb(scene, seen);
  return { applied: applied + judgeHeard(scene).applied, noted };
}

/** What was heard while it could not be judged is judged by the next look, or, where there is none, now. */
function judgeHeard(scene: Scene): Merged {
  const { link, record, place } = scene;
  const heard = link.heard ?? [];
  if (capabilityOf(place, record.kind)?.canRead === true) {
    for (const each of heard) wantRead(link, each);
    return { applied: 0, noted: 0 };
  }
  delete link.heard;
  return { applied: mergeOverlooked(scene, lookBack(scene, heard)), noted: 0 };
}

export type ReadTaken = 'taken' | 'stale' | 'absent';

/** A read under the lease: what the vendor holds now, and the truth unless it is older than what we hold. */
export function takeRead(scene: Scene, remote: RemoteState): ReadTaken {
  const { link, record, around } = scene;
  if (around.rules.isDeleted(remote)) {
    if (isPastDeath(link)) return 'stale';
    if (!settleWithdrawal(scene)) die(scene, { atMs: around.nowMs });
    return 'taken';
  }
  if (remote.state !== 'present') return takeAbsence(scene);
  delete link.absences;
  const { observation } = remote;
  refuseForeign(scene, observation);
  const seen = seenOf(comparable(scene, observation, { atRead: true }));
  if (link.dead !== undefined) {
    const isLater = isAfter(seen, link.dead);
    if (!around.rules.provesLife(link, { atMs: seen.atMs, isLater })) {
      delete link.needsRead;
      return 'taken';
    }
    revive(scene, seen);
  }
  if (isPast(link, seen, shownIn(scene, seen))) return 'stale';
  delete link.doomed;
  forgetAsking(link);
  judgeLate(scene, seen);
  const alone = takeOtherDeath(scene, seen);
  if (record.unread === scene.place.connection.id) fill(scene, seen, observation.initial);
  else absorbHeard(scene, seen);
  if (alone !== undefined) dieWith(scene, alone);
  return 'taken';
}

/** Asked under one mapping and taken in under another: both are read anew. */
function refuseForeign({ place }: Scene, { kind, mapping = 0 }: Observation): void {
  if (!isMapped(kind) || mapping === mappingVersion(place)) return;
  throw new ConflictError('the mapping has changed since the read was asked for; look again');
}

/** Absence proves nothing: it is looked for again, unless a deletion was announced that only a look can place. */
function takeAbsence(scene: Scene): ReadTaken {
  if (!isBelievedDead(scene)) return 'absent';
  if (!settleWithdrawal(scene)) die(scene, scene.link.doomed!);
  return 'taken';
}

/** A state seen under the lease is later than anything heard: all of it is judged. */
function absorbHeard(scene: Scene, looked: Seen): Merged {
  const { link } = scene;
  const past = lookBack(scene, link.heard ?? []);
  delete link.heard;
  const seen = { ...looked, ...theirsIn(scene, past, looked) };
  notePutBack(scene, past, seen);
  const edited = new Set(Object.keys(seen.fields).filter((field) => judge(scene, field, seen) === 'edit'));
  const { applied, noted } = absorb(scene, seen);
  return { applied: applied + mergeOverlooked(scene, past, edited), noted };
}

/** Settles a doubtful update by a read made after its deadline. Stale reads settle nothing. */
export function settleByRead(scene: Scene, pending: Pending, remote: RemoteState): ReadTaken {
  const { lane, link, around } = scene;
  if (around.rules.isDeleted(remote) && !isDeletion(pending) && isPastDeath(link)) return 'stale';
  if (around.rules.isDeleted(remote) || (remote.state !== 'present' && isBelievedDead(scene))) {
    if (isWithdrawal(scene, pending)) {
      settleWritten(scene, pending, pending.change);
      return 'taken';
    }
    if (!landedAsTold(scene, pending)) {
      delete lane.pending;
      // Should the copy be taken out of the bin again, what stands there tells what came of it.
      link.unjudged = pending;
    }
    return takeRead(scene, remote);
  }
  if (remote.state !== 'present') return 'absent';
  refuseForeign(scene, remote.observation);
  const seen = seenOf(comparable(scene, remote.observation));
  for (const each of link.heard ?? []) announce(link, each);
  if (isPast(link, seen, shownIn(scene, seen))) return 'stale';
  if (isDeletion(pending)) {
    delete lane.pending;
    return takeRead(scene, remote);
  }
  const come = whatCame(scene, pending, seen);
  if (come !== undefined) {
    const { externalId } = remote.observation;
    settleWritten(scene, come, { externalId, observation: remote.observation }, true);
    delete link.doomed;
    forgetAsking(link);
    return 'taken';
  }
  giveUp(scene, pending);
  return takeRead(scene, remote);
}

/** Nobody will look at what it was for any more, or only once that is out of the bin again. */
export function endUnlooked(scene: Scene, pending: Pending): void {
  if (landedAsTold(scene, pending)) return;
  giveUp(scene, pending);
  scene.link.unjudged = pending;
}

function landedAsTold(scene: Scene, pending: Pending): boolean {
  const { toldAs } = pending;
  if (toldAs === undefined) return false;
  settleWritten(scene, pending, { externalId: scene.link.externalId!, ...toldAs });
  return true;
}

/** The request is taken never to have been carried out; should it land after all, it is known for what it is. */
export function giveUp(scene: Scene, pending: Pending): void {
  const { lane, link } = scene;
  delete lane.pending;
  noteDeed(scene, pending, { outcome: 'uncertain', code: 'given_up' });
  supersede(link, pending);
  awaitLook(link, Object.keys(carried(pending)), 'given-up');
}

/** Nothing waits for it any more; what it would have written is remembered, should it land. */
export function supersede(link: Link, pending: Pending): void {
  const noted = pending.change.operation === 'create' ? 'creations' : 'superseded';
  link[noted] = [...(link[noted] ?? []), carried(pending)].slice(-SUPERSEDED_KEPT);
}
