import { memoryQueues, virtualClock } from '../memory/index.ts';
import { describeQueues, QUEUE, type QueuesWorld } from './queues.ts';

describeQueues('in memory', async (): Promise<QueuesWorld> => {
  const clock = virtualClock();
  const queues = memoryQueues({ clock, times: { ...QUEUE, retentionMs: 4 * 86_400_000 } });
  const named = {
    changes: queues.changes,
    deltas: queues.deltas,
    backfill: queues.backfill,
    work: queues.work('model'),
    files: queues.files('model'),
    jobs: queues.jobs('model'),
  };
  return {
    queues,
    async sendAs(name, deduplication, group, body) {
      named[name].send({ body, group, deduplication });
    },
    async deadLetters(name) {
      const found = queues.all().find(({ queue }) => queue === named[name]);
      return found?.deadLetters.bodies() as never;
    },
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
