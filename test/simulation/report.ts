import { STRIKES } from './faults.ts';
import type { Outcome } from './run.ts';

export interface Report {
  readonly histories: number;
  readonly failed: number;
  readonly medianOperations: number;
  readonly medianKindsOfFault: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Faults that were never struck: a run that tells nothing about them. */
  readonly idle: readonly string[];
  readonly breachesByInvariant: Readonly<Record<string, number>>;
}

/** Beside the planned faults, what must have happened somewhere for a run to mean anything. */
const EXPECTED: readonly string[] = [
  ...Object.keys(STRIKES),
  'outage',
  'blindness',
  'queue-retention',
  'double-polls',
  'event-reordered',
  'event-redelivered',
  'door:duplicate',
  'dead-letter',
  'named-gap:unconditional',
  'named-gap:same-stamp',
  'named-gap:put-back',
];

export function reportOf(outcomes: readonly Outcome[]): Report {
  const counts: Record<string, number> = {};
  const breaches: Record<string, number> = {};
  for (const outcome of outcomes) {
    for (const [name, times] of Object.entries(outcome.counts)) counts[name] = (counts[name] ?? 0) + times;
    for (const number of new Set(outcome.breaches.map(({ invariant }) => invariant))) {
      breaches[`invariant ${number}`] = (breaches[`invariant ${number}`] ?? 0) + 1;
    }
  }
  return {
    histories: outcomes.length,
    failed: outcomes.filter((outcome) => outcome.breaches.length > 0).length,
    medianOperations: median(outcomes.map(({ operations }) => operations)),
    medianKindsOfFault: median(outcomes.map(({ kindsOfFault }) => kindsOfFault)),
    counts,
    idle: EXPECTED.filter((name) => counts[name] === undefined),
    breachesByInvariant: breaches,
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
