import { parentPort, workerData } from 'node:worker_threads';
import { type Counting, startCounting } from './decisions/counting.ts';
import type { Turn } from './pool.ts';

// Errors are outcomes here, made by the thousand; nobody reads their stacks.
Error.stackTraceLimit = 0;

startCounting(workerData as Counting);
const { planOf } = await import('./generate.ts');
const { run } = await import('./run.ts');

parentPort!.on('message', async ({ seed, without, worlds }: Turn) => {
  parentPort!.postMessage(await run(planOf(seed, worlds), without));
});
