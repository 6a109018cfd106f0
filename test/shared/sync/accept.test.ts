import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../shared/errors.ts';
import type { Arrival, Store } from '../../../shared/ports/index.ts';
import { accept } from '../../../shared/sync/accept.ts';
import { memoryQueues, memorySealer, memoryStore, storeOver, virtualClock } from '../../memory/index.ts';
import { ACME, LEFT } from './hub.ts';

function doorOf(broken: Partial<Store> = {}) {
  const clock = virtualClock();
  const store = memoryStore({ clock });
  const queues = memoryQueues({ clock });
  const deps = { clock, queues, sealer: memorySealer(), store: storeOver(store, broken) };
  const arrival: Arrival = {
    organization: ACME,
    connection: LEFT,
    eventId: 'event-1',
    group: 'case-1',
    contentType: 'application/json',
    body: Buffer.from('{"secret":"words of a customer"}'),
    lane: 'changes',
    receivedAtMs: clock.now(),
    redeliveryMs: 1_000,
  };
  return { deps, arrival, store, queues };
}

describe('accept', () => {
  it('keeps the event sealed before it enqueues its id', async () => {
    const { deps, arrival, store, queues } = doorOf();

    expect(await accept(deps, arrival)).toBe('accepted');

    expect(JSON.stringify(store.items())).not.toContain('words of a customer');
    expect(queues.changes.receive()?.body).toMatchObject({ type: 'change', inbox: 'event-1' });
  });

  it('does nothing for an event it has', async () => {
    const { deps, arrival, queues } = doorOf();
    await accept(deps, arrival);
    queues.changes.receive();

    expect(await accept(deps, arrival)).toBe('duplicate');

    expect(queues.changes.size).toBe(1);
  });

  it('counts each event at the door once, in an item of its own', async () => {
    const { deps, arrival, store } = doorOf();
    await Promise.all([accept(deps, arrival), accept(deps, { ...arrival, eventId: 'event-2' })]);
    await accept(deps, arrival);

    const marks = store.items().filter(({ pk }) => pk === `${ACME}#door#${LEFT}`);

    expect(marks.map(({ sk }) => sk.split('#')[1]).sort()).toEqual(['event-1', 'event-2']);
    for (const { version, data, expiresAt } of marks) {
      expect([version, data]).toEqual([1, {}]);
      expect(expiresAt).toBeGreaterThan(arrival.receivedAtMs / 1_000);
    }
  });

  it('does not count an event it could not keep', async () => {
    const { deps, arrival, store } = doorOf();

    await expect(accept(deps, { ...arrival, body: Buffer.alloc(3_000_000) })).rejects.toThrow();

    expect(store.items()).toEqual([]);
  });

  it('takes a conflict for a duplicate only if the row is there', async () => {
    const commit = async () => {
      throw new ConflictError('a transaction was in the way');
    };
    const { deps, arrival } = doorOf({ commit });

    await expect(accept(deps, arrival)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('names its limit to a body it cannot keep', async () => {
    const { deps, arrival } = doorOf();

    await expect(accept(deps, { ...arrival, body: Buffer.alloc(3_000_000) })).rejects.toMatchObject({
      code: 'invariant',
    });
  });
});
