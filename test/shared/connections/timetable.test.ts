import { describe, expect, it } from 'vitest';
import { timetableOf } from '../../../shared/connections/timetable.ts';
import { ConfigurationError } from '../../../shared/errors.ts';

const at = (text: string): number => Date.parse(text);
const start = at('2026-11-22T10:00:00Z');

function next(expression: string, afterMs = start, timeZone = 'UTC'): string | undefined {
  const atMs = timetableOf(expression, timeZone, start).next(afterMs);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

describe('a rate beyond all dates', () => {
  it('never fires', () => {
    expect(timetableOf('rate(999999999 days)', 'UTC', 0).next(0)).toBeUndefined();
  });
});

describe('a rate', () => {
  it.each([
    ['rate(1 minute)', start, '2026-11-22T10:01:00.000Z'],
    ['rate(5 minutes)', start + 5 * 60_000, '2026-11-22T10:10:00.000Z'],
    ['rate(2 hours)', start, '2026-11-22T12:00:00.000Z'],
    ['rate(1 day)', start + 1, '2026-11-23T10:00:00.000Z'],
    ['rate(1 minute)', start - 10, '2026-11-22T10:01:00.000Z'],
  ])('%s fires a whole number of times after its start', (expression, afterMs, expected) => {
    expect(next(expression, afterMs)).toBe(expected);
  });
});

describe('cron', () => {
  it.each([
    ['cron(0/15 * * * ? *)', '2026-11-22T10:15:00.000Z'],
    // 2026-11-22 is a Sunday, which AWS counts as day 1.
    ['cron(0 12 ? * 1 *)', '2026-11-22T12:00:00.000Z'],
    ['cron(0 12 ? * 2-6 *)', '2026-11-23T12:00:00.000Z'],
    ['cron(0 12 ? * SAT *)', '2026-11-28T12:00:00.000Z'],
    ['cron(30 9 1 * ? *)', '2026-12-01T09:30:00.000Z'],
    ['cron(0 0 L * ? *)', '2026-11-30T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2028)', '2028-01-01T00:00:00.000Z'],
  ])('%s is read as AWS reads it', (expression, expected) => {
    expect(next(expression)).toBe(expected);
  });

  it('runs in the time zone given', () => {
    expect(next('cron(0 12 * * ? *)', start, 'America/New_York')).toBe('2026-11-22T17:00:00.000Z');
  });
});

describe('at', () => {
  it('fires once', () => {
    expect(next('at(2026-11-22T11:00:00)')).toBe('2026-11-22T11:00:00.000Z');
    expect(next('at(2026-11-22T11:00:00)', start + 2 * 3_600_000)).toBeUndefined();
  });
});

describe('an expression that is none', () => {
  it.each([
    ['every minute'],
    ['rate(0 minutes)'],
    ['rate(1 fortnight)'],
    ['cron(0 12 * * *)'],
    ['cron(0 12 ? * 8 *)'],
    ['cron(99 12 * * ? *)'],
    ['cron(0 12 * * * *)'],
    ['cron(0 12 1 * 2 *)'],
    ['cron(0 12 ? * ? *)'],
    ['at(tomorrow)'],
  ])('is refused: %s', (expression) => {
    expect(() => timetableOf(expression, 'UTC', start)).toThrow(ConfigurationError);
  });
});
