import type { ExternalId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import { loadRoot } from './desk.ts';
import { foldInto } from './fold.ts';
import { claimKey, parkedKey } from './keys.ts';
import { actorOf, newLink, setValue } from './scene.ts';
import { around, laneOf, organizationOf, type Shift, sceneOf } from './shift.ts';
import type { Claim, Root, Tombstone } from './state.ts';

/**
 * The vendor merged this record's object into another of its kind: the link follows what goes on. Nobody knows that
 * one yet: it is this record's copy now. It is another record's, and no other system holds both: the two are one. Else
 * each keeps its own conversation; what is said in this one goes on to the object they share, and its ticket is closed.
 */
export async function meetSurvivor(shift: Shift, record: Root, survivor: ExternalId): Promise<void> {
  const { session, message } = shift;
  const organization = organizationOf(shift);
  const keyOf = (id: ExternalId) => claimKey(organization, message.connection, record.kind, id);
  const held = await session.get<Claim | Tombstone>(keyOf(survivor));
  await bury(shift, record);
  const other =
    held === undefined || 'dead' in held ? undefined : await loadRoot(session, organization, held.root);
  shift.isDirty = true;
  if (other === undefined || other.id === record.id) {
    session.put(keyOf(survivor), { root: record.id, record: record.id } satisfies Claim);
    laneOf(shift).link = {
      ...newLink('theirs'),
      externalId: survivor,
      linkedAtMs: around(shift).nowMs,
      needsRead: true,
    };
    return;
  }
  if (holdsBoth(shift, record, other)) return share(shift, record, survivor);
  const fold = { younger: { root: record.id, record: record.id }, olderId: other.id };
  await foldInto(shift.desk, session, shift.place, { kind: record.kind, externalId: survivor }, fold);
  throw new ConflictError('two records of one object were folded; look again');
}

/** Late events of the object that is gone are about nothing any more, and so are questions to people. */
async function bury(shift: Shift, { kind }: Root): Promise<void> {
  const { externalId, asked } = laneOf(shift).link;
  for (const { id } of Object.values(asked ?? {})) {
    // A fold saves another tree than this one, in the same session.
    shift.session.removeOnce(parkedKey(organizationOf(shift), id));
    shift.tree.unparked.push(id);
  }
  if (externalId === undefined) return;
  const key = claimKey(organizationOf(shift), shift.message.connection, kind, externalId);
  await shift.session.get(key);
  shift.session.put(key, { dead: { atMs: around(shift).nowMs } } satisfies Tombstone);
}

function holdsBoth({ message }: Shift, record: Root, other: Root): boolean {
  return Object.entries(record.lanes).some(
    ([id, { link }]) =>
      id !== message.connection &&
      link.externalId !== undefined &&
      other.lanes[id]?.link.externalId !== undefined,
  );
}

function share(shift: Shift, record: Root, survivor: ExternalId): void {
  const { nowMs } = around(shift);
  const link = { ...newLink('theirs'), externalId: survivor, linkedAtMs: nowMs };
  laneOf(shift).link = { ...link, isBorrowed: true, mergedInto: survivor };
  if (record.kind !== 'ticket') return;
  const { place, tree } = sceneOf(shift, record);
  const provenance = { fromMs: nowMs, toMs: nowMs, source: place.connection.id, actor: actorOf(place) };
  setValue(tree, record, 'status', 'closed', provenance);
}
