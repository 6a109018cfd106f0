import { describe, expect, it } from 'vitest';
import type {
  ConnectionId,
  InboxId,
  JobId,
  OrganizationId,
  RecordId,
  WakeId,
} from '../../shared/domain/index.ts';
import type {
  BackfillMessage,
  ChangeMessage,
  EntryLane,
  JobQueues,
  QueueMessage,
  Queues,
  WorkMessage,
} from '../../shared/ports/index.ts';

export interface ReceivedMessage {
  readonly body: QueueMessage;
  readonly receives: number;
  delete(): Promise<void>;
  /** Visible again at once. */
  release(): Promise<void>;
}

/** How every queue of a world is set up. */
export const QUEUE = { visibilityMs: 60_000, maxReceives: 2 };
export type QueueName = EntryLane | 'work' | 'files' | 'jobs';

export interface QueuesWorld {
  readonly queues: Queues & JobQueues;
  /** Puts a message on a FIFO queue under a deduplication id of the test's own; the port always takes a fresh one. */
  sendAs(queue: EntryLane, deduplication: string, group: string, body: ChangeMessage): Promise<void>;
  /** Bodies in a queue's dead-letter queue, without receiving them. */
  deadLetters(queue: QueueName): Promise<readonly QueueMessage[]>;
  /** One look at a queue, empty-handed when nothing is visible; lanes are FIFO, `work`, `files` and `jobs` are integration `model`'s. */
  receive(queue: QueueName): Promise<ReceivedMessage | undefined>;
  /** Lets this much of the queues' time pass. */
  pass(ms: number): Promise<void>;
  close?(): Promise<void>;
}

