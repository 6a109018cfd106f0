import { parentPort } from 'node:worker_threads';
import { planOf } from './generate.ts';
import type { Turn } from './pool.ts';
import { run } from './run.ts';

// Errors are outcomes here, made by the thousand; nobody reads their stacks.
Error.stackTraceLimit = 0;

parentPort!.on('message', async ({ seed, without, worlds }: Turn) => {
  parentPort!.postMessage(await run(planOf(seed, worlds), without));
});
