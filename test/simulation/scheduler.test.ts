import { expect, it } from 'vitest';
import { Scheduler } from './scheduler.ts';

it('the scheduler tells whole milliseconds, as every clock does: ids are made of them', async () => {
  const scheduler = new Scheduler();
  const startMs = scheduler.clock.now();
  const ranAtMs: number[] = [];
  scheduler.after(1.2, () => ranAtMs.push(scheduler.clock.now() - startMs));

  await scheduler.runUntil(startMs + 2.7);

  expect(ranAtMs).toEqual([2]);
  expect(scheduler.clock.now() - startMs).toBe(2);
});
