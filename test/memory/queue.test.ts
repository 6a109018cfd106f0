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

/** What it shares with SQS stands in test/contracts/queues.ts; the emulator forgets nothing by age. */
describe('queue in memory', () => {
  it('says when something can next be received', () => {
    const { clock, queue } = queues({ isFifo: false });
    expect(queue.nextAtMs()).toBeUndefined();
    queue.send({ body: 'a' });
    expect(queue.nextAtMs()).toBe(clock.now());

    queue.receive();

    expect(queue.nextAtMs()).toBe(clock.now() + MINUTE_MS);
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
