import type { ExternalId } from '../domain/ids.ts';
import { ConflictError, ProviderUnavailableError } from '../errors.ts';
import type { CopyRef, Integration, RemoteChange, WriteOutcome } from '../ports/integration.ts';
import { forgetCreating } from './creating.ts';
import { doubtNamed, doubtShared } from './depend.ts';
import { foldInto } from './fold.ts';
import { claimKey } from './keys.ts';
import { follow } from './look.ts';
import { takeOutcome } from './outcome.ts';
import { bringChild, laneOf, organizationOf, type Shift, save, sceneOf } from './shift.ts';
import type { AnyRecord, Claim, Pending, Tombstone } from './state.ts';

/** Notes the request, with the state it was decided on, in one commit; only then it is sent. */
export async function carryOut(shift: Shift, pending: Pending): Promise<void> {
  shift.noted = pending;
  if (shift.desk.rules.notesPending()) {
    await save(shift);
    // All of it is kept: a lane of thousands of comments is not decided on anew for each of them.
    shift.tree.children.clear();
  }
  await send(shift, pending);
}

export async function send(shift: Shift, pending: Pending): Promise<void> {
  const outcome = await sendOnce(shift.integration, pending.change);
  Object.assign(shift, { noted: undefined, unsaved: { pending, outcome } });
  shift.progress = { ...shift.progress, fresh: undefined };
  await apply(shift, pending, outcome);
}

async function sendOnce(integration: Integration, change: RemoteChange): Promise<WriteOutcome> {
  if (integration.write !== undefined) return integration.write(change);
  const error = new ProviderUnavailableError(
    'this integration writes nothing, yet its manifest says it does',
  );
  return { outcome: 'refused', why: 'unavailable', error };
}

async function apply(shift: Shift, pending: Pending, outcome: WriteOutcome): Promise<void> {
  const record =
    pending.record === shift.tree.root.id ? shift.tree.root : await bringChild(shift, pending.record);
  if (record === undefined) return;
  const scene = sceneOf(shift, record);
  if (outcome.outcome === 'settled' && pending.change.operation === 'create') {
    stageClaim(shift, record, outcome.externalId);
  }
  if (outcome.outcome !== 'uncertain' && pending.change.operation === 'create') {
    await forgetCreating(shift.session, shift.place, record.kind, record.id);
  }
  const next = takeOutcome(scene, pending, outcome, shift.desk.deps.random.next());
  if (outcome.outcome === 'refused' && outcome.why === 'rejected') await doubtNamed(shift, pending.change);
  if (outcome.outcome === 'refused' && outcome.why === 'gone') await doubtShared(shift, pending.change);
  await follow(shift, next);
}

export function stageClaim(shift: Shift, record: AnyRecord, externalId: CopyRef['externalId']): void {
  if (!shift.desk.rules.claims()) return;
  const key = claimKey(organizationOf(shift), shift.message.connection, record.kind, externalId);
  const claim: Claim = { root: shift.tree.root.id, record: record.id };
  shift.session.put(key, claim);
}

/**
 * After a conflict: what was noted after all is sent, and with it the outcome before it was saved; else that is taken
 * again under its pending's id.
 */
export async function carryOn(shift: Shift): Promise<void> {
  const { noted, unsaved } = shift;
  shift.noted = undefined;
  if (noted !== undefined && laneOf(shift).pending?.id === noted.id) await send(shift, noted);
  else if (unsaved !== undefined) await applyAgain(shift, unsaved.pending, unsaved.outcome);
  if (shift.isOver && shift.isDirty) await save(shift);
}

async function applyAgain(shift: Shift, pending: Pending, outcome: WriteOutcome): Promise<void> {
  if (outcome.outcome === 'settled' && pending.change.operation === 'create')
    await meetClaim(shift, pending, outcome.externalId);
  await apply(shift, pending, outcome);
}

/** A claim met on what a creation has made is folded in. */
export async function meetClaim(shift: Shift, pending: Pending, externalId: ExternalId): Promise<void> {
  const { connection, organization } = shift.message;
  const { kind } = pending.change;
  // In one breath: the shorter a decision takes, the seldomer others are quicker.
  const [claim] = await Promise.all([
    shift.session.get<Claim | Tombstone>(claimKey(organization, connection, kind, externalId)),
    kind === 'comment' ? bringChild(shift, pending.record) : undefined,
  ]);
  if (claim === undefined || 'dead' in claim || claim.record === pending.record) return;
  const fold = { younger: claim, olderId: pending.record };
  await foldInto(shift.desk, shift.session, shift.place, { kind, externalId }, fold);
  throw new ConflictError('two records of one object were folded; look again');
}
