import { describe, expect, it } from 'vitest';
import type { Operation, Plan } from '../plan.ts';
import { QUIET } from '../quiet-world.ts';
import { run } from '../run.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { jobsOf } from './backfilling.ts';

const act = (operation: Operation['operation'], atMs: number, value: number) => ({
  operation,
  atMs,
  value,
  vendor: 1,
  target: 0,
  field: 0,
});

describe('a connection that is backfilled while its user may see nothing', () => {
  it('is backfilled again by whoever gives the permission back', async () => {
    const plan: Plan = {
      ...QUIET,
      vendors: [
        { organization: 0, profile: SALESFORCE_LIKE },
        { organization: 0, profile: { ...SALESFORCE_LIKE, backfills: true }, connectsAtMs: 30_000 },
      ],
      operations: [act('open', 1_000, 1), act('backfill-in', 32_000, 0)],
      spells: [{ spell: 'blindness', fromMs: 31_000, forMs: 120_000, vendor: 1 }],
    };
    const read: number[] = [];

    const { breaches } = await run(plan, undefined, (world) => {
      for (const job of jobsOf(world)) read.push(job.exports.reduce((sum, each) => sum + each.read, 0));
    });

    expect(breaches).toEqual([]);
    expect(read).toEqual([0, 1]);
  });
});

describe('a connection that is backfilled while a comment with a file is in the bin', () => {
  it('is backfilled again by whoever takes that out', async () => {
    const profile = { ...SALESFORCE_LIKE, files: 400 };
    const plan: Plan = {
      ...QUIET,
      vendors: [
        { organization: 0, profile },
        { organization: 0, profile: { ...profile, backfills: true }, connectsAtMs: 30_000 },
      ],
      operations: [
        act('open', 1_000, 1),
        act('comment', 2_000, 2),
        { ...act('attach', 3_000, 3), field: 1 },
        act('delete-comment', 4_000, 4),
        act('backfill-in', 32_000, 0),
        act('undelete-comment', 90_000, 5),
      ],
    };
    const brought: unknown[] = [];

    const { breaches } = await run(plan, undefined, ({ sites, ...world }) => {
      for (const site of sites)
        brought.push(site.vendor.live('attachment').map(({ createdBy }) => createdBy));
      brought.push(jobsOf({ sites, ...world }).length);
    });

    expect(breaches).toEqual([]);
    expect(brought).toEqual([['hub'], ['person'], 2]);
  });
});

describe('a connection whose mapping changes while an export of it waits for its vendor', () => {
  it('brings in what the export was begun for', async () => {
    const profile = { ...SALESFORCE_LIKE, backfills: true, hasDocument: true } as const;
    const plan: Plan = {
      ...QUIET,
      vendors: [
        { organization: 0, profile: SALESFORCE_LIKE },
        { organization: 0, profile, connectsAtMs: 30_000 },
      ],
      operations: [act('open', 1_000, 1), act('backfill-in', 32_000, 0), act('pair-area', 45_000, 8_000)],
      spells: [{ spell: 'outage', fromMs: 34_000, forMs: 60_000, vendor: 1 }],
    };
    const ends: unknown[] = [];

    const { breaches } = await run(plan, undefined, (world) => {
      for (const { state, exports } of jobsOf(world))
        ends.push(
          state,
          exports.map(({ read }) => read),
        );
    });

    expect(breaches).toEqual([]);
    expect(ends).toEqual(['done', [0, 1, 0]]);
  });
});
