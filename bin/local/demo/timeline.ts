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
  /** From a change on one side to its being seen on the other, over the steps that carry one across. */
  readonly syncLagMs: { readonly p50: number; readonly p99: number };
}

/** Plays the steps in order and stops at the first that does not hold. */
export async function play(
  steps: readonly Step[],
  onStep: (report: StepReport) => void,
): Promise<StoryReport> {
  const reports: StepReport[] = [];
  const lagsMs: number[] = [];
  for (const step of steps) {
    const startedAtMs = performance.now();
    const problem = await step.run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const ms = Math.round(performance.now() - startedAtMs);
    const report = { name: step.name, ms, ...(problem === undefined ? {} : { problem }) };
    reports.push(report);
    onStep(report);
    if (problem !== undefined) break;
    if (step.isSync) lagsMs.push(ms);
  }
  const ok = reports.length === steps.length && reports.every(({ problem }) => problem === undefined);
  return { ok, steps: reports, syncLagMs: { p50: percentile(lagsMs, 0.5), p99: percentile(lagsMs, 0.99) } };
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
