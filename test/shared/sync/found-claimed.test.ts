import { expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { claimKey } from '../../../shared/sync/keys.ts';
import type { Child, Claim, Tombstone } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, RIGHT, type Site, settled, ticketOf } from './hub.ts';

const NOTE = 'note-9' as ExternalId;
const error = new ProviderUnavailableError('the answer was lost');

it.each<[string, (own: Claim) => Claim | Tombstone]>([
  ['is known for its own already', (own) => own],
  ['was said to be deleted', () => ({ dead: { atMs: 1 } })],
])('a comment of unknown fate is settled by what a search shows, which %s', async (_what, noted) => {
  const found = (marker: RecordId): Observation => ({
    kind: 'comment',
    externalId: NOTE,
    visibility: 'public',
    authorship: 'hub',
    marker,
    fields: { body: 'it burns' },
    atMs: hub.clock.now(),
    isComplete: true,
  });
  const port: Site['port'] = {
    read: async () => ({ state: 'absent' }),
    find: async (record) => found(record),
    write: async (change) => (change.kind === 'comment' ? { outcome: 'uncertain', error } : settled(change)),
  };
  const profile = { ...SALESFORCE_LIKE, commentCreation: 'find', requestLifetimeMs: 20_000 } as const;
  const hub = hubOver({ [LEFT]: { profile: SALESFORCE_LIKE, port: {} }, [RIGHT]: { profile, port } });
  await hub.hear(CASE);
  const said = {
    kind: 'comment',
    externalId: 'note-1' as ExternalId,
    rootExternalId: CASE.externalId,
  } as const;
  await hub.hear({ ...said, visibility: 'public', fields: { body: 'it burns' } });
  await hub.work(5_000);
  const noteNow = () =>
    hub.deps.store.items().find(({ sk }) => sk.startsWith('child#'))!.data as unknown as Child;
  const { root, id: record } = noteNow();
  const put = { ...claimKey(ACME, RIGHT, 'comment', NOTE), data: noted({ root, record }) };
  await hub.deps.store.commit([{ put, expect: 0 }]);

  await hub.work(120_000);

  expect(noteNow().links[RIGHT]?.externalId).toBe(NOTE);
  expect((await ticketOf(hub)).lanes[RIGHT]).not.toHaveProperty('pending');
});
