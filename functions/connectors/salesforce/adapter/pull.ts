import type { RecordKind } from '../../../../shared/domain/index.ts';
import { EndlessListingError, ProviderRejectedError } from '../../../../shared/errors.ts';
import type { Cursor, Page } from '../../../../shared/ports/index.ts';
import { type Condition, changedAfter, changedFrom, select } from '../client/soql.ts';
import { answered } from '../client.ts';
import { canonicalId } from '../ids.ts';
import { manifest } from '../manifest.ts';
import { millisOf } from '../mapping/moments.ts';
import { salesforceWire } from '../wire.ts';
import { translated } from './read.ts';
import { OBJECTS, type Session } from './session.ts';

const PAGE_ROWS = 200;
const LISTING = 'a listing of salesforce';
const BEGINNING = '1970-01-01T00:00:00.000Z';
const OVERLAP_MS = manifest.poll?.overlapMs ?? 0;

/**
 * Pages in (SystemModstamp, Id) order, the bin included. The first one reaches back by the overlap: a
 * transaction that took long commits rows whose stamp lies behind the cursor.
 */
export async function* pull(
  session: Session,
  kind: RecordKind,
  after: Cursor | undefined,
): AsyncIterable<Page> {
  const start = after ?? beginningOf(session);
  let next = start;
  let where: Condition = changedFrom(Math.max(0, Date.parse(next.stamp) - OVERLAP_MS));
  // Only the first page may end before the cursor, by the overlap.
  let isFurther = false;
  for (;;) {
    const page = await translated(() => onePage(session, kind, where, next));
    if (!isFurther && isSuspicious(start, page))
      return yield await translated(() => quiet(session, kind, start));
    // A pull that ends within the overlap must not leave the cursor behind where it was: the next would reach further back.
    yield { ...page, next: isBefore(page.next, start) ? start : page.next };
    if (page.isLast) return;
    if (isFurther && !isBefore(next, page.next)) throw new EndlessListingError(LISTING);
    isFurther = true;
    next = page.next;
    where = changedAfter(Date.parse(next.stamp), next.id);
  }
}

/** A pull begins at the row at which the last one ended. Not even that one: it was purged, or is out of sight. */
const isSuspicious = (start: Cursor, { observations }: Page): boolean =>
  start.id !== '' && observations.length === 0;

/** While anything of the kind is shown, nothing new is no more than that. */
async function quiet(session: Session, kind: RecordKind, { stamp }: Cursor): Promise<Page> {
  const object = OBJECTS[kind];
  const { records } = await session.client.queryAll(select(object, { limit: 1 }));
  if (records.length > 0) return { observations: [], next: { stamp, id: '' }, isLast: true };
  throw new ProviderRejectedError(
    `no ${object} is shown to the hub’s user any more, where there were some: see its permissions and sharing`,
    { vendorCode: 'nothing_shown' },
  );
}

const isBefore = (one: Cursor, other: Cursor): boolean =>
  one.stamp === other.stamp ? one.id < other.id : one.stamp < other.stamp;

/** All there is, unless the connection says since when. */
function beginningOf({ context }: Session): Cursor {
  const since = millisOf(String(context.settings.pullFrom ?? ''));
  return { stamp: since === undefined ? BEGINNING : new Date(since).toISOString(), id: '' };
}

async function onePage(session: Session, kind: RecordKind, where: Condition, from: Cursor): Promise<Page> {
  const orderBy = ['SystemModstamp', 'Id'];
  const soql = session.select(kind, { ...session.listed(kind, where), orderBy, limit: PAGE_ROWS });
  let result = await session.client.queryAll(soql);
  const rows = [...result.records];
  while (!result.done && result.nextRecordsUrl !== undefined) {
    result = await session.client.more(result.nextRecordsUrl);
    rows.push(...result.records);
    if (result.records.length === 0 || rows.length > PAGE_ROWS) throw new EndlessListingError(LISTING);
  }
  const observations = await session.observed(kind, rows);
  const last = rows.at(-1);
  return { observations, next: last === undefined ? from : cursorAt(last), isLast: rows.length < PAGE_ROWS };
}

function cursorAt(row: unknown): Cursor {
  const { SystemModstamp, Id } = answered(salesforceWire.stampedRow, row);
  return { stamp: new Date(SystemModstamp).toISOString(), id: canonicalId(Id) ?? Id };
}
