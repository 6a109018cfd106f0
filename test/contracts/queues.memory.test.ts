import { memoryQueues, virtualClock } from '../memory/index.ts';
import { describeQueues, type QueuesWorld } from './queues.ts';

describeQueues('in memory', async (): Promise<QueuesWorld> => {
  const clock = virtualClock();
  const queues = memoryQueues({ clock });
  const named = { changes: queues.changes, deltas: queues.deltas, work: queues.work('model') };
  return {
    queues,
    async receive(name) {
      const queue = named[name];
      const received = queue.receive();
      if (received === undefined) return undefined;
      return {
        body: received.body as never,
        receives: received.receives,
        delete: async () => queue.delete(received.receipt),
        release: async () => queue.changeVisibility(received.receipt, 0),
      };
    },
    pass: async (ms) => clock.advance(ms),
  };
});
