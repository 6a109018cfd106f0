import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { both, idIn, select, textIs } from '../client/soql.ts';
import { answered, queryResult, querySubpath, type SalesforceClient, type Subrequest } from '../client.ts';
import { canonicalId } from '../ids.ts';
import { fileObservation } from '../mapping/file.ts';
import { salesforceWire } from '../wire.ts';

/** More pages of links than any document of a page has places it is shared with. */
const MOST_PAGES = 1_000;

/** Documents of one page with what makes them files of a case: two more queries, in one call. */
export async function observedDocuments(
  client: SalesforceClient,
  rows: readonly unknown[],
  context: MappingContext,
): Promise<Observation[]> {
  const documents = rows.map((row) => answered(salesforceWire.documentRow, row));
  const living = documents.filter(({ IsDeleted }) => IsDeleted !== true).map(({ Id }) => Id);
  const parts = living.length === 0 ? new Map() : await client.together(partsOf(living));
  const versions = (await allRows(client, parts.get('versions'))).map((row) =>
    answered(salesforceWire.versionRow, row),
  );
  const links = (await allRows(client, parts.get('links'))).map((row) =>
    answered(salesforceWire.documentLinkRow, row),
  );
  const byDocument = Map.groupBy(links, ({ ContentDocumentId }) => canonicalId(ContentDocumentId));
  return documents.flatMap((document) => {
    const id = canonicalId(document.Id);
    const version = versions.find((each) => canonicalId(each.ContentDocumentId) === id);
    return fileObservation({ document, version, links: byDocument.get(id) ?? [] }, context) ?? [];
  });
}

export const firstVersion = (ids: readonly string[]): string =>
  select('ContentVersion', { where: both(idIn('ContentDocumentId', ids), textIs('VersionNumber', '1')) });

const partsOf = (ids: readonly string[]): Subrequest[] => [
  { method: 'GET', path: querySubpath(firstVersion(ids)), referenceId: 'versions' },
  {
    method: 'GET',
    path: querySubpath(select('ContentDocumentLink', { where: idIn('ContentDocumentId', ids) })),
    referenceId: 'links',
  },
];

/** Every row of a query that was a part of a composite. */
export async function allRows(client: SalesforceClient, body: unknown): Promise<readonly unknown[]> {
  if (body === undefined) return [];
  let page = queryResult(body);
  const rows = [...page.records];
  for (let pages = 1; !page.done && page.nextRecordsUrl !== undefined; pages += 1) {
    if (pages > MOST_PAGES)
      throw new ProviderUnavailableError('salesforce answers the same query without end');
    page = await client.more(page.nextRecordsUrl);
    rows.push(...page.records);
  }
  return rows;
}
