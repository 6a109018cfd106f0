import { expect, it } from 'vitest';
import { rootKey } from '../../../shared/sync/keys.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { foldTickets, lane, link, OBJECT, OLD, root, YOUNG } from './fold-scene.ts';
import { ACME, hubOver, LEFT, RIGHT } from './hub.ts';

it('fold: who read the younger before does not bring it back in the session of the fold', async () => {
  const site = { profile: SALESFORCE_LIKE, port: { read: async () => ({ state: 'absent' }) as const } };
  const { deps } = hubOver({ [LEFT]: site, [RIGHT]: site });
  const roots = [root(OLD, { [LEFT]: lane(link('case-1')) }), root(YOUNG, { [RIGHT]: lane(link(OBJECT)) })];
  for (const each of roots)
    await deps.store.commit([{ put: { ...rootKey(ACME, each.id), data: each }, expect: 0 }]);
  const session = new Session(deps.store);
  const asRead = await session.get<Root>(rootKey(ACME, YOUNG));
  await foldTickets(deps, session);

  session.put(rootKey(ACME, YOUNG), { ...asRead, updatedAtMs: 1 });

  await expect(session.commit()).rejects.toMatchObject({ code: 'conflict' });
  const { pk, sk } = rootKey(ACME, YOUNG);
  expect((await deps.store.get<Root>(pk, sk))?.data.foldedInto).toBe(OLD);
});
