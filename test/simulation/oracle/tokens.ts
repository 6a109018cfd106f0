import type { WorkMessage } from '../../../shared/ports/index.ts';
import type { InboxRow } from '../../../shared/sync/inbox-row.ts';
import type { Lane, Root } from '../../../shared/sync/state.ts';
import type { World } from '../world.ts';
import { stateOf } from '../worlds/authorizing.ts';
import { endpointOf } from '../worlds/tokened.ts';
import type { Breach } from './families.ts';

/**
 * Invariant 5, of connections: none is lost to a race of our own functions, and what was refused is told of. By then
 * people have authorized again whatever was parked.
 */
export function connectionsKept(world: World): readonly Breach[] {
  const { sites, chronicle } = world;
  const races = sites.flatMap((site) => {
    const raced = endpointOf(world, site)?.losses.filter((why) => why === 'raced for') ?? [];
    return raced.map(
      () => `${site.vendor.id} was lost: an old refresh token came again while the new one was at hand`,
    );
  });
  const parked = sites.flatMap((site) =>
    endpointOf(world, site) !== undefined && stateOf(world, site) !== 'active'
      ? [`${site.vendor.id} is ${stateOf(world, site)} after it was authorized again`]
      : [],
  );
  const untold = [...chronicle.parkings]
    .filter((id) => !chronicle.published.has(id))
    .map((id) => `${id}: a connection was parked and nobody was told`);
  return [...races, ...chronicle.unparked, ...parked, ...untold].map((what) => ({ invariant: 5, what }));
}

/** What its vendor refuses for good is parked, once somebody has been told so and lived. */
export function noteUnparked(world: World): void {
  for (const site of world.sites) {
    const endpoint = endpointOf(world, site);
    if (endpoint?.revoked === undefined || !endpoint.isRefusalKnown || stateOf(world, site) === 'parked')
      continue;
    world.chronicle.unparked.push(
      `${site.vendor.id} refuses every renewal, and its connection is shown as good`,
    );
  }
}

/** What nobody can go on with until somebody has authorized a connection again. */
export const awaitsGrant = (world: World, { data }: { readonly data: unknown }): boolean =>
  eventAwaitsGrant(world, data as Partial<InboxRow>) || foldAwaitsGrant(world, data as Partial<Root>);

/** The message that such a case is looked at by. */
export function wakeAwaitsGrant(world: World, body: unknown): boolean {
  const {
    organization,
    root: id,
    connection,
    wake,
  } = body as Partial<Extract<WorkMessage, { root: unknown }>>;
  const root = world.store.items().find(({ pk, sk }) => pk === `${organization}#root#${id}` && sk === 'root');
  if (root === undefined || connection === undefined || !awaitsGrant(world, root)) return false;
  return (root.data as Root).lanes[connection]?.wake?.id === wake;
}

/** An event of what may be a comment of ours, whose fate only a look could tell: it is kept open. */
function eventAwaitsGrant(world: World, { connection, inbox, state }: Partial<InboxRow>): boolean {
  if (connection === undefined || inbox === undefined || state !== 'open') return false;
  const site = world.sites.find((each) => each.connection === connection);
  if (site === undefined || stateOf(world, site) !== 'parked') return false;
  return world.store.items().some(({ sk, data: root }) => {
    const lane = sk === 'root' ? (root as Root).lanes[connection] : undefined;
    return lane?.pending !== undefined && lane.waiting?.some((each) => each.inbox === inbox) === true;
  });
}

/**
 * A case that was merged into another's: the two are one record, or, should the other system hold both, are not, which a
 * request in doubt there decides. Until somebody can look it is asked for ever more seldom, and nothing else of it is due.
 */
function foldAwaitsGrant(world: World, { id, lanes }: Partial<Root>): boolean {
  if (lanes === undefined) return false;
  const due = Object.entries(lanes).filter(([, lane]) => lane.wake !== undefined || isDrained(lane));
  return due.length > 0 && due.every(([at, lane]) => !isDrained(lane) && waitsToFold(world, at, id!, lane));
}

const isDrained = ({ drains = [], parked }: Lane): boolean =>
  drains.length > 0 || parked?.drainAtMs !== undefined;

function waitsToFold(world: World, at: string, id: Root['id'], { link, pending }: Lane): boolean {
  const { vendor } = world.sites.find(({ connection }) => connection === at)!;
  const into = link.externalId === undefined ? undefined : vendor.merged.get(link.externalId);
  if (into === undefined || pending !== undefined || link.parked !== undefined) return false;
  const roots = world.store.items().flatMap(({ sk, data }) => (sk === 'root' ? [data as Root] : []));
  const both = roots.filter((root) => root.id === id || root.lanes[at]?.link.externalId === into);
  return both.length > 1 && both.some((root) => isInDoubt(world, root, at));
}

/** Elsewhere, where nobody may look. */
const isInDoubt = (world: World, { lanes }: Root, at: string): boolean =>
  world.sites.some((site) => {
    const { pending } = (site.connection !== at && lanes[site.connection]) || {};
    return pending?.isDoubtful === true && stateOf(world, site) === 'parked';
  });
