import type { ExternalId, OrganizationId, RecordId } from '../domain/ids.ts';
import { isReferredTo } from '../domain/record.ts';
import type { HubError } from '../errors.ts';
import type { ContentStore } from '../ports/content.ts';
import type { Integration, WriteOutcome } from '../ports/integration.ts';
import type { WorkMessage } from '../ports/runtime.ts';
import { conclude } from './conclude.ts';
import { dropRefused } from './dependent-list.ts';
import { wakeDependent } from './dependents.ts';
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
import { newNameFor } from './living-copy.ts';
import { isOutOfSight } from './need.ts';
import type { Place, Places } from './places.ts';
import { nextStep, type Progress, type Step } from './reconcile.ts';
import { noteRefusals } from './refusals.ts';
import { type Scene, type Surroundings, sceneAt, type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { AnyRecord, AttachedFile, Child, Dependent, Lane, Pending } from './state.ts';
import { TIMING } from './timing.ts';
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
  /** What became of the bytes it carried, that no commit holds yet. */
  carried: Carried | undefined;
  /** Under this id it notes that it carries them. */
  readonly transfer: string;
  /** Entries the audit has taken, by their ids. */
  readonly audited: Set<string>;
}
export type Carried =
  | { readonly outcome: 'fetched'; readonly content: NonNullable<AttachedFile['content']> }
  | { readonly outcome: 'staged'; readonly externalId: ExternalId }
  | { readonly outcome: 'failed'; readonly error: HubError };

/** One message and what it is worked on with. */
export interface Job {
  readonly desk: Desk;
  readonly message: WorkMessage;
  readonly integration: Integration;
  /** Where files are worked on. */
  readonly contents: ContentStore | undefined;
  readonly deadlineMs: number;
}
export interface Shift extends Job, InHand {
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
export async function openShift(job: Job, inHand: InHand): Promise<Shift | undefined> {
  const { desk, message } = job;
  const { noted, unsaved, carried, transfer } = inHand;
  const session = openSession(desk);
  const [root, places] = await Promise.all([
    loadRoot(session, message.organization, message.root),
    placesFor(desk, message.organization),
  ]);
  const lane = root?.lanes[message.connection];
  const place = places.get(message.connection);
  if (root === undefined || lane === undefined || place === undefined) return undefined;
  const isTheWake = desk.rules.isTheWake(lane.wake, message.wake);
  if (!isTheWake && (noted ?? unsaved ?? carried) === undefined) return undefined;
  const progress = {
    fresh: undefined,
    unmatched: undefined,
    named: undefined,
    unlisted: undefined,
    transfer,
  };
  const given = { ...job, ...inHand, session, places, place, progress };
  return { ...given, tree: treeOf(root), owed: [], isDirty: false, isOver: !isTheWake };
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
async function settleUp(shift: Shift): Promise<void> {
  shift.owed.push(...(await noteRefusals(shift, organizationOf(shift), around(shift))));
  const conclusion = conclude(shift.tree, organizationOf(shift), around(shift));
  const { root, children } = conclusion.tree;
  shift.owed.push(await stage(shift.session, conclusion, organizationOf(shift)));
  shift.tree = { root, children, changes: [], losses: [], parked: [], unparked: [], deeds: [], unlisted: [] };
  shift.isDirty = true;
}

/** Writes the tree as it stands, then sends and tells what that commit owes. */
export async function save(shift: Shift): Promise<void> {
  await settleUp(shift);
  const next = goOn(laneOf(shift));
  restage(shift);
  const news = shift.owed.flatMap((each) => each.news ?? []);
  await auditFirst(shift.desk.deps, shift.session, news, shift.audited);
  await shift.session.commit();
  const { owed, desk } = shift;
  const done = { noted: undefined, unsaved: undefined, carried: undefined };
  Object.assign(shift, { ...done, owed: [], isDirty: false });
  await Promise.all(owed.map((each) => follow(desk, shift.session, each)));
  for (const each of next) await sendOn(desk, shift.message, each);
}

function restage({ session, tree, message }: Shift): void {
  const { root } = tree;
  session.putChanged(rootKey(message.organization, root.id), root, placementOf(root, message.organization));
}

/** A copy exists, or never will, or is out of sight for now: whoever waits for it is told, and only then forgotten. */
async function wakeDependents(shift: Shift): Promise<void> {
  const { root } = shift.tree;
  const { connection } = shift.message;
  const isLost = isReferredTo(root.kind) && isOutOfSight(root);
  const names = new Map<Dependent, ExternalId | null | undefined>();
  for (const each of root.dependents ?? []) {
    const name = isLost || each.connection !== connection ? undefined : await newName(shift, each);
    if (isLost || name !== undefined) names.set(each, name);
  }
  if (names.size === 0) return;
  if (shift.isDirty) await save(shift);
  const { desk, places } = shift;
  const organization = organizationOf(shift);
  for (const [dependent, name] of names) await wakeDependent({ desk, places, organization }, dependent, name);
  if (isLost) return;
  const told = new Map([...names].map(([dependent, name]) => [keyOf(dependent), name]));
  // Who goes without it is told should it be there after all.
  shift.tree.root.dependents = (shift.tree.root.dependents ?? []).flatMap((each) => {
    const name = told.get(keyOf(each));
    if (name === undefined) return [each];
    return name === null ? [{ ...each, named: name }] : [];
  });
}

const keyOf = ({ root, connection }: Dependent): string => `${connection} ${root}`;

async function newName(shift: Shift, dependent: Dependent): Promise<ExternalId | null | undefined> {
  if (dependent.on !== undefined) await bringChild(shift, dependent.on);
  return newNameFor(shift.tree, dependent);
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
  dropRefused(shift.tree, around(shift).nowMs);
  await settleUp(shift);
  if (step(shift).do !== 'rest') return;
  // Nobody wakes who is not listed.
  if (shift.progress.unlisted !== undefined) return rewake(shift, around(shift).nowMs + TIMING.unlistedMs);
  const lane = laneOf(shift);
  delete lane.wake;
  if (lane.parked === undefined && lane.waitsFor === undefined)
    Object.assign(lane, { reached: lane.want, attempts: 0 });
  shift.isOver = true;
  await save(shift);
}
