import type { RecordId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { RemoteChange } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import { carryOn, carryOut, meetClaim, send, stageClaim } from './carry-out.ts';
import { askedBy, noteCreating, rootAskedIn } from './creating.ts';
import { mayBeMerged } from './deletion.ts';
import { meet } from './depend.ts';
import { bringOver, endGathering } from './gather.ts';
import { follow, meetReferred, read, readRemote, rememberSeen, waitOutStaleness } from './look.ts';
import { lookOn } from './look-on.ts';
import { meetMatch } from './match.ts';
import { isWithdrawn } from './need.ts';
import { observeCopy } from './observe-copy.ts';
import { asHubError, takeFailure } from './outcome.ts';
import { isLookedForInVain, park, parkOutOfSight, parkUnseen } from './parking.ts';
import { capabilityOf } from './places.ts';
import { landingTime, pendingFor, type Step } from './reconcile.ts';
import { withoutUnknown } from './reference.ts';
import type { Scene } from './scene.ts';
import { type Searched, search } from './search.ts';
import { endUnlooked, giveUp, settleByRead, settleWritten } from './settlement.ts';
import {
  around,
  bringChild,
  type InHand,
  type Job,
  laneOf,
  openShift,
  rest,
  rewake,
  type Shift,
  save,
  sceneOf,
  step,
} from './shift.ts';
import type { AnyRecord, Pending } from './state.ts';
import { meetSurvivor } from './survivor.ts';
import { MAX_CONFLICTS, TIMING } from './timing.ts';
import { carry, carryOnWith, mayBegin, refuse, type TransferStep } from './transfer.ts';
import { isPastDeath, wantRead } from './want-read.ts';

/** Brings one lane to its record, step by step, until it rests, waits, or runs out of time. */
export async function work(job: Job): Promise<void> {
  let inHand = nothingInHand(job);
  for (let conflicts = 0; ; ) {
    const shift = await openShift(job, inHand);
    if (shift === undefined) return;
    try {
      await (shift.carried === undefined ? carryOn(shift) : carryOnWith(shift));
      while (!shift.isOver) {
        await advance(shift, step(shift));
        if (!holdsNews(shift)) conflicts = 0;
      }
      return;
    } catch (error) {
      conflicts += 1;
      if (!(error instanceof ConflictError)) throw error;
      if (conflicts > MAX_CONFLICTS && mayGiveUp(shift)) return comeBack(shift);
      const { noted, unsaved, carried, transfer, audited } = shift;
      inHand = { noted, unsaved, carried, transfer, audited };
    }
  }
}

const nothingInHand = ({ desk }: Job): InHand => ({
  noted: undefined,
  unsaved: undefined,
  carried: undefined,
  transfer: desk.deps.random.id(),
  audited: new Set(),
});

/** What a call brought nobody else knows: left unsaved, the whole lane would wait until its lease is over. */
const mayGiveUp = (shift: Shift): boolean => !holdsNews(shift) || isAlmostOver(shift);
const holdsNews = ({ unsaved, carried }: Shift): boolean => (unsaved ?? carried) !== undefined;

/** Others write this root faster than we can: the same wake again, when they may have done. */
function comeBack({ desk, message, place }: Shift): Promise<void> {
  const delayMs = TIMING.crowdedMs + Math.floor(desk.deps.random.next() * TIMING.crowdedMs);
  return desk.deps.queues.sendWork(place.manifest.id, message, delayMs);
}

/**
 * Whoever holds the lane goes on with it, and this wake is theirs. Should they be gone with their lease still
 * standing, somebody has to come by when it is over: the same wake again, which is nothing once they are done.
 */
async function leave(shift: Shift): Promise<void> {
  const { desk, message, place } = shift;
  shift.isOver = true;
  const { pending, transfer } = laneOf(shift);
  const leaseMs = ((pending ?? transfer)?.leaseUntilMs ?? 0) - around(shift).nowMs;
  await desk.deps.queues.sendWork(
    place.manifest.id,
    message,
    Math.min(Math.max(leaseMs, TIMING.crowdedMs), TIMING.maxDelayMs),
  );
}

const isAlmostOver = (shift: Shift): boolean => around(shift).nowMs >= shift.deadlineMs - TIMING.reserveMs;

async function advance(shift: Shift, next: Step): Promise<void> {
  switch (next.do) {
    case 'rest':
      return rest(shift);
    case 'leave':
      return leave(shift);
    case 'wait':
      return rewake(shift, next.untilMs);
    case 'load':
      if ((await bringChild(shift, next.child)) === undefined) dropChild(shift, next.child);
      return undefined;
    case 'skip':
      return dropChild(shift, next.child);
    case 'depend':
      return meet(shift, next.on);
    case 'refuse':
      return refuse(shift, next.record, next.reason);
    default:
      if (isAlmostOver(shift) || (isTransfer(next) && !mayBegin(shift)))
        return rewake(shift, around(shift).nowMs);
      return goOn(shift, next);
  }
}

type LongStep = CallStep | TransferStep | Extract<Step, { do: 'look-on' } | { do: 'gather' }>;

async function goOn(shift: Shift, next: LongStep): Promise<void> {
  if (next.do === 'look-on') return lookOn(shift);
  if (next.do === 'gather') return gather(shift);
  return isTransfer(next) ? carry(shift, next) : call(shift, next);
}

async function gather(shift: Shift): Promise<void> {
  if (await bringOver(shift.desk, shift.message.organization, shift.tree.root)) return;
  endGathering(shift.tree);
  shift.isDirty = true;
}

function dropChild(shift: Shift, child: RecordId): void {
  const lane = laneOf(shift);
  lane.behind = lane.behind.filter(({ id }) => id !== child);
  if (lane.pending?.record === child) delete lane.pending;
  shift.isDirty = true;
}

const isTransfer = (next: Step): next is TransferStep =>
  next.do === 'fetch' || next.do === 'upload' || next.do === 'discard' || next.do === 'abandon';

type CallStep = Extract<Step, { do: 'settle' | 'read' | 'match' | 'write' }>;

async function call(shift: Shift, next: CallStep): Promise<void> {
  if (next.do !== 'write' && shift.isDirty) await save(shift);
  if (next.do === 'write') return write(shift, next.record, next.change);
  const record = next.do === 'settle' ? recordOf(shift, next.pending.record) : next.record;
  if (record === undefined) return undefined;
  try {
    if (next.do === 'settle') await settle(shift, record, next.pending);
    else if (next.do === 'read') await read(shift, record);
    else await meetMatch(shift, record);
  } catch (error) {
    if (error instanceof ConflictError) throw error;
    const scene = sceneOf(shift, recordOf(shift, record.id) ?? record);
    await follow(shift, takeFailure(scene, asHubError(error), shift.desk.deps.random.next()));
  }
  return undefined;
}

const recordOf = ({ tree }: Shift, id: RecordId): AnyRecord | undefined =>
  tree.root.id === id ? tree.root : tree.children.get(id);

/** Decides the exact request, with the state it is decided on. */
async function write(shift: Shift, record: AnyRecord, change: RemoteChange): Promise<void> {
  const scene = sceneOf(shift, record);
  const { correlation } = record;
  const noted = pendingFor(scene, change, shift.deadlineMs);
  const pending: Pending = correlation === undefined ? noted : { ...noted, correlation };
  scene.lane.pending = pending;
  if (change.operation === 'create') {
    await noteCreating(shift.session, shift.place, record.kind, {
      root: record.id,
      ...askedBy(change),
    });
  }
  await carryOut(shift, pending);
}

/** Finds out what became of a request whose fate is unknown, now that nothing of it can land any more. */
async function settle(shift: Shift, record: AnyRecord, pending: Pending): Promise<void> {
  if (pending.change.operation === 'create') return settleCreation(shift, record, pending);
  const remote = await readRemote(shift, sceneOf(shift, record));
  const scene = sceneOf(shift, record);
  shift.isDirty = true;
  if (remote.state === 'deleted' && remote.mergedInto !== undefined && record.kind !== 'comment') {
    if (isPastDeath(scene.link)) return waitOutStaleness(shift, scene);
    endUnlooked(scene, pending);
    return meetSurvivor(shift, record, remote);
  }
  const seen = await meetReferred(shift, scene, remote);
  const taken = settleByRead(seen, pending, remote);
  shift.progress = { ...shift.progress, fresh: record.id };
  if (taken === 'taken') rememberSeen(seen, remote);
  if (taken === 'stale') await waitOutStaleness(shift, scene);
  if (taken !== 'absent') return undefined;
  giveUp(scene, pending);
  Object.assign(scene.link, { needsRead: true, unjudged: pending });
  parkUnseen(scene);
  return undefined;
}

async function settleCreation(shift: Shift, record: AnyRecord, pending: Pending): Promise<void> {
  const { found, isUnseen, wasMoved, isAstray, parent } = await searchFor(shift, record, pending);
  const scene = sceneOf(shift, record);
  if (parent !== undefined) takeParent(shift, parent);
  if (wasMoved === true) wantRead(scene.lane.link);
  if (found !== undefined) {
    shift.isDirty = true;
    if (isUnseen !== true) delete scene.lane.link.absences;
    await meetClaim(shift, pending, found.externalId);
    stageClaim(shift, record, found.externalId);
    settleWritten(scene, pending, { externalId: found.externalId, observation: found });
    return;
  }
  if (isUnseen === true && !isLookedForInVain(scene)) {
    parkOutOfSight(scene);
    shift.isDirty = true;
    return;
  }
  const by = capabilityOf(shift.place, record.kind)?.creation?.by;
  if (by === 'none' || isAstray === true || isUnseen === true) {
    giveUp(scene, pending);
    if (by === 'none') await noteDoubtful(shift, scene, pending);
    const reason = 'nobody can tell whether this was created; replay it only if it is not there';
    park(scene, { cause: 'doubtful', reason, fault: 'vendor' });
    shift.isDirty = true;
    return;
  }
  delete scene.lane.link.absences;
  // What a file was to hang on may have gone on as another: it is made anew, not sent again.
  if (wasMoved === true || isWithdrawn(scene) || record.kind === 'attachment') {
    giveUp(scene, pending);
    shift.isDirty = true;
    return;
  }
  const { isDoubtful: _settled, ...rest } = pending;
  const again = { ...rest, leaseUntilMs: shift.deadlineMs, startedAtMs: around(shift).nowMs };
  scene.lane.pending = {
    ...again,
    isSentAgain: true,
    settleAtMs: shift.deadlineMs + landingTime(shift.place, pending.change),
  };
  // Under the same id as before: should the noting meet a conflict, it may be another worker's that is found there.
  await save(shift);
  await send(shift, scene.lane.pending);
}

/** Where its conversation has its copy; and where it was asked for, should that be another's again, as since a merge was undone. */
async function searchFor(shift: Shift, record: AnyRecord, pending: Pending): Promise<Searched> {
  const own = laneOf(shift).link.externalId;
  const here = await search(shift, record, own);
  const asked = rootAskedIn(pending.change);
  if (here.found !== undefined || asked === undefined) return here;
  if (asked === own) return mayBeElsewhere(shift, pending, here) ? { ...here, isAstray: true } : here;
  const { found, isUnseen = false } = await search(shift, record, asked);
  return { ...here, ...(found && { found }), isUnseen: isUnseen || here.isUnseen === true, wasMoved: true };
}

/** Its conversation has come out of the bin since, as is told or this look shows: a merge may have moved what it made. */
function mayBeElsewhere(shift: Shift, { isAstray }: Pending, { parent }: Searched): boolean {
  if (capabilityOf(shift.place, 'comment')?.creation?.by !== 'find') return false;
  const scene = sceneOf(shift, shift.tree.root);
  return isAstray === true || (parent !== undefined && scene.link.doomed !== undefined && mayBeMerged(scene));
}

/** A look at the conversation tells of it as an event would: what stands there may be gone by the next. */
function takeParent(shift: Shift, parent: Observation): void {
  const scene = sceneOf(shift, shift.tree.root);
  const { externalId, isBorrowed } = scene.link;
  if (parent.externalId !== externalId || isBorrowed === true) return;
  observeCopy(scene, withoutUnknown(scene, parent));
  shift.isDirty = true;
}

/** Its object may turn up yet, and is then known for what it is. */
async function noteDoubtful(shift: Shift, { lane, record }: Scene, pending: Pending): Promise<void> {
  const asked = askedBy(pending.change);
  const under = rootAskedIn(pending.change);
  if (under !== undefined) lane.doubtful = [...(lane.doubtful ?? []), { record: record.id, under, ...asked }];
  else
    await noteCreating(shift.session, shift.place, record.kind, {
      root: record.id,
      ...asked,
      isDoubtful: true,
    });
}
