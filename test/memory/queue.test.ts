import { describe, expect, it } from 'vitest';
import { MemoryQueue, memorySealer, virtualClock } from './index.ts';

const MINUTE_MS = 60_000;

function queues(options: { isFifo: boolean; onExpired?: (body: unknown) => void }) {
  const clock = virtualClock();
  const { isFifo, onExpired } = options;
  const times = { isFifo, visibilityMs: MINUTE_MS, retentionMs: 60 * MINUTE_MS };
  const shared = { clock, ...(onExpired === undefined ? {} : { onExpired }) };
  const deadLetters = new MemoryQueue({ ...times, name: 'dead' }, shared);
  const queue = new MemoryQueue({ ...times, name: 'live', maxReceives: 2, deadLetters }, shared);
  return { clock, queue, deadLetters };
}

describe('queue in memory, as SQS', () => {
  it('shows an unsettled message again after its visibility timeout, then redrives it', () => {
    const { clock, queue, deadLetters } = queues({ isFifo: false });
    queue.send({ body: 'a' });

    expect(queue.receive()).toMatchObject({ receives: 1 });
    expect(queue.receive()).toBeUndefined();
    expect(queue.nextAtMs()).toBe(clock.now() + MINUTE_MS);
    clock.advance(MINUTE_MS);
    expect(queue.receive()).toMatchObject({ receives: 2 });
    clock.advance(MINUTE_MS);

    expect(queue.receive()).toBeUndefined();
    expect(deadLetters.bodies()).toEqual(['a']);
  });

  it('holds a group back while its first message is in flight, until redrive frees it', () => {
    const { clock, queue, deadLetters } = queues({ isFifo: true });
    queue.send({ body: 'a', group: 'g', deduplication: '1' });
    queue.send({ body: 'b', group: 'g', deduplication: '2' });

    queue.receive();
    clock.advance(MINUTE_MS);
    expect(queue.receive()?.body).toBe('a');
    expect(queue.receive()).toBeUndefined();
    clock.advance(MINUTE_MS);

    expect(queue.receive()?.body).toBe('b');
    expect(deadLetters.size).toBe(1);
  });

  it('drops an equal deduplication id for five minutes, and no longer', () => {
    const { clock, queue } = queues({ isFifo: true });
    queue.send({ body: 'a', group: 'g', deduplication: 'same' });
    queue.send({ body: 'b', group: 'g', deduplication: 'same' });
    expect(queue.bodies()).toEqual(['a']);
    clock.advance(5 * MINUTE_MS);

    queue.send({ body: 'c', group: 'g', deduplication: 'same' });

    expect(queue.bodies()).toEqual(['a', 'c']);
  });

  it('forgets, aloud to the test alone, what nobody took within its retention', () => {
    const expired: unknown[] = [];
    const { clock, queue } = queues({ isFifo: false, onExpired: (body) => expired.push(body) });
    queue.send({ body: 'a' });
    clock.advance(60 * MINUTE_MS);

    expect(queue.receive()).toBeUndefined();
    expect(expired).toEqual(['a']);
  });
});

describe('sealer in memory', () => {
  it('opens for the same organization and connection alone', async () => {
    const sealer = memorySealer();
    const plain = new TextEncoder().encode('secret');
    const sealed = await sealer.seal('o' as never, 'c' as never, plain);

    expect(Buffer.from(sealed).includes('secret')).toBe(false);
    expect(Buffer.from(await sealer.open('o' as never, 'c' as never, sealed)).toString()).toBe('secret');
    await expect(sealer.open('other' as never, 'c' as never, sealed)).rejects.toMatchObject({
      code: 'invariant',
    });
  });
});
