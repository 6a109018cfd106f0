import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './run.ts';
import type { Safeguard } from './safeguards.ts';

export interface Batch {
  readonly seed: number;
  readonly histories: number;
  readonly without?: Safeguard;
  /** Stop at the first history that breaks one of these. */
  readonly stopsAt?: readonly number[];
  /** Seeds left out. */
  readonly skip?: readonly number[];
}

const CHUNK = 20;

/** Seeds of one worker's turn. */
export interface Turn {
  readonly from: number;
  readonly count: number;
  readonly without: Safeguard | undefined;
  readonly stopsAt: readonly number[];
  readonly skip: readonly number[];
}

/** Runs histories on all cores; the outcome of a seed does not depend on which one had it. */
export async function runBatch(batch: Batch): Promise<readonly Outcome[]> {
  const { seed, histories, without, stopsAt = [], skip = [] } = batch;
  const outcomes: Outcome[] = [];
  const count = Math.min(availableParallelism(), Math.ceil(histories / CHUNK));
  const workers = Array.from({ length: count }, () => new Worker(new URL('./worker.ts', import.meta.url)));
  let next = 0;
  let isOver = false;
  const turns = async (worker: Worker) => {
    while (next < histories && !isOver) {
      const from = seed + next;
      const size = Math.min(CHUNK, histories - next);
      next += size;
      const made = await turnOf(worker, { from, count: size, without, stopsAt, skip });
      outcomes.push(...made);
      if (made.some((outcome) => breaks(outcome, stopsAt))) isOver = true;
    }
  };
  try {
    await Promise.all(workers.map(turns));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return outcomes.sort((a, b) => a.seed - b.seed);
}

/** Whether a history breaks one of these invariants. */
export function breaks({ breaches }: Outcome, invariants: readonly number[]): boolean {
  return breaches.some(({ invariant }) => invariants.includes(invariant));
}

function turnOf(worker: Worker, turn: Turn): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (outcomes: readonly Outcome[]) => {
      done();
      resolve(outcomes);
    };
    const onError = (error: Error) => {
      done();
      reject(error);
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(turn);
  });
}
