import type { ExternalId, OrganizationId, RecordId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Observation } from '../ports/mapping.ts';
import { copyOf } from './copy.ts';
import { forgetCreating } from './creating.ts';
import {
  type Desk,
  follow,
  loadChild,
  loadRoot,
  openSession,
  placementOf,
  placesFor,
  stageUnlisted,
  surroundings,
} from './desk.ts';
import { raiseWants } from './fan-out.ts';
import { ATTACHED, attachedKey, childKey, claimKey, parkedKey, rootKey, rootOf, rootPk } from './keys.ts';
import type { Place } from './places.ts';
import { type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import { wakeDependent } from './shift.ts';
import type { Child, Claim, Link, Parked, Root } from './state.ts';

interface Fold {
  readonly younger: Claim;
  readonly olderId: RecordId;
}

/**
 * Two records turned out to be one object's: the younger gives its claim, its copies and its children to the
 * older, and stays behind as a signpost. Where both have a copy in one connection, the older's own stays.
 */
export async function foldInto(
  desk: Desk,
  session: Session,
  place: Place,
  o: Pick<Observation, 'kind' | 'externalId'>,
  { younger, olderId }: Fold,
): Promise<void> {
  const { organization } = place.connection;
  const tree =
    o.kind === 'comment'
      ? await foldChild(session, organization, place, o.externalId, younger, olderId)
      : await foldRoot(desk, session, organization, place, younger, olderId);
  const { root } = tree;
  const wakes = raiseWants(tree, surroundings(desk, await placesFor(desk, organization)));
  for (const child of tree.children.values()) session.put(childKey(organization, root.id, child.id), child);
  await stageUnlisted(session, tree, organization);
  session.put(rootKey(organization, root.id), root, placementOf(root, organization));
  await session.commit();
  await follow(desk, session, { organization, wakes, outbox: [] });
  await wakeThoseOf(desk, organization, younger.root);
}

/** Whoever waited for a copy of the younger finds the older by its signpost, and waits for that one's. */
async function wakeThoseOf(desk: Desk, organization: OrganizationId, younger: RecordId): Promise<void> {
  const given = await openSession(desk).get<Root>(rootKey(organization, younger));
  if (given?.foldedInto === undefined) return;
  const places = await placesFor(desk, organization);
  for (const each of given.dependents ?? []) await wakeDependent(desk, places, organization, each, undefined);
}

/** Of the hundred writes of one commit, those that are left for children and their claims. */
const WRITES_FOR_CHILDREN = 80;

/** Whether all that is said in this record finds room in the one commit of a fold. */
export async function fitsOneFold(desk: Desk, organization: OrganizationId, { id }: Root): Promise<boolean> {
  const some = { prefix: 'child#', limit: WRITES_FOR_CHILDREN / 2 + 1 };
  const items = await desk.deps.store.list<Child>(rootPk(organization, id), some);
  const claims = items
    .flatMap(({ data }) => Object.values(data.links))
    .filter(({ externalId }) => externalId);
  return 2 * items.length + claims.length <= WRITES_FOR_CHILDREN;
}

async function foldChild(
  session: Session,
  organization: OrganizationId,
  place: Place,
  externalId: ExternalId,
  younger: Claim,
  olderId: RecordId,
): Promise<Tree> {
  const root = await loadRoot(session, organization, rootOf(olderId));
  if (root === undefined) throw new ConflictError('the record a mark names is gone');
  const older = await loadChild(session, organization, root.id, olderId);
  const given = await loadChild(session, organization, younger.root, younger.record);
  if (older === undefined || given === undefined) throw new ConflictError('a record to fold is gone');
  const claim: Claim = { root: root.id, record: olderId };
  await session.get(claimKey(organization, place.connection.id, 'comment', externalId));
  session.put(claimKey(organization, place.connection.id, 'comment', externalId), claim);
  await endDoubt(session, organization, older.links[place.connection.id]);
  for (const { parked } of Object.values(given.links)) await takeDown(session, organization, parked);
  const deleted = { atMs: 0, source: 'hub' } as const;
  const { unread: _unread, ...rest } = given;
  session.put(childKey(organization, given.root, given.id), {
    ...rest,
    links: {},
    deleted,
    foldedInto: olderId,
  });
  const links = mergedLinks(older.links, given.links);
  const tree = treeOf(root, [{ ...older, links }]);
  for (const [id, lane] of Object.entries(tree.root.lanes)) {
    lane.behind = lane.behind.filter((behind) => behind.id !== given.id);
    if (lane.drains !== undefined) lane.drains = lane.drains.filter(({ record }) => record !== given.id);
    if (lane.doubtful === undefined || links[id]?.externalId === undefined) continue;
    lane.doubtful = lane.doubtful.filter(({ record }) => record !== olderId);
  }
  return tree;
}

/** A creation in doubt is in doubt no more: its object has been found. */
const endDoubt = (session: Session, organization: OrganizationId, link: Link | undefined): Promise<void> =>
  takeDown(session, organization, link?.externalId === undefined ? link?.parked : undefined);

async function takeDown(
  session: Session,
  organization: OrganizationId,
  parked: Parked | undefined,
): Promise<void> {
  if (parked === undefined) return;
  const key = parkedKey(organization, parked.id);
  await session.get(key);
  session.remove(key);
}

function mergedLinks(
  older: Readonly<Record<string, Link>>,
  younger: Readonly<Record<string, Link>>,
): Record<string, Link> {
  const links: Record<string, Link> = { ...older };
  for (const [id, link] of Object.entries(younger)) {
    if (link.externalId === undefined) continue;
    if (links[id]?.externalId === undefined) links[id] = givenTo(links[id], link, 'ours');
  }
  return links;
}

/**
 * The copy is the one whose creation was in doubt: what was asked for then is what was sent. Whatever it was set aside
 * for as another record's, it is read now.
 */
function givenTo(older: Link | undefined, link: Link, origin: Link['origin']): Link {
  const asked = older?.superseded?.at(-1);
  const { parked: _parked, absences: _absences, ...copy } = link;
  return { ...copy, origin, needsRead: true, ...(asked === undefined ? {} : { sent: { ...asked } }) };
}

async function foldRoot(
  desk: Desk,
  session: Session,
  organization: OrganizationId,
  place: Place,
  younger: Claim,
  olderId: RecordId,
): Promise<Tree> {
  const older = await loadRoot(session, organization, olderId);
  const given = await loadRoot(session, organization, younger.root);
  if (older === undefined || given === undefined || older.id === given.id) {
    throw new ConflictError('a record to fold is gone');
  }
  const tree = treeOf(older);
  const { root } = tree;
  await endDoubt(session, organization, root.lanes[place.connection.id]?.link);
  for (const { link } of Object.values(given.lanes)) await takeDown(session, organization, link.parked);
  await forgetCreating(session, place, root.kind, root.id);
  for (const [id, lane] of Object.entries(given.lanes)) {
    const known = root.lanes[id];
    if (lane.link.externalId === undefined || known?.link.externalId !== undefined) continue;
    const { pending: _pending, ...rest } = known ?? lane;
    const origin = given.unread === undefined ? lane.link.origin : 'ours';
    root.lanes[id] = { ...rest, link: givenTo(known?.link, lane.link, origin) };
    const key = claimKey(organization, id as never, given.kind, lane.link.externalId);
    if ((await session.get<Claim>(key)) !== undefined) session.put(key, { root: root.id, record: root.id });
  }
  for (const child of await moveChildren(desk, session, organization, given, root)) {
    tree.children.set(child.id, child);
  }
  await moveAttached(desk, session, organization, given, root);
  const signpost: Root = { ...given, lanes: {}, foldedInto: root.id };
  session.put(rootKey(organization, given.id), signpost, placementOf(signpost, organization));
  return tree;
}

async function moveAttached(
  desk: Desk,
  session: Session,
  organization: OrganizationId,
  from: Root,
  to: Root,
): Promise<void> {
  const items = await desk.deps.store.list<{ id: RecordId }>(rootPk(organization, from.id), {
    prefix: ATTACHED,
  });
  for (const item of items) {
    const { id } = session.meet(item);
    session.remove({ pk: item.pk, sk: item.sk });
    session.put(attachedKey(organization, to.id, id), { id });
  }
}

async function moveChildren(
  desk: Desk,
  session: Session,
  organization: OrganizationId,
  from: Root,
  to: Root,
): Promise<Child[]> {
  const items = await desk.deps.store.list<Child>(rootPk(organization, from.id), { prefix: 'child#' });
  const moved: Child[] = [];
  for (const item of items) {
    const child = session.meet(item);
    session.remove({ pk: item.pk, sk: item.sk });
    for (const [connection, link] of Object.entries(child.links)) {
      if (link.externalId === undefined) continue;
      const key = claimKey(organization, connection as never, 'comment', link.externalId);
      await session.get<Claim>(key);
      session.put(key, { root: to.id, record: child.id } satisfies Claim);
    }
    moved.push({ ...copyOf(child), root: to.id });
  }
  return moved;
}
