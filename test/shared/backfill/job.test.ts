import { describe, expect, it } from 'vitest';
import { type BackfillJob, planned, progressOf } from '../../../shared/backfill/job.ts';
import { asked, begun, finished, pageRead, settled } from '../../../shared/backfill/moves.ts';
import type { ConnectionId, InboxId, JobId, OrganizationId } from '../../../shared/domain/index.ts';

const START = 1_000_000;
const fresh = planned({
  id: 'j1' as JobId,
  organization: 'acme' as OrganizationId,
  connection: 'c1' as ConnectionId,
  integration: 'model',
  kinds: ['ticket', 'comment'],
  startedBy: 'user:ann',
  nowMs: START,
});
const rows = (count: number) => Array.from({ length: count }, (_, at) => `row${at}` as InboxId);
const ended = (count: number) => new Map(rows(count).map((row) => [row, 'applied'] as const));

/** Both exports are ready, and all tickets on their way in. */
function underWay(tickets: number, comments: number): BackfillJob {
  let job = fresh;
  for (const [at, records] of [tickets, comments].entries()) {
    job = begun(job, job.exports[at]!, `e${at}`);
    job = asked(job, job.exports[at]!, { state: 'ready', records }, START);
  }
  return pageRead(job, job.exports[0]!, { rows: rows(tickets), next: undefined }, START);
}

describe('progress', () => {
  it('has a total once every export is ready, a rate and the time left', () => {
    const job = settled(underWay(100, 100), ended(50), START + 10_000);

    expect(progressOf(fresh)).toEqual({ records: 0, perSecond: 0 });
    expect(progressOf(job)).toEqual({ records: 50, total: 200, perSecond: 5, leftMs: 30_000 });
  });

  it.each([
    ['after a moment', 50, 4_000],
    ['of a handful of records', 9, 20_000],
  ])('says no time left by what it has seen %s', (_, records, afterMs) => {
    const job = settled(underWay(100, 100), ended(records), START + afterMs);

    expect(progressOf(job)).toMatchObject({ records, perSecond: expect.any(Number) });
    expect(progressOf(job)).not.toHaveProperty('leftMs');
  });

  it('is, at the end, of the whole', () => {
    const job = settled(underWay(10, 0), ended(10), START);

    expect(progressOf(finished(job, START + 5_000))).toEqual({ records: 10, total: 10, perSecond: 2 });
  });
});
