import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import { type Desk, follow, loadRoot, openSession, placementOf, placesFor, surroundings } from './desk.ts';
import { pagesUnder } from './every-item.ts';
import { wakeAt } from './fan-out.ts';
import { ATTACHED, rootKey, rootPk } from './keys.ts';
import type { Places } from './places.ts';
import { treeOf } from './scene.ts';
import type { Unlisted } from './state.ts';

const PAGE = 20;

/**
 * A ticket that two others became may have a copy where the one of them was to have none: what hangs in it is looked at
 * anew. Each file is written, so that who has just decided by the ticket as it was before looks again.
 */
export async function lookAtFilesAnew(
  desk: Desk,
  organization: OrganizationId,
  ticket: RecordId,
): Promise<void> {
  const places = await placesFor(desk, organization);
  const hung = { prefix: ATTACHED, limit: PAGE };
  for await (const items of pagesUnder<Unlisted>(desk.deps.store, rootPk(organization, ticket), hung))
    await Promise.all(items.map(({ data: { id } }) => wakeAnew(desk, organization, places, id)));
}

async function wakeAnew(
  desk: Desk,
  organization: OrganizationId,
  places: Places,
  file: RecordId,
): Promise<void> {
  const session = openSession(desk);
  const root = await loadRoot(session, organization, file);
  if (root === undefined) return;
  const tree = treeOf(root);
  const around = surroundings(desk, places);
  const wakes = Object.entries(tree.root.lanes).flatMap(([id, lane]) => {
    const place = places.get(id as ConnectionId);
    if (place === undefined || lane.link.externalId !== undefined || (lane.parent ?? null) !== null)
      return [];
    delete lane.parent;
    return [wakeAt(tree, lane, place, around, around.nowMs)];
  });
  if (wakes.length === 0) return;
  session.put(rootKey(organization, file), tree.root, placementOf(tree.root, organization));
  await session.commit();
  await follow(desk, session, { organization, wakes, outbox: [] });
}
