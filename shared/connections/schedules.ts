import { ConfigurationError, InvalidInputError } from '../errors.ts';
import type { Clock, Connection, Manifest, Store } from '../ports/index.ts';
import { scheduleKey } from './keys.ts';
import { timetableOf } from './timetable.ts';

/** When a connection is asked for what no event has told: six-field `cron(…)` or `rate(…)`, in a time zone. */
export interface Schedule {
  readonly expression: string;
  readonly timeZone: string;
}

/** As it is kept: what was chosen for the connection, and when it was last asked to the end. */
export interface ScheduleData {
  readonly own?: Schedule;
  readonly sinceMs: number;
  readonly ranAtMs: number;
}

/** Every connection is looked at once in a minute; who runs as often needs no reckoning. */
export const EACH_TICK = 'rate(1 minute)';
const PREVIEWED = 5;

type Named = Pick<Connection, 'organization' | 'id'>;

/** The schedule in force, where the integration is asked at all. */
export function inForce(manifest: Manifest, kept: ScheduleData | undefined): Schedule | undefined {
  if (manifest.poll === undefined) return undefined;
  return kept?.own ?? { expression: manifest.poll.schedule, timeZone: 'UTC' };
}

/** However many runs were missed, they are made up for by one. */
export function isDue(schedule: Schedule, kept: ScheduleData | undefined, nowMs: number): boolean {
  if (schedule.expression === EACH_TICK || kept === undefined) return true;
  const { expression, timeZone } = schedule;
  const dueAtMs = timetableOf(expression, timeZone, kept.sinceMs).next(kept.ranAtMs);
  return dueAtMs !== undefined && dueAtMs <= nowMs;
}

/** @throws InvalidInputError naming `/timeZone` or `/expression` */
export function nextRuns({ expression, timeZone }: Schedule, given: { sinceMs: number; afterMs: number }) {
  refuseUnknownZone(timeZone);
  const runs: number[] = [];
  try {
    const timetable = timetableOf(expression, timeZone, given.sinceMs);
    for (let afterMs = given.afterMs; runs.length < PREVIEWED; afterMs = runs.at(-1)!) {
      const next = timetable.next(afterMs);
      if (next === undefined) break;
      runs.push(next);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new InvalidInputError(error.message, { pointer: '/expression', cause: error });
  }
  return runs;
}

/** Of one that is chosen now. @throws InvalidInputError as `nextRuns`, and for one that never runs */
export function runsAhead(own: Schedule, nowMs: number): readonly number[] {
  const runs = nextRuns(own, { sinceMs: nowMs, afterMs: nowMs });
  if (runs.length > 0) return runs;
  throw new InvalidInputError('it would never run again', { pointer: '/expression' });
}

function refuseUnknownZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    const message = `saw ${JSON.stringify(timeZone)}, expected a time zone as Europe/Berlin`;
    throw new InvalidInputError(message, { pointer: '/timeZone', cause });
  }
}

export interface Schedules {
  read(connection: Named): Promise<ScheduleData | undefined>;
  /** Undefined: back to what the integration does. @throws InvalidInputError for one that never runs, ConflictError */
  choose(connection: Named, own: Schedule | undefined): Promise<ScheduleData>;
  /** It was asked to the end. */
  ran(connection: Named): Promise<void>;
}

export function createSchedules({ store, clock }: { store: Store; clock: Clock }): Schedules {
  const itemOf = ({ organization, id }: Named) => {
    const { pk, sk } = scheduleKey(organization, id);
    return store.get<ScheduleData>(pk, sk);
  };
  const put = async ({ organization, id }: Named, data: ScheduleData, expect: number) =>
    store.commit([{ put: { ...scheduleKey(organization, id), data }, expect }]);
  return {
    read: async (connection) => (await itemOf(connection))?.data,
    async choose(connection, own) {
      const nowMs = clock.now();
      if (own !== undefined) runsAhead(own, nowMs);
      const item = await itemOf(connection);
      const data = { ...(own && { own }), sinceMs: nowMs, ranAtMs: item?.data.ranAtMs ?? nowMs };
      await put(connection, own === undefined ? data : { ...data, ranAtMs: nowMs }, item?.version ?? 0);
      return data;
    },
    async ran(connection) {
      const item = await itemOf(connection);
      const nowMs = clock.now();
      const data = { sinceMs: nowMs, ...item?.data, ranAtMs: nowMs };
      await put(connection, data, item?.version ?? 0);
    },
  };
}
