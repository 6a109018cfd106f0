import { describe, expect, it } from 'vitest';
import { placementOf } from '../../../shared/sync/desk.ts';
import { createCopyingEngine } from '../../../shared/sync/index.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { newLink } from '../../../shared/sync/scene.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { DESK, FILE, fileRoot, filesHub, THREAD } from './files.ts';
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

  it('is listed and sent as a transfer where it is a file, and has an end once its copy is there', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.hear(FILE);
    await hub.work(60_000);
    const root = fileRoot(hub);
    const { [DESK]: _, ...lanes } = root.lanes;
    const older = { ...root, lanes };
    const { pk, sk } = rootKey(ACME, root.id);
    const { version } = (await hub.deps.store.get(pk, sk))!;
    await hub.deps.store.commit([
      { put: { pk, sk, data: older, ...placementOf(older, ACME) }, expect: version },
    ]);
    hub.desk.calls.splice(0);

    const engine = createCopyingEngine(hub.deps);
    const asked = { organization: ACME, connection: DESK, kind: 'attachment', limit: 9 } as const;
    expect(await engine.countRecords(asked)).toEqual({ count: 1 });
    const { opened, wakes } = await engine.openCopies(asked);

    expect([opened, wakes]).toMatchObject([1, [{ type: 'transfer', root: root.id, connection: DESK }]]);
    const where = { organization: ACME, connection: DESK, root: root.id };
    expect(await engine.endOfCopy(where)).toBe('open');
    await hub.deps.queues.sendWork(DESK, wakes[0]!);
    await hub.work(60_000);
    expect(hub.desk.calls).toEqual(['upload photo.png', 'create attachment']);
    expect(await engine.endOfCopy(where)).toBe('applied');
    expect(await engine.openCopies(asked)).toMatchObject({ opened: 0, ends: { echo: 1 } });
  });

  it('has its end where it is a file that waits for what it hangs on: that had its own, and wakes it', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.hear(FILE);
    await hub.work(60_000);
    const root = fileRoot(hub);
    const { pk, sk } = rootKey(ACME, root.id);
    const { version } = (await hub.deps.store.get(pk, sk))!;
    const lane = { ...root.lanes[DESK]!, link: newLink('ours'), waitsFor: root.file!.of.record };
    const waiting = { ...root, lanes: { ...root.lanes, [DESK]: lane } };
    await hub.deps.store.commit([{ put: { pk, sk, data: waiting }, expect: version }]);

    const engine = createCopyingEngine(hub.deps);

    expect(await engine.endOfCopy({ organization: ACME, connection: DESK, root: root.id })).toBe('parked');
  });
});
