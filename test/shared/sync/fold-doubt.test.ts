import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { placesFor } from '../../../shared/sync/desk.ts';
import { foldInto } from '../../../shared/sync/fold.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Lane, Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { lane, link, OBJECT, OLD, OLD_NOTE, root, YOUNG, YOUNG_NOTE } from './fold-scene.ts';
import { ACME, hubOver, RIGHT } from './hub.ts';

const asked = (record: RecordId) => ({ record, fields: { body: record } });

async function folded(older: Lane, younger: Lane): Promise<Lane> {
  const { deps } = hubOver({ [RIGHT]: { profile: SALESFORCE_LIKE, port: {} } });
  const roots = [root(OLD, { [RIGHT]: older }), root(YOUNG, { [RIGHT]: younger })];
  await deps.store.commit(roots.map((data) => ({ put: { ...rootKey(ACME, data.id), data }, expect: 0 })));
  const desk = { deps, rules: standardRules };
  const place = (await placesFor(desk, ACME)).get(RIGHT)!;

  const fold = { younger: { root: YOUNG, record: YOUNG }, olderId: OLD };
  await foldInto(desk, new Session(deps.store), place, { kind: 'ticket', externalId: OBJECT }, fold);

  const { pk, sk } = rootKey(ACME, OLD);
  return (await deps.store.get<Root>(pk, sk))!.data.lanes[RIGHT]!;
}

describe('fold: a comment', () => {
  it.each([
    ['moved to the older’s copy', 'case-1', { wasMoved: true }],
    ['where it was', undefined, {}],
  ])('of unknown fate stays in doubt: its object may turn up, %s', async (_, own, moved) => {
    const older = lane(link(own), { doubtful: [asked(OLD_NOTE)] });

    const { doubtful } = await folded(older, lane(link(OBJECT), { doubtful: [asked(YOUNG_NOTE)] }));

    expect(doubtful).toEqual([asked(OLD_NOTE), { ...asked(YOUNG_NOTE), ...moved }]);
  });

  it.each([['case-1'], [undefined]])(
    'out of sight is looked for again, whether the older has a copy (%s) or not',
    async (own) => {
      const older = lane(link(own), { drains: [{ record: OLD_NOTE, atMs: 5 }] });
      const missed = [YOUNG, YOUNG_NOTE].map((record) => ({ record, atMs: 7 }));

      const { drains } = await folded(older, lane(link(OBJECT), { drains: missed }));

      expect(drains).toEqual([
        { record: OLD_NOTE, atMs: 5 },
        { record: YOUNG_NOTE, atMs: 7 },
      ]);
    },
  );

  it('out of sight finds no room where two hundred are looked for already', async () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ record: `old.${at}` as RecordId, atMs: 5 }));
    const younger = lane(link(OBJECT), { drains: [{ record: YOUNG_NOTE, atMs: 7 }] });

    const { drains } = await folded(lane(link('case-1'), { drains: many }), younger);

    expect(drains).toEqual(many);
  });
});
