import { describe, expect, it } from 'vitest';
import { placementOf } from '../../../shared/sync/desk.ts';
import { createCopyingEngine } from '../../../shared/sync/index.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { ACME, hubOver, LEFT, RIGHT } from './hub.ts';

describe('a record older than the connection, brought out', () => {
  it('has its lane there though it is dead: brought back, it gets its copy', async () => {
    const site = { profile: SALESFORCE_LIKE, port: {} };
    const hub = hubOver({ [LEFT]: site, [RIGHT]: site });
    const { store } = hub.deps;
    const deleted = { atMs: 1, source: LEFT };
    const dead = root(OLD, { [LEFT]: lane(link('case-1', { dead: { atMs: 1 } })) }, { deleted });
    await store.commit([
      { put: { ...rootKey(ACME, OLD), data: dead, ...placementOf(dead, ACME) }, expect: 0 },
    ]);

    const engine = createCopyingEngine(hub.deps);
    const opened = await engine.openCopies({
      organization: ACME,
      connection: RIGHT,
      kind: 'ticket',
      limit: 9,
    });

    expect(opened).toMatchObject({ looked: 1, opened: 0, wakes: [] });
    const { pk, sk } = rootKey(ACME, OLD);
    expect((await store.get<Root>(pk, sk))?.data.lanes).toHaveProperty(RIGHT);
  });
});
