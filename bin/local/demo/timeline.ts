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

/** Plays the steps in order and stops at the first that does not hold; `lagsMs` is asked at the end. */
export async function play(
  steps: readonly Step[],
  lagsMs: () => Promise<readonly number[]>,
  onStep: (report: StepReport) => void,
): Promise<StoryReport> {
  const reports: StepReport[] = [];
  for (const step of steps) {
    const report = await playStep(step);
    reports.push(report);
    onStep(report);
    if (report.problem !== undefined) break;
  }
  const ok = reports.length === steps.length && reports.every(({ problem }) => problem === undefined);
  const lags = await lagsMs();
  return { ok, steps: reports, syncLagMs: { p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) } };
}

async function playStep(step: Step): Promise<StepReport> {
  const startedAtMs = performance.now();
  const problem = await step.run().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const ms = Math.round(performance.now() - startedAtMs);
  return { name: step.name, ms, ...(problem === undefined ? {} : { problem }) };
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
