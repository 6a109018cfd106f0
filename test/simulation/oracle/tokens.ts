import type { InboxRow } from '../../../shared/sync/inbox-row.ts';
import type { Root } from '../../../shared/sync/state.ts';
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

/**
 * An event of what may be a comment of ours, whose fate only a look could tell: it is kept open until somebody has
 * authorized its connection again.
 */
export function awaitsGrant(world: World, { data }: { readonly data: unknown }): boolean {
  const { connection, inbox, state } = data as Partial<InboxRow>;
  if (connection === undefined || inbox === undefined || state !== 'open') return false;
  const site = world.sites.find((each) => each.connection === connection);
  if (site === undefined || stateOf(world, site) !== 'parked') return false;
  return world.store.items().some(({ sk, data: root }) => {
    const lane = sk === 'root' ? (root as Root).lanes[connection] : undefined;
    return lane?.pending !== undefined && lane.waiting?.some((each) => each.inbox === inbox) === true;
  });
}