/** SQS's own. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const DEDUPLICATION_MS = 5 * 60_000;

const change = (inbox: string): ChangeMessage => ({
  type: 'change',
  organization: 'acme' as OrganizationId,
  connection: 'c1' as ConnectionId,
  inbox: inbox as InboxId,
});
const work = (wake: string, organization = 'acme'): WorkMessage => ({
  type: 'reconcile',
  organization: organization as OrganizationId,
  root: 'r1' as RecordId,
  connection: 'c1' as ConnectionId,
  wake: wake as WakeId,
});

const backfill = (job: string): BackfillMessage => ({
  type: 'backfill',
  organization: 'acme' as OrganizationId,
  connection: 'c1' as ConnectionId,
  job: job as JobId,
});

/** Every implementation of the queue port, looked at from its receiving end. */
export function describeQueues(name: string, make: () => Promise<QueuesWorld>): void {
  describe(`queues ${name}: contract`, () => {
    const rule = (title: string, holds: (world: QueuesWorld) => Promise<void>) => {
      it(title, async () => {
        const world = await make();
        try {
          await holds(world);
        } finally {
          await world.close?.();
        }
      });
    };

    rule('gives out the changes of one group in order, one at a time', async (world) => {
      for (const inbox of ['1', '2', '3']) await world.queues.sendChange('changes', 'g', change(inbox));

      const first = await world.receive('changes');

      expect(first?.body).toEqual(change('1'));
      expect(await world.receive('changes')).toBeUndefined();
      await first!.delete();
      const second = await world.receive('changes');
      expect(second?.body).toEqual(change('2'));
      await second!.release();
      expect((await world.receive('changes'))?.body).toEqual(change('2'));
    });

    rule('lets other groups go on while one waits', async (world) => {
      await world.queues.sendChange('changes', 'g', change('1'));
      await world.queues.sendChange('changes', 'h', change('2'));

      const both = [await world.receive('changes'), await world.receive('changes')];

      expect(both.map((each) => each?.body)).toEqual([change('1'), change('2')]);
    });

    rule('keeps live changes, deltas and backfill apart', async (world) => {
      await world.queues.sendChange('deltas', 'g', change('1'));
      await world.queues.sendChange('backfill', 'g', change('2'));

      expect(await world.receive('changes')).toBeUndefined();
      expect((await world.receive('deltas'))?.body).toEqual(change('1'));
      expect((await world.receive('backfill'))?.body).toEqual(change('2'));
    });

    rule('keeps long jobs apart from work', async (world) => {
      await world.queues.sendJob('model', backfill('1'), 1_000);
      await world.pass(1_000);

      expect(await world.receive('work')).toBeUndefined();
      expect((await world.receive('jobs'))?.body).toEqual(backfill('1'));
    });

    rule('keeps files apart from work', async (world) => {
      const transfer = { ...work('1'), type: 'transfer' } as const;
      await world.queues.sendWork('model', transfer, 1_000);
      await world.pass(1_000);

      expect(await world.receive('work')).toBeUndefined();
      expect((await world.receive('files'))?.body).toEqual(transfer);
    });

    rule('never drops a message for being equal to an earlier one', async (world) => {
      await world.queues.sendChange('changes', 'g', change('1'));
      await world.queues.sendChange('changes', 'g', change('1'));

      const first = await world.receive('changes');
      await first!.delete();

      expect((await world.receive('changes'))?.body).toEqual(change('1'));
    });

    rule('gives out work, and work of one organization side by side', async (world) => {
      await world.queues.sendWork('model', work('1'));
      await world.queues.sendWork('model', work('2'));

      const both = [await world.receive('work'), await world.receive('work')];

      expect(both.map((each) => each?.body)).toEqual(expect.arrayContaining([work('1'), work('2')]));
    });

    rule('lets an organization with less in flight pass one that floods', async (world) => {
      for (const wake of ['1', '2', '3', '4']) await world.queues.sendWork('model', work(wake, 'greedy'));
      const flood = [await world.receive('work'), await world.receive('work')];
      expect(flood.map((each) => each?.body.organization)).toEqual(['greedy', 'greedy']);
      for (const wake of ['1', '2']) await world.queues.sendWork('model', work(wake, 'modest'));

      const next = [await world.receive('work'), await world.receive('work'), await world.receive('work')];

      expect(next.map((each) => each?.body.organization)).toEqual(['modest', 'modest', 'greedy']);
    });

    rule('counts what nobody finished in time as in flight no more', async (world) => {
      await world.queues.sendWork('model', work('1', 'greedy'));
      await world.receive('work');
      await world.pass(QUEUE.visibilityMs);
      await world.queues.sendWork('model', work('1', 'modest'));

      const both = [await world.receive('work'), await world.receive('work')];

      expect(both.map((each) => each?.body.organization).sort()).toEqual(['greedy', 'modest']);
    });

    rule('holds delayed work back until its time', async (world) => {
      await world.queues.sendWork('model', work('1'), 1_000);

      expect(await world.receive('work')).toBeUndefined();
      await world.pass(1_000);

      expect((await world.receive('work'))?.body).toEqual(work('1'));
    });

    rule('counts receives, and gives a deleted message to nobody', async (world) => {
      await world.queues.sendWork('model', work('1'));
      const first = await world.receive('work');
      expect(first?.receives).toBe(1);
      await first!.release();

      const second = await world.receive('work');
      expect(second?.receives).toBe(2);
      await second!.delete();

      expect(await world.receive('work')).toBeUndefined();
    });

    rule('shows an unsettled message again after its visibility timeout, and not before', async (world) => {
      await world.queues.sendWork('model', work('1'));
      const first = await world.receive('work');
      await world.pass(QUEUE.visibilityMs - 2_000);
      expect(await world.receive('work')).toBeUndefined();

      await world.pass(2_000);

      const second = await world.receive('work');
      expect(second).toMatchObject({ body: first!.body, receives: 2 });
    });

    rule('sets a message aside after its last receive, as it was sent', async (world) => {
      await world.queues.sendWork('model', work('1'));
      for (let receive = 0; receive < QUEUE.maxReceives; receive += 1) {
        expect(await world.receive('work')).toBeDefined();
        expect(await world.deadLetters('work')).toEqual([]);
        await world.pass(QUEUE.visibilityMs);
      }

      expect(await world.receive('work')).toBeUndefined();
      expect(await world.deadLetters('work')).toEqual([work('1')]);
    });

    rule('holds a group back while its first message fails, until that is set aside', async (world) => {
      for (const inbox of ['1', '2']) await world.queues.sendChange('changes', 'g', change(inbox));
      await world.queues.sendChange('changes', 'h', change('3'));
      for (let receive = 0; receive < QUEUE.maxReceives; receive += 1) {
        const both = [await world.receive('changes'), await world.receive('changes')];
        const bodies = both.flatMap((each) => each?.body ?? []);
        expect(bodies).toContainEqual(change('1'));
        expect(bodies).not.toContainEqual(change('2'));
        await both.find((each) => each?.body.type === 'change' && each.body.inbox === '3')?.delete();
        await world.pass(QUEUE.visibilityMs);
      }

      expect((await world.receive('changes'))?.body).toEqual(change('2'));
      expect(await world.deadLetters('changes')).toEqual([change('1')]);
    });

    rule(
      'drops a second message under one deduplication id for five minutes, and no longer',
      async (world) => {
        await world.sendAs('changes', 'same', 'g', change('1'));
        await world.sendAs('changes', 'same', 'g', change('2'));
        await (await world.receive('changes'))!.delete();
        expect(await world.receive('changes')).toBeUndefined();
        await world.sendAs('deltas', 'same', 'g', change('3'));
        expect((await world.receive('deltas'))?.body).toEqual(change('3'));
        await world.pass(DEDUPLICATION_MS);

        await world.sendAs('changes', 'same', 'g', change('4'));

        expect((await world.receive('changes'))?.body).toEqual(change('4'));
      },
    );

    rule('refuses a delay no queue can keep', async (world) => {
      await expect(world.queues.sendWork('model', work('1'), 900_001)).rejects.toThrow();
    });
  });
}
