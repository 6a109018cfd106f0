import { expect, it } from 'vitest';
import { rootKey } from '../../../shared/sync/keys.ts';
import type { Effect, Pending } from '../../../shared/sync/state.ts';
import { folded, lane, link, OBJECT, OLD } from './fold-scene.ts';
import { ACME } from './hub.ts';

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
  const seen = link(OBJECT, { got: { subject: 'printer\n', priority: 'P2' }, gotAtMs: 3 });

  const { after, store } = await folded(lane(link(undefined), { pending }), lane(seen));

  expect(after).not.toHaveProperty('pending');
  expect(after.link).toMatchObject({
    externalId: OBJECT,
    origin: 'ours',
    needsRead: true,
    sent: asked,
    got: { ...asked, priority: 'P2' },
    wrote: { fields: asked },
    unshown: { subject: 'written' },
  });
  const effects = await store.list<Effect>(rootKey(ACME, OLD).pk, { prefix: 'effect#' });
  expect(effects.map(({ data }) => data)).toMatchObject([{ record: OLD, operation: 'create' }]);
});
