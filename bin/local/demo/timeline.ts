import type { Step } from './story.ts';

export interface StepReport {
  readonly name: string;
  readonly ms: number;
  /** Why the step did not hold. */
  readonly problem?: string;
}

export interface StoryReport {
  readonly ok: boolean;
  readonly steps: readonly StepReport[];
  /** From the commit of a change on one side to the acknowledged write on the other, as the hub measured it. */
  readonly syncLagMs: { readonly p50: number; readonly p99: number };
}

/**
 * Plays the steps in order and stops at the first that does not hold; `lagsMs` is asked at the end.
 * @throws the signal's reason once it is aborted, in the middle of a step too: nothing is told of that one.
 */
export async function play(
  steps: readonly Step[],
  lagsMs: () => Promise<readonly number[]>,
  onStep: (report: StepReport) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<StoryReport> {
  const reports: StepReport[] = [];
  for (const step of steps) {
    const report = await unlessAborted(signal, playStep(step));
    reports.push(report);
    onStep(report);
    if (report.problem !== undefined) break;
  }
  const ok = reports.length === steps.length && reports.every(({ problem }) => problem === undefined);
  const lags = await unlessAborted(signal, lagsMs());
  return { ok, steps: reports, syncLagMs: { p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) } };
}

async function playStep(step: Step): Promise<StepReport> {
  const startedAtMs = performance.now();
  const problem = await step.run().then(() => undefined, messageOf);
  const ms = Math.round(performance.now() - startedAtMs);
  return { name: step.name, ms, ...(problem === undefined ? {} : { problem }) };
}

async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return await Promise.race([work, aborted]);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Nearest rank; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function lineOf({ name, ms, problem }: StepReport): string {
  const time = `${ms} ms`.padStart(9);
  return problem === undefined ? `${time}  ${name}` : `${time}  ${name} — DID NOT HOLD: ${problem}`;
}
