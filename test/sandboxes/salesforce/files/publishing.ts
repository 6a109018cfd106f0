import type { Content, Taken } from '../../contents.ts';
import { SalesforceFailure } from '../failure.ts';
import type { Org } from '../org.ts';
import type { ObjectSpec } from '../schema.ts';
import type { Row } from '../values.ts';

/** Where a version's bytes are, in a column that is none of the object's. */
const CONTENT = '_content';

export const contentOf = (row: Row): Content | undefined =>
  typeof row[CONTENT] === 'string' ? (JSON.parse(row[CONTENT]) as Content) : undefined;

/** A version's own columns, from its bytes and its name. */
export function described(row: Row, taken: Taken | undefined): Row {
  if (taken === undefined) {
    throw new SalesforceFailure(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [VersionData]', [
      'VersionData',
    ]);
  }
  const path = String(row.PathOnClient ?? '');
  const name = path.split(/[/\\]/).at(-1) ?? path;
  const extension = /\.([^.]+)$/.exec(name)?.[1];
  return {
    ...row,
    Title: row.Title ?? (extension === undefined ? name : name.slice(0, -extension.length - 1)),
    FileExtension: extension ?? null,
    FileType: extension?.toUpperCase() ?? 'UNKNOWN',
    ContentSize: taken.size,
    Checksum: taken.md5,
    IsLatest: true,
    [CONTENT]: JSON.stringify(taken.content),
  };
}

/**
 * A version makes its document, or becomes its latest; whoever publishes has it in their own library, and what it was
 * published to is shared it. Default visibility depends on whether the org has an Experience Cloud site:
 * https://help.salesforce.com/s/articleView?id=000384243
 */
export function published(org: Org, version: Row, author: string): void {
  const documents = org.object('ContentDocument');
  const known =
    typeof version.ContentDocumentId === 'string'
      ? org.living(documents, version.ContentDocumentId)
      : undefined;
  const shown = {
    Title: version.Title ?? null,
    FileType: version.FileType ?? null,
    FileExtension: version.FileExtension ?? null,
    ContentSize: version.ContentSize ?? null,
    LatestPublishedVersionId: version.Id ?? null,
  };
  const document =
    known === undefined ? org.make(documents, { ...shown, OwnerId: author }) : { ...known, ...shown };
  if (known !== undefined) org.put(documents, document);
  const versions = org.object('ContentVersion');
  const before = versionsOf(org, document).filter(({ Id }) => Id !== version.Id);
  for (const earlier of before)
    if (earlier.IsLatest === true) org.put(versions, { ...earlier, IsLatest: false });
  org.put(versions, {
    ...version,
    ContentDocumentId: document.Id ?? null,
    VersionNumber: String(before.length + 1),
    Deskbridge_Id__c: version.Deskbridge_Id__c ?? before[0]?.Deskbridge_Id__c ?? null,
  });
  if (known !== undefined) return;
  link(org, document, author, { ShareType: 'I', Visibility: 'AllUsers' });
  const place = version.FirstPublishLocationId;
  const Visibility = org.hasSites ? 'InternalUsers' : 'AllUsers';
  if (typeof place === 'string' && place !== author)
    link(org, document, place, { ShareType: 'V', Visibility });
}

function link(org: Org, document: Row, entity: string, how: Row): void {
  const links = org.object('ContentDocumentLink');
  org.make(links, { ContentDocumentId: document.Id ?? null, LinkedEntityId: entity, ...how });
}

/** @throws SalesforceFailure where document and record are linked already */
export function refuseTwice(org: Org, row: Row): void {
  const { ContentDocumentId, LinkedEntityId } = row;
  const links = org.all(org.object('ContentDocumentLink'));
  const isLinked = links.some(
    (each) =>
      each.IsDeleted !== true &&
      each.ContentDocumentId === ContentDocumentId &&
      each.LinkedEntityId === LinkedEntityId,
  );
  if (!isLinked) return;
  const message = `Document with ID: ${ContentDocumentId} is already linked with the entity with ID: ${LinkedEntityId}`;
  throw new SalesforceFailure(400, 'DUPLICATE_VALUE', message, []);
}

/** Renaming a version renames its document, and the other way round. */
export function renamed(org: Org, object: ObjectSpec, row: Row): void {
  if (object.name === 'ContentVersion' && row.IsLatest === true) {
    const document = org.tables.get(String(row.ContentDocumentId));
    if (document !== undefined && document.Title !== row.Title)
      org.put(org.object('ContentDocument'), { ...document, Title: row.Title ?? null });
  }
  if (object.name === 'ContentDocument') {
    const version = org.tables.get(String(row.LatestPublishedVersionId));
    if (version !== undefined && version.Title !== row.Title)
      org.put(org.object('ContentVersion'), { ...version, Title: row.Title ?? null });
  }
}

/** A document takes its versions and links into the bin, and out of it. */
export function eachPart(org: Org, document: Row, change: (part: Row) => Row): void {
  for (const name of ['ContentVersion', 'ContentDocumentLink']) {
    const object = org.object(name);
    for (const row of org.all(object))
      if (row.ContentDocumentId === document.Id) org.put(object, change(row));
  }
}

const versionsOf = (org: Org, document: Row): Row[] =>
  org.all(org.object('ContentVersion')).filter((row) => row.ContentDocumentId === document.Id);
