import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { EngineDeps } from '../ports/engine.ts';
import type { AuditEntry, Subject } from '../ports/telemetry.ts';
import { PARKED_BY } from '../telemetry/index.ts';
import type { Deed } from './deed.ts';
import { DUE, type Key, unauditedKey } from './keys.ts';
import type { Session } from './session.ts';
import type { History, Loss, ParkedWork, RecordChange } from './state.ts';
import { TIMING } from './timing.ts';

/** What brought a decision about: the connection whose event or work it was, and what that began with. */
export interface Cause {
  readonly connection?: ConnectionId;
  readonly correlation?: string;
}

/** What a commit did, for log, metrics and audit. */
export interface News {
  readonly subject: Subject;
  readonly revision: number;
  readonly changes: readonly RecordChange[];
  readonly losses: readonly Loss[];
  readonly parked: readonly ParkedWork[];
  readonly deeds: readonly Deed[];
}

/** What a commit has put into the outbox. */
export interface Outgoing {
  readonly key: Key;
  readonly history: History;
}

type Telling = Pick<EngineDeps, 'telemetry'>;

/** Once the commit holds, whichever way it came about. Ids and codes only (invariant 9). */
export function tell(deps: Telling, { subject, revision, changes, losses, parked, deeds }: News): void {
  for (const { record, kind, what, fields } of changes) {
    const facts = { kind, what, revision, fields: Object.keys(fields).length };
    deps.telemetry.log('info', 'changed', { ...subject, record }, facts);
  }
  if (losses.length > 0) deps.telemetry.metric('Conflicts', losses.length, subject);
  for (const work of parked) tellParked(deps, work);
  for (const deed of deeds) tellDeed(deps, deed);
}

export function tellParked({ telemetry }: Telling, work: ParkedWork): void {
  const { organization, connection, integration, record, correlation, cause, fault, code } = work;
  const subject = {
    organization,
    connection,
    integration,
    ...(record === undefined ? {} : { record }),
    ...(correlation === undefined ? {} : { correlation }),
  };
  const facts = { parked: work.id, cause, fault, ...(code === undefined ? {} : { code }) };
  telemetry.log('warn', 'parked', subject, facts);
  telemetry.metric(PARKED_BY[fault], 1, subject);
}

function tellDeed({ telemetry }: Telling, deed: Deed): void {
  const { organization, connection, integration, record, correlation, kind, operation, outcome } = deed;
  const ids = { organization, connection, integration, record };
  const subject = correlation === undefined ? ids : { ...ids, correlation };
  const { revision, lagMs } = deed;
  const facts = { kind, operation, outcome, revision, ...(lagMs === undefined ? {} : { lagMs }) };
  if (outcome !== 'done') {
    telemetry.log('warn', 'not written', subject, { ...facts, code: deed.code ?? 'unknown' });
    return;
  }
  telemetry.log('info', 'written', subject, facts);
  telemetry.metric('Effects', 1, subject);
  if (lagMs !== undefined) telemetry.metric('SyncLag', lagMs, subject);
}

const ACTIONS = { create: 'copy.created', update: 'copy.updated', delete: 'copy.deleted' } as const;

function entryOf(deed: Deed): AuditEntry {
  const { organization, connection, record, kind, operation, outcome, author, code, lagMs } = deed;
  return {
    organization,
    connection,
    actor: 'hub',
    action: ACTIONS[operation],
    outcome,
    atMs: deed.startedAtMs,
    facts: {
      record,
      kind,
      operation,
      for: author,
      ...(outcome === 'done' && lagMs !== undefined ? { lagMs } : {}),
      ...(code === undefined ? {} : { code }),
    },
  };
}

/**
 * Audits requests before the commit that settles them: should this function die between, the request is still
 * pending, and whoever settles it says the same again under the same id. What the audit cannot take now goes
 * into that very commit instead, and is appended by the sweeper. Those `audited` before a commit that failed are not
 * said again by the same worker.
 */
export async function auditFirst(
  { audit, clock }: Pick<EngineDeps, 'audit' | 'clock'>,
  session: Session,
  news: readonly News[],
  audited: Set<string> = new Set(),
): Promise<void> {
  const told = news.flatMap(({ deeds }) => deeds).filter(({ id }) => !audited.has(id));
  await Promise.all(
    told.map(async (deed) => {
      const entry = entryOf(deed);
      try {
        await audit.appendAs(deed.id, entry);
        audited.add(deed.id);
      } catch {
        const errand = { id: deed.id, entry };
        await session.get(errandKey(errand));
        putAudit(session, errand, clock.now());
      }
    }),
  );
}

interface Errand {
  readonly id: string;
  readonly entry: AuditEntry;
}

const errandKey = ({ id, entry }: Errand): Key =>
  unauditedKey(entry.organization as OrganizationId, entry.atMs, id);

/** An entry that is appended once the commit holds, at the latest by the sweeper. */
export function putAudit(session: Session, errand: Errand, nowMs: number): Outgoing {
  const key = errandKey(errand);
  const history: History = {
    revision: 0,
    atMs: nowMs,
    changes: [],
    losses: [],
    events: [],
    audit: [errand],
  };
  session.put(key, history, { due: { list: DUE.outbox, atMs: nowMs + TIMING.republishAfterMs } });
  return { key, history };
}
