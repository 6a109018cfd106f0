import type { ParkedFilter } from '../../../../shared/ports/index.ts';
import { isoTime } from './time.ts';

/** As a query or a body names it, checked already. */
export function filterFrom(named: Readonly<Record<string, unknown>>): ParkedFilter {
  const { connection, cause, fault, kind, since, until, text } = named as Readonly<
    Record<string, string | undefined>
  >;
  const given = {
    connection,
    cause,
    fault,
    kind,
    text,
    sinceMs: since === undefined ? undefined : Date.parse(since),
    untilMs: until === undefined ? undefined : Date.parse(until),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function filterBody({ sinceMs, untilMs, ...rest }: ParkedFilter) {
  return {
    ...rest,
    ...(sinceMs === undefined ? {} : { since: isoTime(sinceMs) }),
    ...(untilMs === undefined ? {} : { until: isoTime(untilMs) }),
  };
}
