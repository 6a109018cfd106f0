import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../shared/errors.ts';
import type { Integration, RemoteChange, WorkMessage } from '../../../shared/ports/index.ts';
import { createEngine, type Root } from '../../../shared/sync/index.ts';
import { CASE, hubOf, RIGHT, settled } from './hub.ts';

describe('work: a message of a work queue', () => {
  it('does nothing where it is not the wake', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const message = hub.queues.work(RIGHT).receive<WorkMessage>()!.body;
    const sent: RemoteChange[] = [];
    const integration: Integration = {
      check: async () => ({ state: 'healthy', account: 'a' }),
      write: async (change) => {
        sent.push(change);
        return settled(change);
      },
    };
    const work = (wake: string) =>
      hub.engine.reconcile(
        { ...message, wake: wake as typeof message.wake },
        integration,
        hub.clock.now() + 30_000,
      );

    await work('stale');
    expect(sent).toEqual([]);

    await work(message.wake);
    expect(sent).toMatchObject([{ operation: 'create', kind: 'ticket' }]);
  });

  it('comes back soon to a root that others write all the time, instead of sleeping until it is swept', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const crowded = createEngine({
      ...hub.deps,
      store: {
        get: (pk, sk) => hub.deps.store.get(pk, sk),
        list: (pk, options) => hub.deps.store.list(pk, options),
        due: (list, untilMs, limit) => hub.deps.store.due(list, untilMs, limit),
        page: (list, options) => hub.deps.store.page(list, options),
        commit: async () => {
          throw new ConflictError('somebody was quicker');
        },
      },
    });
    const wake = hub.queues.work(RIGHT).receive<WorkMessage>()!;

    await crowded.reconcile(
      wake.body,
      { check: async () => ({ state: 'healthy', account: 'a' }) },
      hub.clock.now() + 30_000,
    );
    hub.queues.work(RIGHT).delete(wake.receipt);

    expect(hub.queues.work(RIGHT).receive()).toBeUndefined();
    hub.clock.advance(2_000);
    await hub.work();
    expect(hub.written).toMatchObject([{ operation: 'create', kind: 'ticket' }]);
  });

  it('saves what its call brought, however often others are quicker: nobody else knows it', async () => {
    const { hub, sent, audited, crowd } = await crowdedAfterTheCall();

    await crowd({ losses: 40, eachMs: 100 });
    await hub.work();

    expect(sent).toHaveLength(1);
    expect(audited).toHaveLength(1);
    expect(laneIn(hub)).toMatchObject({ link: { externalId: expect.stringMatching(/^made-/) } });
    expect(laneIn(hub).wake).toBeUndefined();
  });

  it('comes by when the lease is over of one that could not save in its time, as the sweeper would later', async () => {
    const { hub, sent, crowd } = await crowdedAfterTheCall();

    await crowd({ losses: 1_000, eachMs: 1_000 });
    expect(laneIn(hub)).toMatchObject({ pending: {}, wake: {} });
    await hub.work(30_000);

    expect(sent.length + hub.written.length).toBe(2);
    expect(laneIn(hub)).toMatchObject({ link: { externalId: expect.stringMatching(/^made-/) } });
    expect(laneIn(hub).wake).toBeUndefined();
  });
});

type Hub = ReturnType<typeof hubOf>;

const laneIn = ({ deps }: Hub) => {
  const root = deps.store.items().find(({ sk }) => sk === 'root')!;
  return (root.data as Root).lanes[RIGHT]!;
};

/** A worker that loses to others from its call on; each loss takes its time. */
async function crowdedAfterTheCall() {
  const hub = hubOf(settled);
  await hub.hear(CASE);
  const [sent, audited]: [RemoteChange[], string[]] = [[], []];
  const crowd = async ({ losses, eachMs }: { losses: number; eachMs: number }): Promise<void> => {
    let lost = 0;
    const engine = createEngine({
      ...hub.deps,
      audit: {
        append: hub.deps.audit.append,
        appendAs: async (id, entry) => {
          audited.push(id);
          return hub.deps.audit.appendAs(id, entry);
        },
      },
      store: {
        get: (pk, sk) => hub.deps.store.get(pk, sk),
        list: (pk, options) => hub.deps.store.list(pk, options),
        due: (list, untilMs, limit) => hub.deps.store.due(list, untilMs, limit),
        page: (list, options) => hub.deps.store.page(list, options),
        commit: async (writes) => {
          if (sent.length === 0 || lost === losses) return hub.deps.store.commit(writes);
          lost += 1;
          hub.clock.advance(eachMs);
          throw new ConflictError('somebody was quicker');
        },
      },
    });
    const wake = hub.queues.work(RIGHT).receive<WorkMessage>()!;
    const write: Integration['write'] = async (change) => {
      sent.push(change);
      return settled(change);
    };
    const check = async () => ({ state: 'healthy', account: 'a' }) as const;
    await engine.reconcile(wake.body, { check, write }, hub.clock.now() + 30_000);
    hub.queues.work(RIGHT).delete(wake.receipt);
  };
  return { hub, sent, audited, crowd };
}
