import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Counted, type Tally } from './decisions/tally.ts';
import type { Outcome } from './run.ts';
import type { Safeguard } from './safeguards.ts';
import type { LayerName } from './worlds/layers.ts';

export interface Batch {
  readonly seed: number;
  readonly histories: number;
  readonly without?: Safeguard;
  /** Laid over every history, in place of those that chance brings. */
  readonly worlds?: readonly LayerName[];
  /** Stop at the first history that breaks one of these. */
  readonly stopsAt?: readonly number[];
  /** Seeds left out. */
  readonly skip?: readonly number[];
}

/** One history at a time: whoever is done takes the next one, and a search ends with the history that ends it. */
export interface Turn {
  readonly seed: number;
  readonly without: Safeguard | undefined;
  readonly worlds: readonly LayerName[] | undefined;
}

export interface Ran {
  readonly outcomes: readonly Outcome[];
  readonly tally: Tally;
}
/** A history leaves little behind: with room for what is young, hardly any of it is copied before it is garbage. */
const MEMORY = { maxYoungGenerationSizeMb: 192 };

/** Runs histories on all cores; the outcome of a seed does not depend on which one had it. */
export async function runBatch(batch: Batch): Promise<Ran> {
  const { seed: first, histories, without, worlds, stopsAt = [], skip = [] } = batch;
  const seeds = Array.from({ length: histories }, (_, at) => first + at).filter(
    (seed) => !skip.includes(seed),
  );
  const outcomes: Outcome[] = [];
  const count = Math.min(availableParallelism(), seeds.length);
  const counted = new Counted();
  const workers = Array.from(
    { length: count },
    () =>
      new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: counted.give(),
        resourceLimits: MEMORY,
      }),
  );
  const left = seeds.values();
  let isOver = false;
  const turns = async (worker: Worker) => {
    for (let next = left.next(); !isOver && next.done !== true; next = left.next()) {
      const outcome = await turnOf(worker, { seed: next.value, without, worlds });
      outcomes.push(outcome);
      isOver ||= breaks(outcome, stopsAt);
    }
  };
  try {
    await Promise.all(workers.map(turns));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return { outcomes: outcomes.sort((a, b) => a.seed - b.seed), tally: counted.tally };
}

/** Whether a history breaks one of these invariants. */
export function breaks({ breaches }: Outcome, invariants: readonly number[]): boolean {
  return breaches.some(({ invariant }) => invariants.includes(invariant));
}

function turnOf(worker: Worker, turn: Turn): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (outcome: Outcome) => {
      done();
      resolve(outcome);
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
