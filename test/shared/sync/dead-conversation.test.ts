import { expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { RemoteChange, WriteOutcome } from '../../../shared/ports/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { CASE, hubOver, LEFT, parkedOf, RIGHT, settled, ticketOf } from './hub.ts';

const unanswered: WriteOutcome = {
  outcome: 'uncertain',
  error: new ProviderUnavailableError('no answer'),
};

it('a comment of unknown fate is given up where its conversation is known to be dead: nobody waits to see that', async () => {
  const written: RemoteChange[] = [];
  const profile = { ...SALESFORCE_LIKE, commentCreation: 'find', requestLifetimeMs: 20_000 } as const;
  const port = {
    read: async () => ({ state: 'absent' }) as const,
    find: async () => undefined,
    write: async (change: RemoteChange) => {
      written.push(change);
      return change.kind === 'comment' ? unanswered : settled(change);
    },
  };
  const hub = hubOver({ [LEFT]: { profile, port: {} }, [RIGHT]: { profile, port } });
  await hub.hear(CASE);
  await hub.hear({
    kind: 'comment',
    externalId: 'note-1' as ExternalId,
    rootExternalId: CASE.externalId,
    fields: { body: 'it burns' },
  });
  await hub.work(5_000);
  const { externalId } = (await ticketOf(hub)).lanes[RIGHT]!.link;
  expect((await ticketOf(hub)).lanes[RIGHT]).toMatchObject({ pending: { isDoubtful: true } });

  await hub.hear({ kind: 'ticket', externalId: externalId!, fields: {}, life: 'deleted' }, RIGHT);
  await hub.work(120_000);

  const lane = (await ticketOf(hub)).lanes[RIGHT]!;
  expect(lane.link.dead).toBeDefined();
  expect(lane).not.toHaveProperty('pending');
  expect(await parkedOf(hub)).toEqual([]);
  expect(written.map(({ kind }) => kind)).toEqual(['ticket', 'comment']);
});
