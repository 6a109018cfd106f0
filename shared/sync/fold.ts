import type { ExternalId, OrganizationId, RecordId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Observation } from '../ports/mapping.ts';
import { conclude } from './conclude.ts';
import { forgetCreating } from './creating.ts';
import { leaveToItself } from './dependents.ts';
import {
  type Desk,
  follow,
  loadChild,
  loadRoot,
  openSession,
  placementOf,
  placesFor,
  stage,
  surroundings,
} from './desk.ts';
import { bringDependents, handOn } from './fold-dependents.ts';
import {
  askAnew,
  besidesOf,
  bringDoubt,
  bringDrains,
  bringFormer,
  bringLanes,
  bringWaiting,
  formerOf,
  givenTo,
  type Where,
} from './fold-lanes.ts';
import { keepValues } from './fold-values.ts';
import { bringOver, endGathering, giveAllPlaces } from './gather.ts';
import { childKey, claimKey, parkedKey, rootKey, rootOf } from './keys.ts';
import type { Place } from './places.ts';
import { newLink, type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { Child, Claim, Dependent, Link, Parked, Root, Tombstone } from './state.ts';
import { claimKeysOf, formerKeysOf } from './take-over.ts';

interface Fold {
  readonly younger: Claim;
  readonly olderId: RecordId;
}

/** To be kept, once those the older has no room for look for its copy themselves. */
interface Folded {
  readonly tree: Tree;
  readonly leftOut: readonly Dependent[];
}

/** Pages brought over at once by whoever folds; the rest of a long conversation is left to a worker of the older. */
const PAGES_AT_ONCE = 5;

/**
 * Two records turned out to be one object's: the younger gives its claim, its copies and its children to the
 * older, and stays behind as a signpost. Where both have a copy in one connection, the older's own stays.
 */
export async function foldInto(
  desk: Desk,
  session: Session,
  place: Place,
  o: Pick<Observation, 'kind' | 'externalId'>,
  fold: Fold,
): Promise<void> {
  const { organization } = place.connection;
  const around = surroundings(desk, await placesFor(desk, organization));
  const where = { session, place, around };
  const { tree, leftOut } =
    o.kind === 'comment' ? await foldChild(where, o.externalId, fold) : await foldRoot(desk, where, fold);
  for (const each of leftOut) await leaveToItself({ desk, places: around.places, organization }, each);
  await keep(desk, session, tree, organization);
  if (tree.root.givers !== undefined) await gatherSome(desk, organization, tree.root);
}

async function keep(desk: Desk, session: Session, tree: Tree, organization: OrganizationId): Promise<void> {
  const around = surroundings(desk, await placesFor(desk, organization));
  const aftermath = await stage(session, conclude(tree, organization, around), organization);
  await session.commit();
  // Should anything fail from here on, a worker would save the younger as it had read it.
  session.end();
  await follow(desk, session, aftermath);
}

async function gatherSome(desk: Desk, organization: OrganizationId, { id }: Root): Promise<void> {
  const session = openSession(desk);
  const root = await loadRoot(session, organization, id);
  if (root === undefined) return;
  for (let page = 0; await bringOver(desk, organization, root); page += 1) if (page >= PAGES_AT_ONCE) return;
  const tree = treeOf(root);
  endGathering(tree);
  await keep(desk, session, tree, organization);
}

async function foldChild(
  { session, place, around }: Where,
  externalId: ExternalId,
  { younger, olderId }: Fold,
): Promise<Folded> {
  const { organization } = place.connection;
  const [root, from] = await Promise.all([
    loadRoot(session, organization, rootOf(olderId)),
    loadRoot(session, organization, younger.root),
  ]);
  if (root === undefined || from === undefined) throw new ConflictError('the record a mark names is gone');
  const older = await loadChild(session, organization, root, olderId);
  const given = await loadChild(session, organization, from, younger.record);
  if (older === undefined || given === undefined) throw new ConflictError('a record to fold is gone');
  const links = mergedLinks(older.links, given.links);
  const brought = Object.entries(given.links).filter(
    ([id, { externalId }]) => externalId !== undefined && links[id]?.externalId === externalId,
  );
  const isBrought = (id: string) => brought.some(([each]) => each === id);
  const claim: Claim = { root: root.id, record: olderId };
  for (const key of [
    claimKey(organization, place.connection.id, 'comment', externalId),
    ...claimKeysOf(organization, brought),
  ]) {
    await session.get(key);
    session.put(key, claim);
  }
  for (const key of formerKeysOf(organization, given.links)) {
    const held = await session.get<Claim | Tombstone>(key);
    if (held !== undefined && !('dead' in held) && held.record === given.id) session.put(key, claim);
  }
  for (const id of [place.connection.id, ...brought.map(([each]) => each)])
    await endDoubt(session, organization, older.links[id]);
  for (const each of Object.entries(given.links).flatMap(([id, link]) => setAsideOf(link, isBrought(id))))
    await takeDown(session, organization, each);
  const deleted = { atMs: 0, source: 'hub' } as const;
  const { unread: _unread, ...rest } = given;
  const signpost: Child = { ...rest, links: {}, deleted, foldedInto: olderId };
  session.put(childKey(organization, given.root, given.id), signpost);
  const tree = treeOf(root, [{ ...older, links }]);
  for (const [id, lane] of Object.entries(tree.root.lanes)) {
    lane.behind = lane.behind.filter((behind) => behind.id !== given.id);
    if (lane.drains !== undefined) lane.drains = lane.drains.filter(({ record }) => record !== given.id);
    if (lane.doubtful === undefined || links[id]?.externalId === undefined) continue;
    lane.doubtful = lane.doubtful.filter(({ record }) => record !== olderId);
  }
  const child = tree.children.get(older.id)!;
  for (const id of Object.keys(links)) askAnew(tree, child, id, around);
  keepValues(tree, child, given, around);
  const leftOut = handOn(session, organization, tree.root, { from, given: given.id, olderId });
  return { tree, leftOut };
}

/** Why a copy of the younger's was not written is looked at anew; what else was asked about it goes on with it. */
const setAsideOf = ({ parked, asked = {} }: Link, isBrought: boolean): readonly (Parked | undefined)[] =>
  isBrought ? [parked] : [parked, ...Object.values(asked)];

/** A creation in doubt is in doubt no more, and one refused is made: its object has been found. */
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
    const known = links[id];
    if (link.externalId !== undefined && known?.externalId === undefined)
      links[id] = givenTo(known, link, 'ours');
    else if (link.former !== undefined || link.besides !== undefined)
      links[id] = { ...(known ?? newLink('ours')), ...formerOf(known, link), ...besidesOf(known, link) };
  }
  return links;
}

