import { expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Root } from '../../../shared/sync/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, hubOver, LEFT, RIGHT, type Site, settled } from './hub.ts';
import { caseSeen, rootsOf, seenThread } from './merging.ts';

const [ONE, TWO] = ['case-1', 'case-2'] as [ExternalId, ExternalId];
const THREADS = ['thread-1', 'thread-2'] as ExternalId[];

it('a survivor that bears another record’s mark is that one’s, though its creation was not answered', async () => {
  const answer = { isLost: true };
  const marks: string[] = [];
  const seenAt = (externalId: ExternalId): Observation =>
    THREADS.includes(externalId)
      ? { ...seenThread(hub.clock.now()), externalId }
      : {
          ...caseSeen(externalId),
          authorship: 'hub',
          atMs: hub.clock.now(),
          isComplete: true,
          marker: marks[externalId === ONE ? 0 : 1] as never,
        };
  const port: Site['port'] = {
    read: async ({ kind, externalId }) => {
      if (kind !== 'ticket') return { state: 'absent' };
      if (externalId === ONE && marks.length === 2) return { state: 'deleted', mergedInto: TWO };
      return { state: 'present', observation: seenAt(externalId) };
    },
    write: async (change) => {
      if (change.kind !== 'ticket' || change.operation !== 'create') return settled(change);
      if (!marks.includes(change.record)) marks.push(change.record);
      const externalId = change.record === marks[0] ? ONE : TWO;
      if (externalId === TWO && answer.isLost)
        return { outcome: 'uncertain', error: new ProviderUnavailableError('no answer') };
      return { outcome: 'settled', externalId };
    },
  };
  const hub = hubOver({
    [LEFT]: { profile: { ...SALESFORCE_LIKE, merges: true }, port },
    [RIGHT]: { profile: SLACK_LIKE, port },
  });
  for (const thread of THREADS) {
    await hub.hear(seenAt(thread), RIGHT);
    await hub.work();
  }
  await hub.hear({ ...caseSeen(ONE), life: 'deleted', fields: {} });
  await hub.work(60_000);
  answer.isLost = false;
  await hub.engine.drain(ACME, LEFT);
  await hub.work(900_000);

  const roots = await rootsOf(hub);
  const of = (thread: string) =>
    roots.find(({ lanes }: Root) => lanes[RIGHT]?.link.externalId === thread)?.lanes[LEFT]?.link;
  expect(of('thread-2')).toMatchObject({ externalId: TWO, origin: 'ours' });
  expect(of('thread-1')).toMatchObject({ externalId: TWO, isBorrowed: true });
});
