import { describe, expect, it } from 'vitest';
import { type BackfillJob, planned } from '../../../shared/backfill/job.ts';
import { type BroughtOut, brought } from '../../../shared/backfill/outward.ts';
import type { ConnectionId, JobId, OrganizationId } from '../../../shared/domain/index.ts';

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
