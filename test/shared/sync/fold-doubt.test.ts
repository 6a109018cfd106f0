import { expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { placesFor } from '../../../shared/sync/desk.ts';
import { foldInto } from '../../../shared/sync/fold.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { lane, link, OBJECT, OLD, OLD_NOTE, root, YOUNG, YOUNG_NOTE } from './fold-scene.ts';
import { ACME, hubOver, RIGHT } from './hub.ts';

const asked = (record: RecordId) => ({ record, fields: { body: record } });

it.each([
  ['moved to the older’s copy', 'case-1', { wasMoved: true }],
  ['where it was', undefined, {}],
])('fold: a comment of unknown fate stays in doubt: its object may turn up, %s', async (_, own, moved) => {
  const { deps } = hubOver({ [RIGHT]: { profile: SALESFORCE_LIKE, port: {} } });
  const roots = [
    root(OLD, { [RIGHT]: lane(link(own), { doubtful: [asked(OLD_NOTE)] }) }),
    root(YOUNG, { [RIGHT]: lane(link(OBJECT), { doubtful: [asked(YOUNG_NOTE)] }) }),
  ];
  await deps.store.commit(roots.map((data) => ({ put: { ...rootKey(ACME, data.id), data }, expect: 0 })));
  const desk = { deps, rules: standardRules };
  const place = (await placesFor(desk, ACME)).get(RIGHT)!;

  const fold = { younger: { root: YOUNG, record: YOUNG }, olderId: OLD };
  await foldInto(desk, new Session(deps.store), place, { kind: 'ticket', externalId: OBJECT }, fold);

  const { pk, sk } = rootKey(ACME, OLD);
  const { lanes } = (await deps.store.get<Root>(pk, sk))!.data;
  expect(lanes[RIGHT]?.doubtful).toEqual([asked(OLD_NOTE), { ...asked(YOUNG_NOTE), ...moved }]);
});
