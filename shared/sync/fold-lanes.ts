import type { ConnectionId } from '../domain/ids.ts';
import { copyOf } from './copy.ts';
import { claimKey } from './keys.ts';
import { MOST_DRAINS, parkBeside } from './parking.ts';
import type { Place } from './places.ts';
import { type Surroundings, sceneAt, type Tree } from './scene.ts';
import type { Session } from './session.ts';
import { settleWritten } from './settlement.ts';
import type { AnyRecord, Claim, Lane, Link, Pending, Root } from './state.ts';
import { MOST_WAITING } from './waiting.ts';

export interface Where {
  readonly session: Session;
  /** Where the two met. */
  readonly place: Place;
  readonly around: Surroundings;
}

/** The younger's copies, where the older has none, with what leads to them. */
export async function bringLanes(
  tree: Tree,
  given: Root,
  brought: readonly (readonly [connection: string, lane: Lane])[],
  { session, place, around }: Where,
): Promise<void> {
  const { root } = tree;
  const { organization, id: here } = place.connection;
  for (const [id, lane] of brought) {
    const known = root.lanes[id];
    const made = id === here ? known?.pending : undefined;
    const origin = given.unread === undefined && made === undefined ? lane.link.origin : 'ours';
    root.lanes[id] = laneGiven(known, lane, givenTo(known?.link, lane.link, origin));
    if (made !== undefined) settleMade(tree, place, around, made);
    askAnew(tree, root, id, around);
    // What is shared is claimed by whose copy it is.
    if (lane.link.isBorrowed === true) continue;
    const key = claimKey(organization, id as ConnectionId, given.kind, lane.link.externalId!);
    if ((await session.get<Claim>(key)) !== undefined) session.put(key, { root: root.id, record: root.id });
  }
}

/** There is a second copy beside the one that goes on: what people were asked about it is asked of the older. */
export function askAnew(tree: Tree, record: AnyRecord, id: string, around: Surroundings): void {
  const place = around.places.get(id as ConnectionId);
  if (place === undefined) return;
  const scene = sceneAt(tree, record, place, around);
  if (scene.link.besides !== undefined) parkBeside(scene);
}

/** The creation under way has made it, whoever saw it first: its own answer has nothing left to settle. */
function settleMade(tree: Tree, place: Place, around: Surroundings, made: Pending): void {
  // Under way still where the scene is made: it settles by the mapping it was made under.
  tree.root.lanes[place.connection.id]!.pending = made;
  const scene = sceneAt(tree, tree.root, place, around);
  settleWritten(scene, made, { externalId: scene.link.externalId! });
}

/**
 * The copy is the one whose creation was in doubt: what was asked for then is what was sent, and what differs from it at
 * the read is somebody's edit, though the younger has got it. Whatever it was set aside for as another record's, it is
 * read now; and should it have died as such and not be seen, this record dies with it.
 */
export function givenTo(older: Link | undefined, link: Link, origin: Link['origin']): Link {
  const asked = older?.creations?.at(-1);
  const { parked: _parked, absences: _absences, dead, ...copy } = copyOf(link);
  const doomed = dead === undefined ? {} : { doomed: dead };
  const given: Link = { ...copy, ...formerOf(older, link), ...doomed, origin, needsRead: true };
  if (asked === undefined) return given;
  const got = Object.fromEntries(Object.entries(link.got).filter(([field]) => !(field in asked)));
  return { ...given, sent: { ...asked }, got };
}

/** What either copy came after, of which much may be told late, whichever of the two goes on. */
export function formerOf(older: Link | undefined, link: Link): Pick<Link, 'former' | 'ends'> {
  const former = ofBoth(older?.former, link.former);
  const ends = { ...older?.ends, ...link.ends };
  if (former === undefined) return {};
  return Object.keys(ends).length === 0 ? { former } : { former, ends };
}

/** What is told of under either copy is looked for among all who share the one or the other. */
function sharersOf(older: Link, link: Link): Pick<Link, 'sharers'> {
  const sharers = ofBoth(older.sharers, link.sharers);
  return sharers === undefined ? {} : { sharers };
}

function ofBoth<Id>(some: readonly Id[] = [], more: readonly Id[] = []): Id[] | undefined {
  const all = new Set([...some, ...more]);
  return all.size === 0 ? undefined : [...all];
}

/** What people were asked about beside the younger's copy stands beside the older's, where that has one and is another. */
export function besidesOf(older: Link | undefined, link: Link): Pick<Link, 'besides'> {
  if (older?.externalId === undefined) return {};
  const besides = ofBoth(older.besides, link.besides)?.filter((each) => each !== older.externalId) ?? [];
  return besides.length === 0 ? {} : { besides };
}

/** Where the older's own copy stays: what the younger's came after, who shares that, and what stands beside it. */
export function bringFormer(tree: Tree, given: Root, around: Surroundings): void {
  for (const [id, { link }] of Object.entries(given.lanes)) {
    const known = tree.root.lanes[id]?.link;
    if (known === undefined) continue;
    Object.assign(known, formerOf(known, link), sharersOf(known, link), besidesOf(known, link));
    askAnew(tree, tree.root, id, around);
  }
}

/** What was asked for under the younger's copy may turn up under the older's, moved there by whoever made one of two. */
export function bringDoubt({ lanes }: Root, given: Root): void {
  for (const [id, { doubtful }] of Object.entries(given.lanes)) {
    const known = lanes[id];
    if (known === undefined || doubtful === undefined) continue;
    const moved = known.link.externalId === undefined ? {} : { wasMoved: true as const };
    known.doubtful = [...(known.doubtful ?? []), ...doubtful.map((each) => ({ ...each, ...moved }))];
  }
}

/** What was said in the younger and is out of sight there is looked for by the older's lanes from now on. */
export function bringDrains({ lanes }: Root, given: Root): void {
  for (const [id, { drains }] of Object.entries(given.lanes)) {
    const known = lanes[id];
    if (known === undefined || drains === undefined) continue;
    const brought = drains.filter(({ record }) => record !== given.id);
    known.drains = [...(known.drains ?? []), ...brought].slice(0, MOST_DRAINS);
  }
}

/** What came while the younger's creation was under way keeps its order there; who finds no room is sent again. */
export function bringWaiting({ lanes }: Root, given: Root): void {
  for (const [id, { waiting }] of Object.entries(given.lanes)) {
    const known = lanes[id];
    if (known === undefined || waiting === undefined) continue;
    known.waiting = [...(known.waiting ?? []), ...waiting].slice(0, MOST_WAITING);
  }
}

/** Who stood in the younger's line is looked at anew once all of them are here. */
function laneGiven(known: Lane | undefined, given: Lane, link: Link): Lane {
  const { pending: _pending, ...rest } = known ?? given;
  if (known !== undefined) return { ...rest, link };
  const { beyond: _beyond, hasSleepers: _sleepers, ...lane } = rest;
  return { ...lane, link, behind: [] };
}
