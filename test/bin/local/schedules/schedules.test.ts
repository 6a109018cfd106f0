import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSchedules } from '../../../../bin/local/schedules/schedules.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:30Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

function start(expression: string) {
  const fired: string[] = [];
  const schedules = startSchedules([
    { name: 'sweep', expression, timeZone: 'UTC', fire: (atMs) => fired.push(new Date(atMs).toISOString()) },
  ]);
  return { fired, schedules };
}

describe('schedules', () => {
  it('fire at each of their times until stopped', () => {
    const { fired, schedules } = start('cron(* * * * ? *)');

    vi.advanceTimersByTime(90_000);
    schedules.stop();
    vi.advanceTimersByTime(600_000);

    expect(fired).toEqual(['2026-11-22T10:01:00.000Z', '2026-11-22T10:02:00.000Z']);
  });

  it('wait longer than one timer can', () => {
    const { fired, schedules } = start('rate(30 days)');

    vi.advanceTimersByTime(31 * 86_400_000);
    schedules.stop();

    expect(fired).toEqual(['2026-12-22T10:00:30.000Z']);
  });

  it('never fire when their time is past', () => {
    const { fired } = start('at(2020-01-01T00:00:00)');

    vi.advanceTimersByTime(86_400_000);

    expect(fired).toEqual([]);
  });

  it('fire by hand beside their timetable', () => {
    const { fired, schedules } = start('rate(1 day)');

    expect(schedules.names).toEqual(['sweep']);
    expect(schedules.fire('sweep')).toBe(true);
    expect(schedules.fire('nobody')).toBe(false);
    schedules.stop();

    expect(fired).toEqual(['2026-11-22T10:00:30.000Z']);
  });
});
