import type { ExternalId, OrganizationId } from '../domain/ids.ts';
import { conclude } from './conclude.ts';
import { type Desk, follow, loadRoot, openSession, stage, surroundings } from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { unpark } from './parking.ts';
import type { Places } from './places.ts';
import { sceneAt, treeOf } from './scene.ts';
import type { Dependent, Lane } from './state.ts';

interface Waker {
  readonly desk: Desk;
  readonly places: Places;
  readonly organization: OrganizationId;
}

/** Who waits for a copy goes on, looking for its name anew; so does who went without it, or was refused for the old one. */
export async function wakeDependent(
  { desk, places, organization }: Waker,
  { root: id, connection, named }: Dependent,
  name: ExternalId | null | undefined,
): Promise<void> {
  const session = openSession(desk);
  const root = await loadRoot(session, organization, id);
  const place = places.get(connection);
  if (root?.lanes[connection] === undefined || place === undefined) return;
  const tree = treeOf(root);
  const lane = tree.root.lanes[connection]!;
  const isNamedNow = typeof name === 'string' && lane.referred?.externalId === null;
  const isRefused = isRefusedFor(lane, named);
  if (lane.waitsFor === undefined && !isNamedNow && !isRefused) return;
  delete lane.waitsFor;
  if (isNamedNow) delete lane.referred;
  const around = surroundings(desk, places);
  if (isRefused) unpark(sceneAt(tree, tree.root, place, around), isRefusal);
  const wake = wakeAt(tree, lane, place, around, around.nowMs);
  const aftermath = await stage(session, conclude(tree, organization, around), organization);
  await session.commit();
  await follow(desk, session, { ...aftermath, wakes: [...aftermath.wakes, wake] });
}

const isRefusal = ({ cause }: { readonly cause: string }): boolean => cause === 'rejected';

const isRefusedFor = ({ link, referred }: Lane, named: Dependent['named']): boolean =>
  typeof named === 'string' &&
  referred?.externalId === named &&
  link.parked !== undefined &&
  isRefusal(link.parked);
