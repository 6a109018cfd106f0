import { Cron } from 'croner';
import { ConfigurationError } from '../errors.ts';

/** When a schedule fires next. */
export interface Timetable {
  /** Strictly after `afterMs`; undefined when it never fires again. */
  next(afterMs: number): number | undefined;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * `rate(…)`, `cron(…)` with six fields, `at(…)`; cron and at in `timeZone`, which is UTC for bus rules.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function timetableOf(expression: string, timeZone: string, startedAtMs: number): Timetable {
  const [, kind, body = ''] = expression.match(/^(rate|cron|at)\((.*)\)$/) ?? [];
  if (kind === 'rate') return rate(body, startedAtMs, expression);
  if (kind === 'cron') return fromCroner(cronPattern(body, expression), timeZone, expression);
  if (kind === 'at') return fromCroner(body, timeZone, expression);
  throw notUnderstood(expression);
}

function rate(body: string, startedAtMs: number, expression: string): Timetable {
  const [, value, unit = ''] = body.match(/^(\d+) (minute|hour|day)s?$/) ?? [];
  const everyMs = Number(value) * (unitMs[unit] ?? Number.NaN);
  if (!(everyMs > 0)) throw notUnderstood(expression);
  return {
    next: (afterMs) => {
      const times = Math.max(1, Math.floor((afterMs - startedAtMs) / everyMs) + 1);
      return datable(startedAtMs + everyMs * times);
    },
  };
}

/** The last moment a date can name: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_MS = 8.64e15;
const datable = (atMs: number): number | undefined => (atMs <= LAST_MS ? atMs : undefined);

function fromCroner(pattern: string, timezone: string, expression: string): Timetable {
  try {
    const cron = new Cron(pattern, { timezone, paused: true, sloppyRanges: true });
    return { next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
  } catch (cause) {
    throw notUnderstood(expression, cause);
  }
}

/** AWS counts days of the week from 1, Sunday; croner from 0. It has no seconds, and a year at the end. */
function cronPattern(body: string, expression: string): string {
  const fields = body.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek = '', year] = fields;
  // Days are told by their number in the month or by their name, and `?` says which of the two is not meant.
  const isOneLeftOpen = (dayOfMonth === '?') !== (dayOfWeek === '?');
  if (fields.length !== 6 || !isOneLeftOpen) throw notUnderstood(expression);
  const shifted = dayOfWeek.replace(/(^|[,-])(\d)/g, (_whole, before: string, day: string) => {
    if (day < '1' || day > '7') throw notUnderstood(expression);
    return `${before}${Number(day) - 1}`;
  });
  return ['0', minute, hour, dayOfMonth, month, shifted, year].join(' ');
}

function notUnderstood(expression: string, cause?: unknown): ConfigurationError {
  const message = `schedule "${expression}" is not understood, expected rate(…), cron(… six fields, one of the two for days a ?) or at(…)`;
  return new ConfigurationError(message, { cause });
}
