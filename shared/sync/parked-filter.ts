import type { ParkedFilter } from '../ports/parked.ts';
import type { ParkedWork } from './state.ts';

export function isMeant(work: ParkedWork, filter: ParkedFilter): boolean {
  const { connection, cause, fault, kind, sinceMs, untilMs, text } = filter;
  const said = [work.reason, work.code].join('\n').toLowerCase();
  return (
    (connection === undefined || work.connection === connection) &&
    (cause === undefined || work.cause === cause) &&
    (fault === undefined || work.fault === fault) &&
    (kind === undefined || work.kind === kind) &&
    (sinceMs === undefined || work.atMs >= sinceMs) &&
    (untilMs === undefined || work.atMs < untilMs) &&
    (text === undefined || said.includes(text.toLowerCase()))
  );
}

const ASKS_PEOPLE: readonly ParkedWork['cause'][] = ['asked', 'doubtful'];

/**
 * A question is a person's to answer, and a replay answers it: what nobody knows the fate of is made once more. Only who
 * means such by name replays them by the dozen.
 */
export const isReplayed = (work: ParkedWork, filter: ParkedFilter): boolean =>
  isMeant(work, filter) && (!ASKS_PEOPLE.includes(work.cause) || filter.cause === work.cause);
