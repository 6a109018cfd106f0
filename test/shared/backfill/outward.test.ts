import { describe, expect, it } from 'vitest';
import { type BackfillJob, planned, progressOf } from '../../../shared/backfill/job.ts';
import { settled } from '../../../shared/backfill/moves.ts';
import { type BroughtOut, brought } from '../../../shared/backfill/outward.ts';
import { MOST_VAIN, nextStep } from '../../../shared/backfill/step.ts';
import type { ConnectionId, JobId, OrganizationId, RecordId } from '../../../shared/domain/index.ts';

const START = 10_000_000;
const job = planned({
  id: 'j1' as JobId,
  organization: 'acme' as OrganizationId,
  connection: 'c1' as ConnectionId,
  integration: 'model',
  direction: 'out',
  kinds: ['ticket'],
  startedBy: 'user:ann',
  nowMs: START,
});
const NONE = { echo: 0, filtered: 0, parked: 0 };
const takenIn = (before: BackfillJob, page: BroughtOut): BackfillJob =>
  brought(before, before.exports[0]!, page, { listedAtMs: START, nowMs: START });

describe('the end of the list of what is brought out', () => {
  it('is no end where lanes were opened by a try that was broken off: what moved ahead meanwhile is looked for', () => {
    const once = takenIn(job, { opened: { looked: 1, opened: 0, ends: NONE }, ends: ['applied'] });

    expect(once.exports[0]).not.toHaveProperty('isRead');
    expect(once.exports[0]).toHaveProperty('sinceMs');
  });

  it('comes with a further look that opens nothing, whatever is still under way', () => {
    const once = takenIn(job, { opened: { looked: 1, opened: 1, ends: NONE }, ends: ['open'] });
    const twice = takenIn(once, { opened: { looked: 1, opened: 0, ends: NONE }, ends: ['open'] });

    expect(twice.exports[0]).toMatchObject({ isRead: true });
  });

  it('is no end where there was nothing to copy: what was to be may have moved ahead of the page', () => {
    const nothing: BroughtOut = { opened: { looked: 1, opened: 0, ends: { ...NONE, echo: 1 } }, ends: [] };
    const once = takenIn(job, nothing);

    expect(once.exports[0]).not.toHaveProperty('isRead');
    expect(takenIn(once, nothing).exports[0]).toMatchObject({ isRead: true });
  });
});

describe('files that are brought out', () => {
  const [ticket] = job.exports;
  const file: BackfillJob = { ...job, exports: [{ ...ticket!, kind: 'attachment', records: 60 }] };
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => `file${from + at}` as RecordId);
  const page = (sent: readonly RecordId[], next?: string): BroughtOut => ({
    opened: { looked: sent.length, opened: sent.length, ends: NONE, ...(next === undefined ? {} : { next }) },
    ends: [],
    sent,
  });
  const applied = (all: readonly RecordId[]) => new Map(all.map((id) => [id, 'applied'] as const));

  it('are a few on their way at once; the next page waits for the ends of half of them', () => {
    const full = takenIn(takenIn(file, page(ids(0, 20), 'p2')), page(ids(20, 19), 'p3'));

    expect(nextStep(full, START)).toEqual({ step: 'settle' });
    const waiting = settled(full, new Map(), START);
    expect(nextStep(waiting, START)).toMatchObject({ step: 'wait' });
    const roomy = settled(full, applied(ids(0, 20)), START);
    expect(nextStep(roomy, START)).toMatchObject({ step: 'bring-out', of: { at: 'p3' } });
    expect(progressOf(roomy)).toMatchObject({ records: 20, total: 60 });
  });

  it('that a broken off try had sent are on their way once', () => {
    const once = takenIn(file, page(ids(0, 3), 'p2'));

    expect(takenIn(once, page(ids(0, 3), 'p2')).outstanding).toEqual(ids(0, 3));
  });

  it('are looked for again at the end of the list, and waited for before the job is done', () => {
    const once = takenIn(file, page(ids(0, 3)));
    expect(nextStep(once, START)).toMatchObject({ step: 'bring-out', of: { sinceMs: expect.any(Number) } });

    const nothing: BroughtOut = { opened: { looked: 3, opened: 0, ends: NONE }, ends: [], sent: ids(0, 3) };
    const twice = takenIn(once, nothing);

    expect(nextStep(twice, START)).toEqual({ step: 'settle' });
    expect(nextStep(settled(twice, applied(ids(0, 3)), START), START)).toEqual({ step: 'finish' });
  });

  it('that wait for what never comes are left to the sweeper, and said', () => {
    let left = takenIn(file, page(ids(0, 30), 'p2'));
    let nowMs = START;
    for (let look = 0; look < MOST_VAIN; look += 1) {
      left = settled(left, new Map(), nowMs);
      nowMs = Math.max(nowMs, left.waitUntilMs);
    }
    // A file of a gigabyte takes minutes.
    expect(nowMs - START).toBeGreaterThan(9 * 60_000);

    expect(left).toMatchObject({ outstanding: [], leftOpen: 30 });
    expect(nextStep(left, left.waitUntilMs)).toMatchObject({ step: 'bring-out' });
  });
});
