import { expect, it } from 'vitest';
import { type AdvanceDeps, advance } from '../../../shared/backfill/advance.ts';
import { type BackfillJob, planned } from '../../../shared/backfill/job.ts';
import type { ConnectionId, JobId, OrganizationId, RecordId } from '../../../shared/domain/index.ts';

const NOW = 1_000_000;
const job: BackfillJob = {
  ...planned({
    id: 'j1' as JobId,
    organization: 'acme' as OrganizationId,
    connection: 'c1' as ConnectionId,
    integration: 'model',
    direction: 'out',
    kinds: ['attachment'],
    startedBy: 'user:ann',
    nowMs: NOW,
  }),
  exports: [{ kind: 'attachment', read: 1, records: 1, isRead: true }],
  outstanding: ['file1' as RecordId],
};

it('a job outwards fails where no copies can be made: its files are never looked for among rows of the inbox', async () => {
  let [data, version] = [job, 1];
  const deps = {
    backfills: {
      find: async () => ({ pk: 'acme', sk: 'j1', version, data }),
      move: async (_item: unknown, next: BackfillJob) => {
        [data, version] = [next, version + 1];
      },
    },
    rows: { endsOf: async () => new Map([['file1', 'applied']]) },
    now: () => NOW,
    pause: async () => {},
  } as unknown as AdvanceDeps;

  const { organization, connection, id } = job;
  await advance(deps, { type: 'backfill', organization, connection, job: id }, NOW + 1);

  expect(data).toMatchObject({ state: 'failed', failure: { code: 'invariant' } });
});
