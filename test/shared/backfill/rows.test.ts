import { expect, it } from 'vitest';
import type { BackfillJob } from '../../../shared/backfill/job.ts';
import { createRows } from '../../../shared/backfill/rows.ts';
import type { JobId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import type { Connection, Observation } from '../../../shared/ports/index.ts';
import { CHAT, FILE, filesHub, THREAD } from '../sync/files.ts';
import { ACME } from '../sync/hub.ts';

/** A ticket and a file of it that a backfill has put at the door, and the hub has taken in. */
async function takenIn() {
  const hub = filesHub();
  const rows = createRows({ ...hub.deps, redeliveryMs: 1_000 });
  const seen = { authorship: 'other', atMs: hub.clock.now() - 3_600_000, isComplete: true } as const;
  const observations = [THREAD, FILE].map((object) => ({ ...object, ...seen }) as Observation);
  const connection = { organization: ACME, id: CHAT, integration: CHAT } as unknown as Connection;
  const outstanding = await rows.keep(connection, observations, 'job-1' as JobId);
  for (const inbox of outstanding) await hub.observe(inbox, CHAT);
  const job = { organization: ACME, connection: CHAT, outstanding, startedAtMs: hub.clock.now() };
  const ends = async () => [...(await rows.endsOf(job as unknown as BackfillJob)).values()];
  return { hub, ends };
}

it('a row of a file has no end before its bytes are here', async () => {
  const { hub, ends } = await takenIn();
  expect(await ends()).toEqual(['applied']);

  await hub.work(60_000);

  expect(await ends()).toEqual(['applied', 'applied']);
});

it('a row of a file has its end once that is set aside', async () => {
  const { hub, ends } = await takenIn();
  hub.chat.download = async () => {
    throw new ProviderRejectedError('gone for good', { vendorCode: 'GONE' });
  };

  await hub.work(60_000);

  expect(await ends()).toEqual(['applied', 'applied']);
});
