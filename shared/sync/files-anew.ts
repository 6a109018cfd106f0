import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import { type Desk, follow, loadRoot, openSession, placementOf, placesFor, surroundings } from './desk.ts';
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
  let after: string | undefined;
  do {
    const from = { prefix: ATTACHED, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const items = await desk.deps.store.list<Unlisted>(rootPk(organization, ticket), from);
    await Promise.all(items.map(({ data: { id } }) => lookAnew(desk, organization, places, id)));
    after = items.length < PAGE ? undefined : items.at(-1)?.sk;
  } while (after !== undefined);
}

async function lookAnew(
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
