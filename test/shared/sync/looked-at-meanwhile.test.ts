import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange } from '../../../shared/ports/index.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import type { Link, Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, RIGHT, type Site, settled, ticketOf } from './hub.ts';

/** A comment whose creation was not answered, and is looked for in a conversation in which somebody has edited since. */
async function lookedForIn(link: Partial<Link> = {}) {
  const written: RemoteChange[] = [];
  const error = new ProviderUnavailableError('no answer');
  const edited = (externalId: ExternalId): Observation => ({
    ...CASE,
    externalId,
    fields: { ...CASE.fields, priority: 'P1' },
    version: { source: 'any', value: 9 },
    ...{ authorship: 'other', atMs: hub.clock.now(), isComplete: true },
  });
  const port: Site['port'] = {
    read: async ({ kind, externalId }) =>
      kind === 'ticket' ? { state: 'present', observation: edited(externalId) } : { state: 'absent' },
    find: async () => undefined,
    write: async (change) => {
      written.push(change);
      return change.kind === 'comment' ? { outcome: 'uncertain', error } : settled(change);
    },
  };
  const finding = { commentCreation: 'find', requestLifetimeMs: 20_000 } as const;
  const hub = hubOver({
    [LEFT]: { profile: SALESFORCE_LIKE, port: {} },
    [RIGHT]: { profile: { ...SALESFORCE_LIKE, ...finding }, port },
  });
  await hub.hear(CASE);
  const said = { kind: 'comment', rootExternalId: CASE.externalId, fields: { body: 'it burns' } } as const;
  await hub.hear({ ...said, externalId: 'note-1' as ExternalId });
  await hub.work(5_000);
  const { id, lanes } = await ticketOf(hub);
  const item = (await hub.deps.store.get<Root>(rootKey(ACME, id).pk, 'root'))!;
  const lane = { ...lanes[RIGHT]!, link: { ...lanes[RIGHT]!.link, ...link } };
  const data = { ...item.data, lanes: { ...lanes, [RIGHT]: lane } };
  await hub.deps.store.commit([{ put: { ...item, data }, expect: item.version }]);

  await hub.work(60_000);
  return { root: await ticketOf(hub), written };
}

describe('a conversation that a comment of unknown fate is looked for in', () => {
  it('is taken in as it is seen there, though nobody has told of it', async () => {
    const { root, written } = await lookedForIn();

    expect(root.fields.priority).toBe('low');
    expect(root.lanes[RIGHT]?.link.got).toMatchObject({ priority: 'P1' });
    expect(written.filter(({ kind }) => kind === 'comment').length).toBeGreaterThan(1);
  });

  it('says nothing of the record where it is another’s', async () => {
    const { root } = await lookedForIn({ isBorrowed: true });

    expect(root.fields.priority).toBe('normal');
  });
});
