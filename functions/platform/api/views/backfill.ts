import { type BackfillJob, phaseOf, progressOf } from '../../../../shared/backfill/index.ts';
import { isoTime } from './time.ts';

export function backfillBody(job: BackfillJob) {
  const { records, total, perSecond, leftMs } = progressOf(job);
  const { trouble, sinceMs, endedAtMs } = job;
  return {
    id: job.id,
    connection: job.connection,
    direction: job.direction ?? 'in',
    state: phaseOf(job),
    kinds: job.exports.map(({ kind, records, read }) => ({ kind, records, read })),
    since: sinceMs === undefined ? undefined : isoTime(sinceMs),
    records,
    total,
    perSecond: Math.round(perSecond * 10) / 10,
    secondsLeft: leftMs === undefined ? undefined : Math.ceil(leftMs / 1_000),
    ...job.ends,
    open: job.leftOpen,
    trouble: trouble && {
      code: trouble.code,
      reason: trouble.reason,
      fault: trouble.fault,
      since: isoTime(trouble.sinceMs),
      attempts: trouble.attempts,
      nextAt: isoTime(job.waitUntilMs),
    },
    failure: job.failure,
    startedBy: job.startedBy,
    startedAt: isoTime(job.startedAtMs),
    endedAt: endedAtMs === undefined ? undefined : isoTime(endedAtMs),
  };
}
