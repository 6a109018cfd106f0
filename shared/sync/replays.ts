import type { OrganizationId } from '../domain/ids.ts';
import { ConflictError, HubError, NotFoundError } from '../errors.ts';
import type { ParkedFilter, ReplayJob } from '../ports/parked.ts';
import { type Desk, openSession } from './desk.ts';
import { everyItem } from './every-item.ts';
import { DUE, parkedKey, parkedList, replayingKey, replayKey, replayList } from './keys.ts';
import { overDue, tellFailure } from './overdue.ts';
import { isReplayed } from './parked-filter.ts';
import { replay } from './replay.ts';
import type { Session } from './session.ts';
import type { ParkedWork } from './state.ts';

/** A replay in bulk as it is kept: the pieces still to come, oldest first. */
export interface Replaying extends ReplayJob {
  organization: OrganizationId;
  left: string[];
}

/** Ids alone: an item holds as many. More than these are left for another job, the newest. */
const MOST = 5_000;
/** What a sweep puts back, so that live work is never behind a flood; and what is noted at once. */
const PER_STEP = 100;
const NOTED_EACH = 10;
/** Who began it does the first step; the sweeper leaves it that long. */
const FIRST_STEP_MS = 60_000;
const KEPT_SECONDS = 30 * 86_400;

/**
 * Takes note of everything meant, oldest first, and puts back the first of it. One at a time for an organization: what a
 * second would note is the same pieces once more.
 * @throws ConflictError while another is under way
 */
export async function startReplay(
  desk: Desk,
  organization: OrganizationId,
  filter: ParkedFilter,
  actor: string,
): Promise<ReplayJob> {
  const { store, random, clock } = desk.deps;
  const session = openSession(desk);
  await refuseSecond(session, organization);
  const meant: string[] = [];
  for await (const { data } of everyItem<ParkedWork>(store, parkedList(organization))) {
    if (isReplayed(data, filter)) meant.push(data.id);
  }
  const left = meant.reverse().slice(0, MOST);
  const job: Replaying = {
    id: random.id(),
    organization,
    state: 'running',
    actor,
    filter,
    total: left.length,
    replayed: 0,
    gone: 0,
    failed: 0,
    startedAtMs: clock.now(),
    left,
  };
  keep(session, job, clock.now() + FIRST_STEP_MS);
  session.put(replayingKey(organization), { replay: job.id } satisfies Begun);
  await session.commit();
  return jobOf(await step(desk, session, job));
}

interface Begun {
  readonly replay: string;
}

/** Read and written in the transaction that begins: of two who ask in the same moment one is refused. */
async function refuseSecond(session: Session, organization: OrganizationId): Promise<void> {
  const last = await session.get<Begun>(replayingKey(organization));
  const job = last && (await session.get<Replaying>(replayKey(organization, last.replay)));
  if (job?.state !== 'running') return;
  throw new ConflictError('a replay in bulk is under way: wait until it is done, or cancel it');
}

/** On a schedule: brings every running job on by one step. */
export async function advanceReplays(desk: Desk): Promise<number> {
  let replayed = 0;
  await overDue(desk, DUE.replays, {
    act: async (key) => {
      const session = openSession(desk);
      const job = await session.get<Replaying>(key);
      if (job?.state !== 'running') return;
      replayed += (await step(desk, session, job)).replayed - job.replayed;
    },
    putBack: async () => undefined,
  });
  return replayed;
}

/** What has gone back stays back. @throws NotFoundError */
export async function cancelReplay(desk: Desk, organization: OrganizationId, id: string): Promise<ReplayJob> {
  const session = openSession(desk);
  const job = await session.get<Replaying>(replayKey(organization, id));
  if (job === undefined) throw new NotFoundError('no such replay');
  if (job.state !== 'running') return jobOf(job);
  const ended = endedAs('cancelled', job, desk.deps.clock.now());
  keep(session, ended, ended.startedAtMs);
  try {
    await session.commit();
    return jobOf(ended);
  } catch (error) {
    if (error instanceof ConflictError) return cancelReplay(desk, organization, id);
    throw error;
  }
}

/** In order, one after the other; noted as it goes, so that whoever takes over begins where it stands. */
async function step(desk: Desk, session: Session, before: Replaying): Promise<Replaying> {
  const { clock } = desk.deps;
  let job = before;
  for (let done = 0; done < PER_STEP && job.state === 'running'; done += NOTED_EACH) {
    for (const id of job.left.slice(0, NOTED_EACH)) {
      const end = await putBack(desk, job, id);
      job = { ...job, left: job.left.slice(1), [end]: job[end] + 1 };
    }
    if (job.left.length === 0) job = endedAs('done', job, clock.now());
    keep(session, job, clock.now());
    await session.commit();
  }
  return job;
}

async function putBack(desk: Desk, job: Replaying, id: string): Promise<'replayed' | 'gone' | 'failed'> {
  try {
    await replay(desk, job.organization, id, job.actor);
    return 'replayed';
  } catch (error) {
    if (error instanceof NotFoundError) return 'gone';
    // What is a bug of ours is told of; the pieces behind it are none of its business.
    if (!(error instanceof HubError) || error.reaction === 'page')
      tellFailure(desk, DUE.replays, parkedKey(job.organization, id), error);
    return 'failed';
  }
}

function endedAs(state: 'done' | 'cancelled', job: Replaying, endedAtMs: number): Replaying {
  return { ...job, state, left: [], endedAtMs };
}

function keep(session: Session, job: Replaying, dueAtMs: number): void {
  const listed = { list: replayList(job.organization), atMs: job.startedAtMs };
  const placement =
    job.endedAtMs === undefined
      ? { due: { list: DUE.replays, atMs: dueAtMs } }
      : { expiresAt: Math.ceil(job.endedAtMs / 1_000) + KEPT_SECONDS };
  session.put(replayKey(job.organization, job.id), job, { listed, ...placement });
}

export function jobOf({ organization: _organization, left: _left, ...job }: Replaying): ReplayJob {
  return job;
}
