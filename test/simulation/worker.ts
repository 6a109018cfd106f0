import { parentPort } from 'node:worker_threads';
import { planOf } from './generate.ts';
import { breaks, type Turn } from './pool.ts';
import { type Outcome, run } from './run.ts';

// Errors are outcomes here, made by the thousand; nobody reads their stacks.
Error.stackTraceLimit = 0;

parentPort!.on('message', async ({ from, count, without, stopsAt, skip }: Turn) => {
  const outcomes: Outcome[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    if (skip.includes(seed)) continue;
    const outcome = await run(planOf(seed), without);
    outcomes.push(outcome);
    if (breaks(outcome, stopsAt)) break;
  }
  parentPort!.postMessage(outcomes);
});
