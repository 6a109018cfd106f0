import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import { type Desk, follow, loadRoot, openSession, placementOf, placesFor, surroundings } from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { ATTACHED, rootKey, rootPk } from './keys.ts';
import type { Places } from './places.ts';
import { treeOf } from './scene.ts';
import type { Lane, Root, Unlisted } from './state.ts';
import { untilSettled } from './until-settled.ts';

const PAGE = 20;

/**
 * A ticket that two others became may have a copy where the one of them was to have none: the next of what hangs in it
 * is looked at anew; false once nothing is left. How far that has come stands with the one that was folded: nobody else
 * writes it, and another fold into the same ticket has a look of its own.
 */
export async function lookAtFilesAnew(
  desk: Desk,
  organization: OrganizationId,
  giver: RecordId,
  ticket: RecordId,
): Promise<boolean> {
  const session = openSession(desk);
  const signpost = (await session.get<Root>(rootKey(organization, giver)))!;
  const { looked: after = ATTACHED } = signpost;
  const hung = { prefix: ATTACHED, limit: PAGE, after };
  const items = await desk.deps.store.list<Unlisted>(rootPk(organization, ticket), hung);
  const looked = items.at(-1)?.sk;
  if (looked === undefined) return false;
  const places = await placesFor(desk, organization);
  await Promise.all(
    items.map(({ data: { id } }) => untilSettled(() => lookAnew(desk, organization, places, id))),
  );
  session.put(rootKey(organization, giver), { ...signpost, looked }, placementOf(signpost, organization));
  await session.commit();
  return true;
}

/** Whoever decides at this moment, by the ticket as it was before, finds the file written, and decides again. */
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
  const lanes = Object.entries(tree.root.lanes).filter(([, { link }]) => link.externalId === undefined);
  const wakes = lanes.flatMap(([id, lane]) => {
    const place = places.get(id as ConnectionId);
    if (place === undefined || lane.parent !== null) return [];
    delete lane.parent;
    return [wakeAt(tree, lane, place, around, around.nowMs)];
  });
  if (wakes.length === 0 && !lanes.some(([, lane]) => isBeingDecided(lane))) return;
  session.put(rootKey(organization, file), tree.root, placementOf(tree.root, organization));
  await session.commit();
  await follow(desk, session, { organization, wakes, outbox: [] });
}

const isBeingDecided = ({ parent, wake }: Lane): boolean => parent === undefined && wake !== undefined;
