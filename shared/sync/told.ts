import type { WriteOutcome } from '../ports/integration.ts';
import type { Shift } from './shift.ts';
import type { AnyRecord, Pending } from './state.ts';

const DONE = { create: 'copy.created', update: 'copy.updated', delete: 'copy.deleted' } as const;

/** What a write leaves in metrics and audit, once the commit that settles it holds. Ids and codes only. */
export function noteWrite(shift: Shift, record: AnyRecord, pending: Pending, outcome: WriteOutcome): void {
  const { deps } = shift.desk;
  const { organization, connection } = shift.message;
  const integration = shift.place.manifest.id;
  const subject = { organization, connection, integration, record: record.id };
  const nowMs = deps.clock.now();
  const isDone = outcome.outcome === 'settled';
  const lagMs = Math.max(0, nowMs - record.updatedAtMs);
  shift.toTell.push(() => {
    if (!isDone) return undefined;
    deps.telemetry.metric('Effects', 1, subject);
    return deps.telemetry.metric('SyncLag', lagMs, subject);
  });
  shift.toTell.push(() =>
    deps.audit.append({
      organization,
      connection,
      actor: 'hub',
      action: DONE[pending.change.operation],
      outcome: isDone ? 'done' : outcome.outcome,
      atMs: nowMs,
      facts: { record: record.id, kind: record.kind, ...(isDone ? { lagMs } : { code: outcome.error.code }) },
    }),
  );
}
