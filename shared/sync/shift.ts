import type { OrganizationId, RecordId } from '../domain/ids.ts';
import type { Integration, WriteOutcome } from '../ports/integration.ts';
import type { WorkMessage } from '../ports/runtime.ts';
import { conclude } from './conclude.ts';
import {
  type Aftermath,
  bringChild as bringChildInto,
  type Desk,
  follow,
  loadRoot,
  openSession,
  placementOf,
  placesFor,
  stage,
  surroundings,
} from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { rootKey } from './keys.ts';
import { isOutOfSight } from './need.ts';
import type { Place, Places } from './places.ts';
import type { RequesterCopy } from './projection.ts';
import { nextStep, type Progress, type Step } from './reconcile.ts';
import { type Scene, type Surroundings, sceneAt, type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { AnyRecord, Child, Lane, Pending, Root } from './state.ts';
import { auditFirst } from './told.ts';
import { goOn, sendOn } from './waiting.ts';

/**
 * What a worker alone knows of its requests. It goes on with them under their ids, whatever it is told of its commits:
 * a store whose first answer was lost may call a write a conflict with itself.
 */
export interface InHand {
  /** Noted, if its commit held, and not sent yet. */
  noted: Pending | undefined;
  /** A call's outcome that no commit holds yet. */
  unsaved: { readonly pending: Pending; readonly outcome: WriteOutcome } | undefined;
  /** Entries the audit has taken, by their ids. */
  readonly audited: Set<string>;
}
export interface Shift extends InHand {
  readonly desk: Desk;
  readonly message: WorkMessage;
  readonly integration: Integration;
  readonly deadlineMs: number;
  session: Session;
  tree: Tree;
  places: Places;
  place: Place;
  progress: Progress;
  owed: Aftermath[];
  isDirty: boolean;
  isOver: boolean;
}

/** Takes up a lane's work if this message is its wake. Undefined: somebody else has it, or nobody needs it. */
export async function openShift(
  desk: Desk,
  message: WorkMessage,
  integration: Integration,
  deadlineMs: number,
  { noted, unsaved, audited }: InHand,
): Promise<Shift | undefined> {
  const session = openSession(desk);
  const [root, places] = await Promise.all([
    loadRoot(session, message.organization, message.root),
    placesFor(desk, message.organization),
  ]);
  const lane = root?.lanes[message.connection];
  const place = places.get(message.connection);
  if (root === undefined || lane === undefined || place === undefined) return undefined;
  const isTheWake = desk.rules.isTheWake(lane.wake, message.wake);
  if (!isTheWake && noted === undefined && unsaved === undefined) return undefined;
  const progress = { fresh: undefined, unmatched: undefined };
  const given = { desk, message, integration, deadlineMs, session, places, place, progress };
  const inHand = { noted, unsaved, audited };
  return { ...given, ...inHand, tree: treeOf(root), owed: [], isDirty: false, isOver: !isTheWake };
}

export const around = ({ desk, places, message }: Shift): Surroundings => surroundings(desk, places, message);
export const laneOf = ({ tree, message }: Shift): Lane => tree.root.lanes[message.connection]!;
export const sceneOf = (shift: Shift, record: AnyRecord): Scene =>
  sceneAt(shift.tree, record, shift.place, around(shift));
export const step = (shift: Shift): Step => nextStep(shift.tree, shift.place, around(shift), shift.progress);
export const organizationOf = ({ message }: Shift): OrganizationId => message.organization;

export const bringChild = (shift: Shift, id: RecordId): Promise<Child | undefined> =>
  bringChildInto(shift.session, shift.tree, organizationOf(shift), id);

/** Concludes what was decided so far into the session; nothing is written yet. */
export function settleUp(shift: Shift): void {
  const conclusion = conclude(shift.tree, organizationOf(shift), around(shift));
  const { root, children } = conclusion.tree;
  shift.owed.push(stage(shift.session, conclusion, organizationOf(shift)));
  shift.tree = { root, children, changes: [], losses: [], parked: [], unparked: [], deeds: [] };
  shift.isDirty = true;
}

/** Writes the tree as it stands, then sends and tells what that commit owes. */
export async function save(shift: Shift): Promise<void> {
  settleUp(shift);
  const next = goOn(laneOf(shift));
  restage(shift);
  const news = shift.owed.flatMap((each) => each.news ?? []);
  await auditFirst(shift.desk.deps, shift.session, news, shift.audited);
  await shift.session.commit();
  const { owed, desk } = shift;
  Object.assign(shift, { owed: [], noted: undefined, unsaved: undefined, isDirty: false });
  await Promise.all(owed.map((each) => follow(desk, shift.session, each)));
  for (const each of next) await sendOn(desk, shift.place, each);
}

export function restage({ session, tree, message }: Shift): void {
  const { root } = tree;
  session.putChanged(rootKey(message.organization, root.id), root, placementOf(root, message.organization));
}

/** A contact's copy exists, or is out of sight for now: whoever waits for it is woken, and only then forgotten. */
async function wakeDependents(shift: Shift): Promise<void> {
  const { root } = shift.tree;
  const { connection } = shift.message;
  const { externalId } = laneOf(shift).link;
  const made =
    externalId === undefined || root.unread !== undefined ? undefined : { record: root.id, externalId };
  const isLost = isOutOfSight(root);
  const meant = (root.dependents ?? []).filter(
    (each) => isLost || (made !== undefined && each.connection === connection),
  );
  if (meant.length === 0) return;
  if (shift.isDirty) await save(shift);
  for (const dependent of meant) {
    await wakeDependent(shift.desk, shift.places, organizationOf(shift), dependent, made);
  }
  if (isLost) return;
  const left = (shift.tree.root.dependents ?? []).filter((each) => each.connection !== connection);
  shift.tree.root.dependents = left;
}

export async function wakeDependent(
  desk: Desk,
  places: Places,
  organization: OrganizationId,
  { root: id, connection }: NonNullable<Root['dependents']>[number],
  made: RequesterCopy | undefined,
): Promise<void> {
  const session = openSession(desk);
  const root = await loadRoot(session, organization, id);
  const place = places.get(connection);
  if (root?.lanes[connection] === undefined || place === undefined) return;
  const tree = treeOf(root);
  const lane = tree.root.lanes[connection]!;
  const isNamedNow =
    made !== undefined && lane.requester?.record === made.record && lane.requester.externalId === null;
  if (lane.waitsFor === undefined && !isNamedNow) return;
  delete lane.waitsFor;
  if (isNamedNow) lane.requester = { ...made };
  const wake = wakeAt(tree, lane, place, surroundings(desk, places), desk.deps.clock.now());
  session.put(rootKey(organization, tree.root.id), tree.root, placementOf(tree.root, organization));
  await session.commit();
  await follow(desk, session, { organization, wakes: [wake], outbox: [] });
}

/** Lets go until a time: the next wake replaces this one. */
export async function rewake(shift: Shift, untilMs: number): Promise<void> {
  const wake = wakeAt(shift.tree, laneOf(shift), shift.place, around(shift), untilMs);
  shift.owed.push({ organization: organizationOf(shift), wakes: [wake], outbox: [] });
  shift.isOver = true;
  await save(shift);
  const { organization, connection, root: record, correlation } = shift.message;
  const subject = { organization, connection, integration: shift.place.manifest.id, record };
  const cause = correlation === undefined ? {} : { correlation };
  shift.desk.deps.telemetry.metric('Deferrals', 1, { ...subject, ...cause });
}

/** Lets go for good, unless concluding brought new work for this very lane. */
export async function rest(shift: Shift): Promise<void> {
  await wakeDependents(shift);
  settleUp(shift);
  if (step(shift).do !== 'rest') return;
  const lane = laneOf(shift);
  delete lane.wake;
  if (lane.parked === undefined && lane.waitsFor === undefined)
    Object.assign(lane, { reached: lane.want, attempts: 0 });
  shift.isOver = true;
  await save(shift);
}
