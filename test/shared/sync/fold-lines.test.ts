import { describe, expect, it } from 'vitest';
import { placesFor } from '../../../shared/sync/desk.ts';
import { foldInto } from '../../../shared/sync/fold.ts';
import { childKey, lineKey, rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { lane, link, note, OBJECT, OLD, OLD_NOTE, root, YOUNG } from './fold-scene.ts';
import { ACME, hubOver, LEFT, RIGHT } from './hub.ts';

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

    const desk = { deps: hub.deps, rules: standardRules };
    const place = (await placesFor(desk, ACME)).get(RIGHT)!;
    const fold = { younger: { root: YOUNG, record: YOUNG }, olderId: OLD };
    await foldInto(desk, new Session(store), place, { kind: 'ticket', externalId: OBJECT }, fold);

    const { pk, sk } = lineKey(ACME, OLD, said);
    expect((await store.get(pk, sk))?.data).toEqual({ id: OLD_NOTE });
    const after = rootKey(ACME, OLD);
    expect((await store.get<Root>(after.pk, after.sk))?.data.lanes[RIGHT]).toHaveProperty('beyond');
  });
});
