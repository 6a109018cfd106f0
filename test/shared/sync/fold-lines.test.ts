import { describe, expect, it } from 'vitest';
import { childKey, lineKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { foldTickets, lane, link, note, OBJECT, OLD, OLD_NOTE, root, YOUNG } from './fold-scene.ts';
import { ACME, hubOf, hubOver, LEFT, RIGHT, settled } from './hub.ts';
import { shelfOf } from './shelf.ts';

describe('fold: a place that comes with the younger', () => {
  it('has what was said in the older until then looked at', async () => {
    const site = { profile: SALESFORCE_LIKE, port: {} };
    const hub = hubOver({ [LEFT]: site, [RIGHT]: site });
    const { store } = hub.deps;
    const said = note(OLD_NOTE, OLD, { [LEFT]: link('note-1') });
    const older = root(OLD, { [LEFT]: lane(link('case-1')) }, { childCount: 1 });
    const younger = root(YOUNG, { [RIGHT]: lane(link(OBJECT)) });
    await store.commit([
      { put: { ...rootKey(ACME, OLD), data: older }, expect: 0 },
      { put: { ...rootKey(ACME, YOUNG), data: younger }, expect: 0 },
      { put: { ...childKey(ACME, OLD, OLD_NOTE), data: said }, expect: 0 },
    ]);

    await foldTickets(hub.deps);

    const { pk, sk } = lineKey(ACME, OLD, said);
    expect((await store.get(pk, sk))?.data).toEqual({ id: OLD_NOTE });
    const after = rootKey(ACME, OLD);
    expect((await store.get<Root>(after.pk, after.sk))?.data.lanes[RIGHT]).toHaveProperty('beyond');
  });
});

describe('fold: what is said while a worker brings over what was said in the younger', () => {
  it('goes out once all of that is here, though no line has listed it for good yet', async () => {
    const hub = hubOf(settled);
    const { keepRoots } = shelfOf(() => hub.deps.store);
    const subject = { subject: 'printer' };
    await keepRoots(
      root(OLD, { [LEFT]: lane(link('case-1', { sent: subject, got: subject })) }, { givers: [YOUNG] }),
      root(YOUNG, {}, { foldedInto: OLD }),
    );

    const edit = { edit: 'comment', body: 'We are on it', visibility: 'public', authorName: 'Bo' } as const;
    await hub.engine.edit({ organization: ACME, root: OLD, actor: 'agent:bo', idempotencyKey: 'one', edit });
    await hub.work();

    expect(hub.written).toMatchObject([{ kind: 'comment', operation: 'create', rootExternalId: 'case-1' }]);
  });
});
