import type { RecordId } from '../domain/ids.ts';
import type { EngineDeps } from '../ports/engine.ts';
import type { Store } from '../ports/store.ts';
import { correlationOf } from '../telemetry/index.ts';
import type { InboxRow } from './inbox-row.ts';
import { bodyKey, DUE, inboxKey, inboxList } from './keys.ts';
import type { Session } from './session.ts';
import type { EndState } from './state.ts';
import { TIMING } from './timing.ts';

const WEIGHT: Record<EndState, number> = { parked: 4, applied: 3, merged: 2, echo: 1, filtered: 0 };

/** The row's own end: that of the weightiest of its observations; open while one of them is. */
export function endOfRow(ends: readonly (EndState | null)[]): EndState | 'open' {
  const known = ends.filter((end) => end !== null);
  if (known.length < ends.length) return 'open';
  return known.reduce<EndState>((most, end) => (WEIGHT[end] > WEIGHT[most] ? end : most), 'filtered');
}

const ENDS = {
  applied: 'Applied',
  merged: 'Merged',
  echo: 'Echoes',
  filtered: 'Filtered',
  parked: 'ParkedRows',
} as const;

/**
 * Once the commit that closes a row holds: one metric per row, so that those accepted are those that ended plus
 * those still open.
 */
export function tellEnd(
  { telemetry }: Pick<EngineDeps, 'telemetry'>,
  { organization, connection, inbox }: InboxRow,
  end: EndState | 'reopened',
  integration: string | undefined,
  record?: RecordId,
): void {
  const subject = {
    organization,
    connection,
    correlation: correlationOf(connection, inbox),
    ...(integration === undefined ? {} : { integration }),
    ...(record === undefined ? {} : { record }),
  };
  telemetry.log('info', 'observed', subject, { end });
  if (end === 'reopened') telemetry.metric('ParkedRows', -1, subject);
  else telemetry.metric(ENDS[end], 1, subject);
}

const patienceMs = ({ swept = 0 }: InboxRow): number =>
  Math.min(TIMING.reenqueueAfterMs * 2 ** swept, TIMING.reenqueueCapMs);

/** Puts the row as it now stands; only a closed one ever expires, after the vendor's last redelivery. */
export function putRow(session: Session, row: InboxRow, nowMs: number): void {
  const key = inboxKey(row.organization, row.connection, row.inbox);
  const listed = { list: inboxList(row.organization, row.connection), atMs: row.receivedAtMs };
  if (row.state === 'open') {
    session.put(key, row, { listed, due: { list: DUE.inbox, atMs: nowMs + patienceMs(row) } });
    return;
  }
  const { standsIn: _left, ...ended } = row;
  const closed: InboxRow = { ...ended, closedAtMs: nowMs };
  if (row.state === 'parked') {
    session.put(key, closed, { listed });
    return;
  }
  delete closed.body;
  for (let part = 0; part < (row.bodyParts ?? 0); part += 1) session.removeOnce(bodyKey(key, part));
  delete closed.bodyParts;
  const lastMs = Math.max(nowMs, row.receivedAtMs) + row.redeliveryMs + TIMING.redeliveryMarginMs;
  session.put(key, closed, { listed, expiresAt: Math.ceil(lastMs / 1000) });
}

/** The sealed body, from the row or from its parts beside it. */
export async function sealedBodyOf(store: Store, row: InboxRow): Promise<Uint8Array> {
  const key = inboxKey(row.organization, row.connection, row.inbox);
  const parts = await Promise.all(
    Array.from({ length: row.bodyParts ?? 0 }, (_, part) => {
      const { pk, sk } = bodyKey(key, part);
      return store.get<{ readonly text: string }>(pk, sk);
    }),
  );
  const text = row.body ?? parts.map((item) => item?.data.text ?? '').join('');
  return Buffer.from(text, 'base64');
}
