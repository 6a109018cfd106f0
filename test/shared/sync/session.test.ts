import { expect, it } from 'vitest';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { Session } from '../../../shared/sync/session.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';

const KEY = { pk: 'acme#root#1', sk: 'root' };

it('session: what was staged for a commit that failed is never written along with something else', async () => {
  const store = memoryStore({ clock: virtualClock() });
  let isAway = true;
  const session = new Session({
    ...store,
    get: (pk, sk) => store.get(pk, sk),
    commit: async (writes) => {
      if (isAway) throw new ProviderUnavailableError('the store is away');
      await store.commit(writes);
    },
  });
  session.put(KEY, { of: 'one decision' });
  await expect(session.commit()).rejects.toMatchObject({ code: 'provider_unavailable' });
  isAway = false;

  session.put({ ...KEY, pk: 'acme#root#2' }, { of: 'another' });

  await expect(session.commit()).rejects.toMatchObject({ code: 'conflict' });
  expect(store.items()).toEqual([]);
});

it.each<[string, (session: Session) => unknown]>([
  ['once for all', (session) => session.removeOnce(KEY)],
  ['having looked for it', (session) => session.get(KEY).then(() => session.remove(KEY))],
])(
  'session: what it takes away %s before its commit is not written, nor in its way',
  async (_how, remove) => {
    const store = memoryStore({ clock: virtualClock() });
    const session = new Session(store);
    session.put(KEY, { of: 'one step' });

    await remove(session);

    session.put({ ...KEY, pk: 'acme#root#2' }, { of: 'the next' });
    await session.commit();
    expect(store.items().map(({ pk }) => pk)).toEqual(['acme#root#2']);
  },
);
