import type { ExternalId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import { fill } from './creation.ts';
import { loadRoot } from './desk.ts';
import { foldInto } from './fold.ts';
import { claimKey } from './keys.ts';
import { seenOf } from './merge.ts';
import { around, organizationOf, rewake, type Shift, sceneOf } from './shift.ts';
import type { AnyRecord, Claim } from './state.ts';
import { TIMING } from './timing.ts';

/**
 * Looks for an object at the vendor that is this contact already. The e-mail address is claimed before anything
 * is made for it, so that two contacts of one person cannot both make a copy.
 */
export async function meetMatch(shift: Shift, record: AnyRecord): Promise<void> {
  const found = await shift.integration.match?.(record.kind, record.fields);
  if (found === undefined) {
    if (await claimsAddress(shift, record)) shift.progress = { ...shift.progress, unmatched: record.id };
    else await rewake(shift, around(shift).nowMs + TIMING.matchAgainMs);
    return;
  }
  const { externalId } = found;
  const key = claimKey(organizationOf(shift), shift.message.connection, record.kind, externalId);
  const claim = await shift.session.get<Claim>(key);
  const { link } = sceneOf(shift, record);
  if (claim !== undefined && claim.record !== record.id) return meetOther(shift, record, externalId, claim);
  shift.session.put(key, { root: record.id, record: record.id } satisfies Claim);
  Object.assign(link, { origin: 'theirs', externalId, linkedAtMs: around(shift).nowMs });
  fill(sceneOf(shift, record), seenOf(found), undefined);
  shift.isDirty = true;
  return undefined;
}

/** The object is another contact's copy: both are one person, unless each has a copy of its own elsewhere. */
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
  const { link } = sceneOf(shift, record);
  Object.assign(link, { origin: 'theirs', externalId, isBorrowed: true, linkedAtMs: around(shift).nowMs });
  shift.isDirty = true;
}

async function claimsAddress(shift: Shift, record: AnyRecord): Promise<boolean> {
  const { email } = record.fields;
  if (typeof email !== 'string' || email === '') return true;
  const address = `address:${email.trim().toLowerCase()}` as ExternalId;
  const key = claimKey(organizationOf(shift), shift.message.connection, 'contact', address);
  const claim = await shift.session.get<Claim>(key);
  if (claim === undefined) {
    shift.session.put(key, { root: record.id, record: record.id } satisfies Claim);
    return true;
  }
  return claim.record === record.id;
}
