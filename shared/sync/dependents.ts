import type { ExternalId, OrganizationId } from '../domain/ids.ts';
import { conclude } from './conclude.ts';
import { type Desk, follow, loadRoot, openSession, stage, surroundings } from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { unpark } from './parking.ts';
import type { Places } from './places.ts';
import { type Scene, sceneAt, treeOf } from './scene.ts';
import type { Dependent } from './state.ts';
import { TIMING } from './timing.ts';
import { lookForReturn } from './want-read.ts';

interface Waker {
  readonly desk: Desk;
  readonly places: Places;
  readonly organization: OrganizationId;
}

/** Who waits for a copy goes on, looking for its name anew; so does who went without it, or named it, maybe in vain, by an old one. */
export function wakeDependent(
  waker: Waker,
  dependent: Dependent,
  name: ExternalId | null | undefined,
): Promise<void> {
  return wakeLane(waker, dependent, (scene) => {
    const { lane, link, around } = scene;
    const isBackShared = typeof name === 'string' && link.isBorrowed === true && link.dead !== undefined;
    const isNamedNow = typeof name === 'string' && lane.referred?.externalId === null;
    const isNamedSo = typeof dependent.named === 'string' && lane.referred?.externalId === dependent.named;
    const isRefused = isNamedSo && link.parked !== undefined && isRefusal(link.parked);
    const isOld = isNamedSo && !isRefused && typeof name === 'string';
    if (lane.waitsFor === undefined && !isNamedNow && !isRefused && !isOld && !isBackShared) return undefined;
    if (isBackShared) lookForReturn(link);
    delete lane.waitsFor;
    if (isNamedNow) delete lane.referred;
    if (isRefused) unpark(scene, isRefusal);
    if (isOld) lane.referred = { ...lane.referred!, isOld };
    return around.nowMs;
  });
}

/** Who finds no room among those that are told looks for that copy itself, after a while; at once where it is at work. */
export function leaveToItself(waker: Waker, dependent: Dependent): Promise<void> {
  return wakeLane(waker, dependent, ({ lane, around }) => {
    const goesWithout = lane.referred?.externalId === null;
    if (lane.waitsFor === undefined && !goesWithout) return undefined;
    delete lane.waitsFor;
    if (goesWithout) delete lane.referred;
    return lane.wake?.dueAtMs ?? around.nowMs + TIMING.unlistedMs;
  });
}

/** `decide`: when the lane is to go on; undefined where nothing is changed for it. */
async function wakeLane(
  { desk, places, organization }: Waker,
  { root: id, connection }: Dependent,
  decide: (scene: Scene) => number | undefined,
): Promise<void> {
  const session = openSession(desk);
  const root = await loadRoot(session, organization, id);
  const place = places.get(connection);
  if (root?.lanes[connection] === undefined || place === undefined) return;
  const tree = treeOf(root);
  const around = surroundings(desk, places);
  const scene = sceneAt(tree, tree.root, place, around);
  const atMs = decide(scene);
  if (atMs === undefined) return;
  const wake = wakeAt(tree, scene.lane, place, around, atMs);
  const aftermath = await stage(session, conclude(tree, organization, around), organization);
  await session.commit();
  await follow(desk, session, { ...aftermath, wakes: [...aftermath.wakes, wake] });
}

const isRefusal = ({ cause }: { readonly cause: string }): boolean => cause === 'rejected';
