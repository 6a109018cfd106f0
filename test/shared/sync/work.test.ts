import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../shared/errors.ts';
import type { WorkMessage } from '../../../shared/ports/index.ts';
import { createEngine } from '../../../shared/sync/index.ts';
import { CASE, hubOf, RIGHT, settled } from './hub.ts';

describe('work: a message of a work queue', () => {
  it('does nothing where it is not the wake', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const message = hub.queues.work(RIGHT).receive<WorkMessage>()!.body;

    await hub.engine.reconcile(
      { ...message, wake: 'stale' as typeof message.wake },
      { check: async () => ({ state: 'healthy', account: 'a' }) },
      hub.clock.now() + 30_000,
    );

    expect(hub.written).toEqual([]);
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
});
