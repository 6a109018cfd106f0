import { timetableOf } from '../../../shared/connections/timetable.ts';

export interface Schedule {
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  fire(atMs: number): void;
}

export interface Schedules {
  /** Fires one now, beside its timetable. False when there is none of that name. */
  fire(name: string): boolean;
  readonly names: readonly string[];
  stop(): void;
}

/** A timer can't wait longer than this; a longer wait is cut into pieces. */
const longestTimerMs = 2 ** 31 - 1;

/** Fires each schedule at its times for as long as the hub runs; what fell due while it was down does not fire. */
export function startSchedules(schedules: readonly Schedule[], now: () => number = Date.now): Schedules {
  const timers = new Map<string, NodeJS.Timeout>();
  const arm = (schedule: Schedule, next: (afterMs: number) => number | undefined): void => {
    const atMs = next(now());
    if (atMs === undefined) return;
    const wait = (): void => {
      const leftMs = atMs - now();
      if (leftMs > 0) {
        timers.set(schedule.name, setTimeout(wait, Math.min(leftMs, longestTimerMs)));
        return;
      }
      schedule.fire(atMs);
      arm(schedule, next);
    };
    wait();
  };
  for (const schedule of schedules) {
    const timetable = timetableOf(schedule.expression, schedule.timeZone, now());
    arm(schedule, (afterMs) => timetable.next(afterMs));
  }
  return {
    names: schedules.map((schedule) => schedule.name),
    fire: (name) => {
      const schedule = schedules.find((candidate) => candidate.name === name);
      schedule?.fire(now());
      return schedule !== undefined;
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
