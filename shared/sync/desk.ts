import type { OrganizationId, RecordId } from '../domain/ids.ts';
import type { EngineDeps } from '../ports/engine.ts';
import type { Conclusion } from './conclude.ts';
import { copyOf } from './copy.ts';
import type { Deed } from './deed.ts';
import { messageOf, type WakeOrder } from './fan-out.ts';
import {
  childKey,
  DUE,
  effectKey,
  effectList,
  historyKey,
  lineKey,
  parkedKey,
  parkedList,
  recordList,
  rootKey,
} from './keys.ts';
import { publish } from './outbox.ts';
import { type Places, placesOf } from './places.ts';
import type { Rules } from './rules.ts';
import type { Surroundings, Tree } from './scene.ts';
import { Session } from './session.ts';
import type { Child, Effect, History, Lane, Root, Unlisted } from './state.ts';
import { takeOver } from './take-over.ts';
import { TIMING } from './timing.ts';
import { type Cause, type News, type Outgoing, tell } from './told.ts';

/** What the performing half works with: the ports, the rules, and the few things it does over and over. */
export interface Desk {
  readonly deps: EngineDeps;
  readonly rules: Rules;
}

export const openSession = ({ deps }: Desk): Session => new Session(deps.store);

export async function placesFor({ deps }: Desk, organization: OrganizationId): Promise<Places> {
  return placesOf(await deps.connections.ofOrganization(organization), deps.integrations);
}

export const surroundings = ({ deps, rules }: Desk, places: Places, cause: Cause = {}): Surroundings => ({
  places,
  rules,
  cause,
  nowMs: deps.clock.now(),
  newId: () => deps.random.id(),
});

/** The root under this id, or the older one it was folded into. */
export async function loadRoot(
  session: Session,
  organization: OrganizationId,
  id: RecordId,
): Promise<Root | undefined> {
  const root = await session.get<Root>(rootKey(organization, id));
  return root?.foldedInto === undefined ? root : loadRoot(session, organization, root.foldedInto);
}

/** One that is still on its way here from a record folded into this one is brought over by the commit it is for. */
export async function loadChild(
  session: Session,
  organization: OrganizationId,
  { id: root, givers = [] }: Pick<Root, 'id' | 'givers'>,
  child: RecordId,
): Promise<Child | undefined> {
  const here = await session.get<Child>(childKey(organization, root, child));
  if (here !== undefined) return here;
  for (const giver of givers) {
    const there = await session.get<Child>(childKey(organization, giver, child));
    if (there !== undefined) return takeOver(session, organization, there, root);
  }
  return undefined;
}

/** As this decision has it by now; as it is stored only where the decision has not touched it yet. */
export async function bringChild(
  session: Session,
  { root, children }: Tree,
  organization: OrganizationId,
  id: RecordId,
): Promise<Child | undefined> {
  if (!children.has(id)) {
    const child = await loadChild(session, organization, root, id);
    if (child !== undefined) children.set(id, copyOf(child));
  }
  return children.get(id);
}

/** What is to be done once a commit holds; durable before it, so that a crash between only delays it. */
export interface Aftermath {
  readonly organization: OrganizationId;
  readonly wakes: readonly WakeOrder[];
  readonly outbox: readonly Outgoing[];
  readonly news?: News;
}

/** Writes a conclusion's items into the session; says what follows its commit. */
export async function stage(
  session: Session,
  conclusion: Conclusion,
  organization: OrganizationId,
): Promise<Aftermath> {
  const { tree, history, wakes, news } = conclusion;
  const { root } = tree;
  for (const child of tree.children.values()) {
    session.putChanged(childKey(organization, root.id, child.id), child);
  }
  await stageUnlisted(session, tree, organization);
  if (changesLine(session, tree, organization)) root.stirred = (root.stirred ?? 0) + 1;
  session.putChanged(rootKey(organization, root.id), root, placementOf(root, organization));
  for (const work of tree.parked) {
    const listed = { list: parkedList(organization), atMs: work.atMs };
    session.put(parkedKey(organization, work.id), work, { listed });
  }
  for (const deed of tree.deeds) if (deed.outcome === 'done') stageEffect(session, deed, root);
  for (const id of tree.unparked) session.removeOnce(parkedKey(organization, id));
  const outbox = history === undefined ? [] : [stageHistory(session, root, history, organization)];
  return { organization, wakes, outbox, news };
}

