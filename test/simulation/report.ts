import { PARKED_BY } from '../../shared/telemetry/index.ts';
import { DECIDED, decidedIn } from './decisions/named.ts';
import { type Decisions, decisionsOf } from './decisions/told.ts';
import { STRIKES } from './faults.ts';
import { OPERATIONS } from './plan.ts';
import type { Ran } from './pool.ts';

export interface Report {
  readonly histories: number;
  readonly failed: number;
  readonly medianOperations: number;
  readonly medianKindsOfFault: number;
  readonly counts: Readonly<Record<string, number>>;
  /** What never happened: a run that tells nothing about it. */
  readonly idle: readonly string[];
  /** Of how many families a gap that a manifest names was needed, for each thousand histories. */
  readonly gapsPerThousand: Readonly<Record<string, number>>;
  readonly breachesByInvariant: Readonly<Record<string, number>>;
  readonly decisions: Decisions;
}

/** Kinds of vendors and clocks: each must have been lived with. */
const WORLDS: readonly string[] = [
  ...['unique', 'find', 'none'].flatMap((by) => [`world:creation=${by}`, `world:commentCreation=${by}`]),
  ...['none', 'counter', 'stamp'].map((versions) => `world:versions=${versions}`),
  ...['none', 'trim', 'newline', 'cut', 'restless'].map((normaliser) => `world:normaliser=${normaliser}`),
  ...['full', 'partial', 'gap'].map((body) => `world:eventBody=${body}`),
  ...['hasAuthorship', 'hasConditionalWrites', 'hasFieldTimes', 'polls', 'tellsDeleted', 'isGuarded'].flatMap(
    (name) => [`world:${name}=true`, `world:${name}=false`],
  ),
  'world:stampMs=1',
  'world:stampMs=1000',
  'world:clocks-behind',
  'world:clocks-ahead',
  'world:two-organizations',
  'world:greedy-tenant',
  'world:files',
  'world:remaps',
  'world:bulk-replays',
  'world:merges=true',
  'world:hasAccounts=true',
  'world:backfills=true',
  'world:ending-tokens',
];

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
  'door:accepted',
  'dead-letter',
  ...['started', 'done', 'cancelled'].flatMap((what) => [`backfill:${what}-in`, `backfill:${what}-out`]),
  'consumers-stopped',
  'function-timeout',
  'poll-excluded',
  'cursor-moved-by-another',
  'mapping-changed',
  'token-renewals',
  'connection-parked',
  'authorized-again',
  'refusing',
  'bulk-replayed',
  'bulk-replay-cancelled',
  'bulk-replay-taken-over',
  'replay-killed',
  'waited-among-greedy',
  'refused-among-greedy',
  'said-without-visibility',
  'replay:rejected',
  'replay:asked',
  ...['newest', 'side', 'set', 'text', 'ask', 'doubt', 'first direction'].map((policy) => `policy:${policy}`),
  ...['newest', 'side', 'text', 'ask'].map((policy) => `body-policy:${policy}`),
  ...['ticket', 'comment', 'attachment'].flatMap((kind) => [
    `deletion:tombstone-${kind}`,
    `deletion:ignore-${kind}`,
  ]),
  'deletion:close-ticket',
  'replay:dead-letter',
  ...['made', 'not-admitted', 'too-early', 'forsaken', 'swept', 'taken-away'].map((what) => `upload-${what}`),
  ...OPERATIONS.map((name) => `act:${name}`),
  ...['applied', 'merged', 'echo', 'filtered', 'parked'].map((end) => `end:${end}`),
  ...['BreakerOpen', 'Conflicts', 'DeadLettered', 'Deferrals', 'Effects', ...Object.values(PARKED_BY)].map(
    (name) => `branch:${name}`,
  ),
  ...['doubtful', 'unreadable', 'asked', 'unsettled'].map((cause) => `parked:${cause}`),
  ...WORLDS,
  ...DECIDED,
];

export function reportOf({ outcomes, tally }: Ran): Report {
  const counts: Record<string, number> = { ...decidedIn(tally) };
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
    gapsPerThousand: Object.fromEntries(
      Object.entries(counts)
        .filter(([name]) => name.startsWith('named-gap:'))
        .map(([name, times]) => [name, (1_000 * times) / outcomes.length]),
    ),
    breachesByInvariant: breaches,
    decisions: decisionsOf(tally),
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