async function foldRoot(desk: Desk, where: Where, { younger, olderId }: Fold): Promise<Folded> {
  const { session, place, around } = where;
  const { organization } = place.connection;
  const older = await loadRoot(session, organization, olderId);
  const given = await loadRoot(session, organization, younger.root);
  if (older === undefined || given === undefined || older.id === given.id) {
    throw new ConflictError('a record to fold is gone');
  }
  const tree = treeOf(older);
  const { root } = tree;
  const brought = Object.entries(given.lanes).filter(
    ([id, { link }]) => link.externalId !== undefined && root.lanes[id]?.link.externalId === undefined,
  );
  await endSetAside(where, root, given, new Set(brought.map(([id]) => id)));
  await forgetCreating(session, place, root.kind, root.id);
  // What was said in the older so far stands in none of the lines that come with the younger.
  if (root.childCount > 0 && brought.some(([id]) => root.lanes[id] === undefined))
    await giveAllPlaces(desk, organization, root.id);
  bringDoubt(root, given);
  bringFormer(tree, given, around);
  bringDrains(root, given);
  bringWaiting(root, given);
  await bringLanes(tree, given, brought, where);
  keepValues(tree, root, given, around);
  inherit(root, given);
  const leftOut = bringDependents(root, given);
  const { givers: _givers, dependents: _dependents, ...rest } = given;
  const signpost: Root = { ...rest, lanes: {}, foldedInto: root.id };
  session.put(rootKey(organization, given.id), signpost, placementOf(signpost, organization));
  return { tree, leftOut };
}

async function endSetAside(
  { session, place }: Where,
  root: Root,
  given: Root,
  brought: ReadonlySet<string>,
): Promise<void> {
  const { id: here, organization } = place.connection;
  for (const id of new Set([here, ...brought])) await endDoubt(session, organization, root.lanes[id]?.link);
  for (const [id, { link, parked }] of Object.entries(given.lanes)) {
    const isLaneBrought = brought.has(id) && root.lanes[id] === undefined;
    for (const each of [...setAsideOf(link, brought.has(id)), isLaneBrought ? undefined : parked])
      await takeDown(session, organization, each);
  }
}

/** What is said in the younger. */
function inherit(root: Root, given: Root): void {
  root.childCount += given.childCount;
  if (given.kind === 'ticket') root.givers = [...(root.givers ?? []), given.id, ...(given.givers ?? [])];
  for (const [source, newest] of Object.entries(given.newest ?? {})) {
    const known = root.newest?.[source];
    const isNewer =
      known === undefined ||
      (newest.order === undefined || known.order === undefined
        ? newest.atMs > known.atMs
        : newest.order > known.order);
    if (isNewer) root.newest = { ...root.newest, [source]: newest };
  }
}
