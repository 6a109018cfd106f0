import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { CopiesRequest, OpenedCopies } from '../ports/engine.ts';
import type { WorkMessage } from '../ports/runtime.ts';
import { conclude } from './conclude.ts';
import { type Desk, follow, loadRoot, openSession, placesFor, stage, surroundings } from './desk.ts';
import { workOf } from './fan-out.ts';
import { giveAllPlaces } from './gather.ts';
import { recordList } from './keys.ts';
import { lookAnew } from './line.ts';
import { capabilityOf, type Places } from './places.ts';
import { sceneAt, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { EndState, Lane, Root } from './state.ts';

const ATTEMPTS = 3;

/**
 * A page of records older than the connection get their lane there, with their children in line. Newest first, as they
 * are listed: one that changes meanwhile moves ahead of the page, and is met by looking once more from the top.
 */
export async function openCopies(desk: Desk, request: CopiesRequest): Promise<OpenedCopies> {
  const { organization, connection, kind, next, limit, changedSinceMs = 0 } = request;
  const page = await desk.deps.store.page<Root>(recordList(organization, kind), {
    limit,
    ...(next === undefined ? {} : { next }),
  });
  const places = await placesFor(desk, organization);
  const recent = page.items.filter(({ data }) => data.updatedAtMs >= changedSinceMs);
  const met = await Promise.all(
    recent.map(({ data }) => meet(desk, places, { organization, connection, root: data.id })),
  );
  const isOver = page.next === undefined || recent.length < page.items.length;
  const found = (wanted: Met['is']) => met.filter(({ is }) => is === wanted).length;
  return {
    looked: recent.length,
    opened: found('opened'),
    wakes: met.flatMap(({ wake }) => wake ?? []),
    ends: { echo: found('linked'), filtered: found('not-there'), parked: found('parked') },
    ...(isOver ? {} : { next: page.next! }),
  };
}

interface Met {
  readonly is: 'opened' | 'under-way' | 'linked' | 'parked' | 'not-there';
  readonly wake?: WorkMessage;
}
interface Whom {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly root: Root['id'];
}

async function meet(desk: Desk, places: Places, whom: Whom): Promise<Met> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const session = openSession(desk);
      const root = await loadRoot(session, whom.organization, whom.root);
      if (root === undefined || root.id !== whom.root) return { is: 'not-there' };
      const lane = root.lanes[whom.connection];
      return lane === undefined
        ? await open(desk, session, places, { ...whom, root })
        : standingOf(lane, { ...whom, root });
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= ATTEMPTS) throw error;
    }
  }
}

interface Found extends Omit<Whom, 'root'> {
  readonly root: Root;
}

function standingOf(lane: Lane, { organization, connection, root }: Found): Met {
  if (lane.link.externalId !== undefined) return { is: 'linked' };
  if (lane.parked !== undefined || lane.link.parked !== undefined) return { is: 'parked' };
  if (lane.wake === undefined) return { is: 'not-there' };
  const { id: wake, correlation } = lane.wake;
  const begun = correlation === undefined ? {} : { correlation };
  const message = { type: workOf(root.kind), organization, root: root.id, connection, wake, ...begun };
  return { is: 'under-way', wake: message };
}

/** As when its kind was first seen whole; the wake is the caller's to follow. */
async function open(
  desk: Desk,
  session: Session,
  places: Places,
  { organization, connection, root }: Found,
): Promise<Met> {
  const place = places.get(connection);
  // A dead one as well: brought back later, it is to be there too, and no job comes by again.
  const isMeant = root.isFannedOut === true && root.unread === undefined;
  if (place === undefined || !isMeant || capabilityOf(place, root.kind)?.creation === undefined) {
    return { is: 'not-there' };
  }
  const around = surroundings(desk, places);
  const tree = treeOf(root);
  const { lane } = sceneAt(tree, tree.root, place, around);
  if (root.childCount > 0) {
    await giveAllPlaces(desk, organization, root.id);
    tree.unlisted.push(...lookAnew(lane));
  }
  const conclusion = conclude(tree, organization, around);
  const others = conclusion.wakes.filter((order) => order.connection !== connection);
  const aftermath = await stage(session, { ...conclusion, wakes: others }, organization);
  await session.commit();
  await follow(desk, session, aftermath);
  const opened = conclusion.tree.root;
  const standing = standingOf(opened.lanes[connection]!, { organization, connection, root: opened });
  return standing.is === 'under-way' ? { ...standing, is: 'opened' } : standing;
}

/** What has become of a copy that was opened. */
export async function endOfCopy(
  desk: Desk,
  { organization, connection, root: id }: Pick<WorkMessage, 'organization' | 'connection' | 'root'>,
): Promise<EndState | 'open'> {
  const root = await loadRoot(openSession(desk), organization, id);
  const lane = root?.lanes[connection];
  if (root === undefined || lane === undefined) return 'filtered';
  if (root.id !== id) return 'merged';
  if (lane.link.externalId !== undefined) return lane.link.origin === 'ours' ? 'applied' : 'merged';
  if (lane.parked !== undefined || lane.link.parked !== undefined) return 'parked';
  if (lane.wake !== undefined) return 'open';
  if (lane.waitsFor === undefined) return 'filtered';
  // What a file hangs on has had its own end before: there it is set aside, and wakes the file once it is not.
  return root.kind === 'attachment' ? 'parked' : 'open';
}

/** How many there are on a page of them; without their being met. */
export async function countRecords(
  { deps }: Desk,
  { organization, kind, next, limit }: Pick<CopiesRequest, 'organization' | 'kind' | 'next' | 'limit'>,
): Promise<{ readonly count: number; readonly next?: string }> {
  const page = await deps.store.page(recordList(organization, kind), {
    limit,
    ...(next === undefined ? {} : { next }),
  });
  return { count: page.items.length, ...(page.next === undefined ? {} : { next: page.next }) };
}
