import { describe, expect, it } from 'vitest';
import type { ConnectionId, InboxId, RecordId } from '../../../shared/domain/index.ts';
import type { WorkMessage } from '../../../shared/ports/index.ts';
import { ACME, CASE, hubOf, LEFT, parkedOf, RIGHT, settled } from './hub.ts';

describe('replay: work set aside', () => {
  it('dead-lettered is parked with the hub’s fault: a wake’s lane, an event’s row', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const wake = hub.queues.work(RIGHT).receive<WorkMessage>()!.body;
    const inbox = await hub.keep({ type: 'changed', objects: [] });

    await hub.engine.deadLetter(wake, 'its function failed');
    await hub.engine.deadLetter({ type: 'change', organization: ACME, connection: LEFT, inbox }, 'it failed');

    const parked = await parkedOf(hub);
    expect(parked.map(({ cause, fault }) => [cause, fault])).toEqual([
      ['dead-letter', 'hub'],
      ['dead-letter', 'hub'],
    ]);
    for (const { id } of parked) await hub.engine.replay(ACME, id, 'user:1');
    await hub.work();
    expect(hub.written).toHaveLength(1);
  });

  it('that is nobody’s is not found', async () => {
    const hub = hubOf(settled);

    await expect(hub.engine.replay(ACME, 'never', 'user:1')).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      hub.engine.deadLetter(
        { type: 'change', organization: ACME, connection: 'gone' as ConnectionId, inbox: 'x' as InboxId },
        'late',
      ),
    ).resolves.toBeUndefined();
    await expect(
      hub.engine.edit({
        organization: ACME,
        root: 'none' as RecordId,
        actor: 'a',
        idempotencyKey: 'k',
        edit: { edit: 'fields', fields: {} },
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
