import { identityOf } from '../domain/identity.ts';
import type { ExternalId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Observation } from '../ports/mapping.ts';
import { forgetCreating } from './creating.ts';
import { fill } from './creation.ts';
import { loadRoot } from './desk.ts';
import { foldInto } from './fold.ts';
import { makerOf } from './identify.ts';
import { claimKey, type Key } from './keys.ts';
import { meetReferred, rememberSeen } from './look.ts';
import { seenOf } from './merge.ts';
import { adopt } from './observe.ts';
import { park } from './parking.ts';
import { around, organizationOf, rewake, type Shift, sceneOf } from './shift.ts';
import type { AnyRecord, Claim, Root } from './state.ts';
import { TIMING } from './timing.ts';

/** Looks for an object at the vendor that is this contact or account already, unless another such is being made. */
export async function meetMatch(shift: Shift, record: AnyRecord): Promise<void> {
  const holder = await otherHolder(shift, record);
  if (holder !== undefined && isMaking(shift, holder)) return waitFor(shift, record, holder);
  const found = await shift.integration.match?.(record.kind, record.fields);
  if (found === undefined) return meetNobody(shift, record, holder);
  const { externalId } = found;
  const key = claimKey(organizationOf(shift), shift.message.connection, record.kind, externalId);
  const claim = await shift.session.get<Claim>(key);
  const { link, lane } = sceneOf(shift, record);
  if (claim !== undefined && claim.record !== record.id) return meetOther(shift, record, externalId, claim);
  shift.session.put(key, { root: record.id, record: record.id } satisfies Claim);
  lane.attempts = 0;
  shift.isDirty = true;
  if (await isOurs(shift, record, found)) return takeOwn(shift, record, found);
  Object.assign(link, { origin: 'theirs', externalId, linkedAtMs: around(shift).nowMs });
  const remote = { state: 'present', observation: found } as const;
  const scene = await meetReferred(shift, sceneOf(shift, record), remote);
  fill(scene, seenOf(found), undefined);
  rememberSeen(scene, remote);
  return undefined;
}

/** A creation given up, or sent twice, has made it after all. */
async function isOurs(
  { desk, session, place }: Shift,
  { id }: AnyRecord,
  found: Observation,
): Promise<boolean> {
  return (await makerOf(desk, session, place, found, undefined)) === id;
}

async function takeOwn(shift: Shift, record: AnyRecord, found: Observation): Promise<void> {
  await forgetCreating(shift.session, shift.place, record.kind, record.id);
  adopt(sceneOf(shift, record), found);
}

/** The object is another record's copy: both are one person, or one company, unless each has a copy of its own elsewhere. */
async function meetOther(
  shift: Shift,
  record: AnyRecord,
  externalId: ExternalId,
  claim: Claim,
): Promise<void> {
  const older = await loadRoot(shift.session, organizationOf(shift), claim.root);
  const own = Object.entries(shift.tree.root.lanes).filter(([, lane]) => lane.link.externalId !== undefined);
  const clashes = own.some(([id]) => older?.lanes[id]?.link.externalId !== undefined);
  if (older !== undefined && !clashes) {
    const younger: Claim = { root: record.id, record: record.id };
    const fold = { younger, olderId: older.id };
    await foldInto(shift.desk, shift.session, shift.place, { kind: record.kind, externalId }, fold);
    throw new ConflictError('two records of one object were folded; look again');
  }
  const { link, lane } = sceneOf(shift, record);
  Object.assign(link, { origin: 'theirs', externalId, isBorrowed: true, linkedAtMs: around(shift).nowMs });
  lane.attempts = 0;
  shift.isDirty = true;
}

/**
 * Nobody there has the address. A copy is made under a claim to it, by one record at a time: two of one person, or
 * of one company, must not both make one (invariant 4).
 */
async function meetNobody(shift: Shift, record: AnyRecord, holder: Root | undefined): Promise<void> {
  if (holder !== undefined && !isGivenUp(shift, record, holder)) return waitFor(shift, record, holder);
  const key = addressKey(shift, record);
  // Put again where it is ours already: whoever takes it over meanwhile must meet this commit.
  if (key !== undefined) shift.session.put(key, { root: record.id, record: record.id } satisfies Claim);
  shift.progress = { ...shift.progress, unmatched: record.id };
}

function addressOf({ kind, fields }: AnyRecord): ExternalId | undefined {
  const identity = identityOf(kind, fields);
  return identity === undefined ? undefined : (`address:${identity}` as ExternalId);
}

function addressKey(shift: Shift, record: AnyRecord): Key | undefined {
  const address = addressOf(record);
  return address && claimKey(organizationOf(shift), shift.message.connection, record.kind, address);
}

/** The other record that has claimed the address, or the older one it was folded into. */
async function otherHolder(shift: Shift, record: AnyRecord): Promise<Root | undefined> {
  const key = addressKey(shift, record);
  const claim = key && (await shift.session.get<Claim>(key));
  let holder = claim && (await loadRoot(shift.session, organizationOf(shift), claim.root));
  while (holder?.foldedInto !== undefined)
    holder = await loadRoot(shift.session, organizationOf(shift), holder.foldedInto);
  return holder?.id === record.id ? undefined : holder;
}

function isMaking({ message }: Shift, holder: Root): boolean {
  return holder.lanes[message.connection]?.pending?.change.operation === 'create';
}

/**
 * The holder makes no copy of its own accord any more, and nothing it has sent can still land: its claim may be
 * taken over. Should it go on later it finds its claim gone, and then the other's copy.
 */
function isGivenUp({ message }: Shift, record: AnyRecord, holder: Root): boolean {
  const lane = holder.lanes[message.connection];
  const parked = [lane?.link.parked, lane?.parked].filter((each) => each !== undefined);
  if (parked.some(({ cause }) => cause === 'doubtful')) return false;
  if (lane === undefined || holder.deleted !== undefined || lane.link.dead !== undefined) return true;
  if (addressOf(holder) !== addressOf(record)) return true;
  return lane.link.externalId === undefined && (parked.length > 0 || lane.wake === undefined);
}

/** Ever more seldom, and not for ever: a copy the vendor does not find is shared at last, one never made parks. */
async function waitFor(shift: Shift, record: AnyRecord, holder: Root): Promise<void> {
  const scene = sceneOf(shift, record);
  const { lane, around: now } = scene;
  lane.attempts += 1;
  if (lane.attempts <= TIMING.maxAttempts)
    return rewake(shift, now.nowMs + TIMING.matchAgainMs * 2 ** (lane.attempts - 1));
  const { link, parked } = holder.lanes[shift.message.connection]!;
  shift.isDirty = true;
  if (link.externalId !== undefined)
    return meetOther(shift, record, link.externalId, { root: holder.id, record: holder.id });
  const isDoubtful = link.parked?.cause === 'doubtful' || parked?.cause === 'doubtful';
  const reason = `another ${record.kind} of this address is being made there, and nobody knows yet what became of it`;
  park(scene, { cause: isDoubtful ? 'doubtful' : 'unavailable', reason, fault: 'vendor' });
}
