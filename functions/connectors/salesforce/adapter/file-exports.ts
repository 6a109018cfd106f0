import type { ExportPage, Observation } from '../../../../shared/ports/index.ts';
import { both, changedFrom, IDS_AT_ONCE, idIn, QUERIES_AT_ONCE, select, selectIds } from '../client/soql.ts';
import { answered } from '../client.ts';
import { canonicalId } from '../ids.ts';
import { salesforceWire } from '../wire.ts';
import { allRows, observedDocuments } from './documents.ts';
import { queriesOf, type Session } from './session.ts';

/** Of an export of files, since when is said by its name: the job is of all cases. */
const SINCE = '@';

/**
 * Files are found by their cases: who may not Query All Files is listed their own documents alone, and what a document is
 * shared with is only queried by either end of the link.
 * https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-contentdocumentlink.html
 */
export async function beginFiles({ client }: Session, sinceMs: number | undefined): Promise<string> {
  const { id } = await client.bulk.create(selectIds('Case'));
  return sinceMs === undefined ? id : `${id}${SINCE}${sinceMs}`;
}

export const jobOf = (name: string): string => name.split(SINCE)[0] ?? name;

/** Of the cases of a page so many files at once; it is read again for those behind the last of them. */
export async function pageOfFiles(
  session: Session,
  name: string,
  { at = '', rows }: { readonly at?: string; readonly rows: number },
): Promise<ExportPage> {
  const [after = '', locator] = at.split(' ');
  const most = Math.min(rows, IDS_AT_ONCE * QUERIES_AT_ONCE);
  const cases = await session.client.bulk.page(jobOf(name), most, locator);
  const all = await documentsOn(
    session,
    cases.rows.map(({ Id }) => String(Id)),
  );
  const left = all.filter((id) => id > after);
  const documents = left.slice(0, IDS_AT_ONCE);
  const observations = await observed(session, documents, sinceOf(name));
  if (documents.length < left.length) {
    const next = [documents.at(-1), ...(locator === undefined ? [] : [locator])].join(' ');
    return { observations, stands: 0, next };
  }
  const next = cases.locator && ` ${cases.locator}`;
  return { observations, stands: cases.rows.length, ...(next === undefined ? {} : { next }) };
}

/** Each once, in order. */
async function documentsOn({ client }: Session, cases: readonly string[]): Promise<readonly string[]> {
  if (cases.length === 0) return [];
  const parts = await client.together(queriesOf('ContentDocumentLink', 'LinkedEntityId', cases));
  const pages = await Promise.all([...parts.values()].map((part) => allRows(client, part)));
  const ids = pages
    .flat()
    .map((row) => answered(salesforceWire.documentLinkRow, row))
    .filter(({ IsDeleted }) => IsDeleted !== true)
    .map(({ ContentDocumentId }) => canonicalId(ContentDocumentId));
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
}

async function observed(
  { client, context }: Session,
  documents: readonly string[],
  sinceMs: number | undefined,
): Promise<readonly Observation[]> {
  if (documents.length === 0) return [];
  const named = idIn('Id', documents);
  const where = sinceMs === undefined ? named : both(named, changedFrom(sinceMs));
  const { records } = await client.queryAll(select('ContentDocument', { where, orderBy: ['Id'] }));
  const observations = await observedDocuments(client, records, context);
  return observations.filter(({ life }) => life !== 'deleted');
}

function sinceOf(name: string): number | undefined {
  const [, since] = name.split(SINCE);
  return since === undefined ? undefined : Number(since);
}
