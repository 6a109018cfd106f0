import { expect, it } from 'vitest';
import { placesFor } from '../../../shared/sync/desk.ts';
import { foldInto } from '../../../shared/sync/fold.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Effect, Pending, Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { lane, link, OBJECT, OLD, root, YOUNG } from './fold-scene.ts';
import { ACME, hubOver, RIGHT } from './hub.ts';

const asked = { subject: 'printer', description: 'it burns' };
const pending: Pending = {
  id: 'request-1',
  record: OLD,
  change: { kind: 'ticket', operation: 'create', record: OLD, fields: asked },
  base: {},
  baseAtMs: 0,
  startedAtMs: 5,
  leaseUntilMs: 30_000,
  settleAtMs: 60_000,
  revision: 1,
};

it('fold: the creation under way that made the object is settled by its being found, whoever saw it first', async () => {
  const { deps } = hubOver({ [RIGHT]: { profile: SALESFORCE_LIKE, port: {} } });
  const seen = link(OBJECT, { got: { subject: 'printer\n', priority: 'P2' }, gotAtMs: 3 });
  const roots = [
    root(OLD, { [RIGHT]: lane(link(undefined), { pending }) }),
    root(YOUNG, { [RIGHT]: lane(seen) }),
  ];
  await deps.store.commit(roots.map((data) => ({ put: { ...rootKey(ACME, data.id), data }, expect: 0 })));
  const desk = { deps, rules: standardRules };
  const place = (await placesFor(desk, ACME)).get(RIGHT)!;

  const fold = { younger: { root: YOUNG, record: YOUNG }, olderId: OLD };
  await foldInto(desk, new Session(deps.store), place, { kind: 'ticket', externalId: OBJECT }, fold);

  const { pk, sk } = rootKey(ACME, OLD);
  const { lanes } = (await deps.store.get<Root>(pk, sk))!.data;
  expect(lanes[RIGHT]).not.toHaveProperty('pending');
  expect(lanes[RIGHT]?.link).toMatchObject({
    externalId: OBJECT,
    origin: 'ours',
    needsRead: true,
    sent: asked,
    got: { ...asked, priority: 'P2' },
    wrote: { fields: asked },
    unshown: { subject: { fate: 'written' } },
  });
  const effects = await deps.store.list<Effect>(pk, { prefix: 'effect#' });
  expect(effects.map(({ data }) => data)).toMatchObject([{ record: OLD, operation: 'create' }]);
});