/** Put once and for good, whatever lines it stands in later: a conversation's children by their places. */
async function stageUnlisted(session: Session, tree: Tree, organization: OrganizationId): Promise<void> {
  const { root } = tree;
  const unlisted = new Map(tree.unlisted.map((behind) => [behind.id, behind]));
  await Promise.all(
    [...unlisted.values()].map(async ({ id, position }) => {
      const key = lineKey(organization, root.id, { id, position });
      if ((await session.get(key)) === undefined) session.put(key, { id } satisfies Unlisted);
    }),
  );
}

/** Who takes a child out of a line, or looks beyond it, has decided by what the child was. */
function changesLine(
  session: Session,
  { root, children, unlisted }: Tree,
  organization: OrganizationId,
): boolean {
  const inLine = new Set(Object.values(root.lanes).flatMap(({ behind }) => behind.map(({ id }) => id)));
  for (const { id } of unlisted) inLine.add(id);
  return [...children.keys()].some(
    (id) => inLine.has(id) && session.isToWrite(childKey(organization, root.id, id)),
  );
}

/** An item of its own, so that none of a long conversation's is ever forgotten, and a connection can list its own lags. */
function stageEffect(session: Session, deed: Deed, root: Root): void {
  const { id, organization, connection, record, kind, operation, atMs, lagMs } = deed;
  const effect: Effect = { id, connection, record, kind, operation, atMs };
  const key = effectKey(organization, root.id, id);
  if (lagMs === undefined) session.put(key, effect);
  else
    session.put(key, { ...effect, lagMs }, { listed: { list: effectList(organization, connection), atMs } });
}

function stageHistory(
  session: Session,
  root: Root,
  history: History,
  organization: OrganizationId,
): Outgoing {
  const key = historyKey(organization, root.id, history.revision);
  const due = { list: DUE.outbox, atMs: history.atMs + TIMING.republishAfterMs };
  session.put(key, history, history.events.length === 0 ? {} : { due });
  return { key, history };
}

/** Listed where a person looks for it; due when the first of its wakes would be overdue. */
export function placementOf(root: Root, organization: OrganizationId) {
  const dues = Object.values(root.lanes).flatMap((lane) => [
    ...(lane.drains ?? []).map(({ atMs }) => atMs),
    ...[overdueAt(lane)].filter((atMs) => atMs !== undefined),
    ...(lane.parked?.drainAtMs === undefined ? [] : [lane.parked.drainAtMs]),
  ]);
  return {
    ...(dues.length === 0 ? {} : { due: { list: DUE.wakes, atMs: Math.min(...dues) } }),
    ...(root.foldedInto === undefined
      ? { listed: { list: recordList(organization, root.kind), atMs: root.updatedAtMs } }
      : {}),
  };
}

/** When a wake has lost its message; a transfer outlives every other work, and its lease says when it is over. */
export function overdueAt({ wake, transfer }: Lane): number | undefined {
  if (wake === undefined) return undefined;
  return Math.max(wake.dueAtMs + TIMING.overdueAfterMs, transfer?.leaseUntilMs ?? 0);
}

/** Tells what the commit did, and sends what it owes. What fails here is owed still: the due-lists hold it for the sweeper. */
export async function follow(desk: Desk, session: Session, aftermath: Aftermath): Promise<void> {
  const { organization, wakes, outbox, news } = aftermath;
  if (news !== undefined) tell(desk.deps, news);
  const results = await Promise.allSettled([
    ...wakes.map((order) => sendWake(desk, order, organization)),
    ...outbox.map((outgoing) => publish(desk.deps, session, outgoing)),
  ]);
  for (const result of results) {
    if (result.status === 'rejected') {
      desk.deps.telemetry.log('warn', 'left to the sweeper', news?.subject ?? { organization });
    }
  }
}

const sendWake = ({ deps }: Desk, order: WakeOrder, organization: OrganizationId): Promise<void> =>
  order.delayMs > 0
    ? deps.queues.sendWork(order.integration, messageOf(order, organization), order.delayMs)
    : deps.queues.sendWork(order.integration, messageOf(order, organization));
