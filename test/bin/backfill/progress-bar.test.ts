import { describe, expect, it } from 'vitest';
import { type Backfill, hasEnded, progressLine } from '../../../bin/backfill/progress-bar.ts';

const job: Backfill = {
  id: 'b1',
  state: 'importing',
  records: 2_500,
  total: 10_000,
  perSecond: 49.6,
  secondsLeft: 151,
  parked: 0,
  open: 0,
};

describe('the line of a backfill', () => {
  it('says how much of it is in, how fast, and how long it will take', () => {
    expect(progressLine(job)).toBe(
      '[███████▌                      ]  25 %  2,500 of 10,000 records  50/s  2 min 31 s left',
    );
  });

  it('has nothing to measure by before the total is known', () => {
    const { total: _total, secondsLeft: _left, ...early } = job;

    expect(progressLine({ ...early, state: 'exporting', records: 0, perSecond: 0 })).toBe(
      `[${' '.repeat(30)}]   0 %  0 records  exporting`,
    );
  });

  it('says what was set aside, what stayed open, and what it waits for', () => {
    const trouble = { reason: 'the breaker is open', attempts: 2 };

    expect(progressLine({ ...job, parked: 3, open: 1, trouble })).toMatch(
      /3 parked {2}1 still open {2}waiting: the breaker is open$/,
    );
  });

  it('ends full, also where there was nothing, or with the reason', () => {
    expect(progressLine({ ...job, state: 'done', records: 0, total: 0 })).toContain('100 %');
    expect(progressLine({ ...job, state: 'failed', failure: { reason: 'no such column' } })).toMatch(
      /failed {2}no such column$/,
    );
  });

  it('tells hours from minutes and seconds', () => {
    expect(progressLine({ ...job, secondsLeft: 59 })).toContain('59 s left');
    expect(progressLine({ ...job, secondsLeft: 7_260 })).toContain('2 h 1 min left');
  });

  it('is the last for a job that has ended', () => {
    const states = ['planned', 'exporting', 'importing', 'done', 'cancelled', 'failed'] as const;

    expect(states.filter((state) => hasEnded({ ...job, state }))).toEqual(['done', 'cancelled', 'failed']);
  });
});
