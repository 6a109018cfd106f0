import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceDocument, SalesforceDocumentLink, SalesforceVersion } from '../wire.ts';
import { typeOf } from './file-type.ts';
import { authorshipOf, baseOf, DELETED, markerOf } from './row.ts';

export const CASE_PREFIX = '500';
/** A note is text of its own kind; what is stored elsewhere has no bytes here. */
const NOTE = 'SNOTE';
const STORED_HERE = 'S';

export interface DocumentParts {
  readonly document: SalesforceDocument;
  /** The first: what is uploaded over it is another file's worth, and stays there. */
  readonly version: SalesforceVersion | undefined;
  readonly links: readonly SalesforceDocumentLink[];
}

/** A document that is shared with a case; undefined for any other, and for what is no file. */
export function fileObservation(
  { document, version, links }: DocumentParts,
  context: MappingContext,
): Observation | undefined {
  const base = baseOf('attachment', document, context);
  if (base === undefined) return undefined;
  if (document.IsDeleted === true) return { ...base, ...DELETED };
  const link = caseLinkOf(links);
  const isFile = document.FileType !== NOTE && (version?.ContentLocation ?? STORED_HERE) === STORED_HERE;
  if (link === undefined || version === undefined || !isFile) return undefined;
  const marker = markerOf(version.Deskbridge_Id__c);
  const isOurs = marker !== undefined && authorshipOf(version.CreatedById, context) === 'hub';
  return {
    ...base,
    authorship: authorshipOf(version.CreatedById, context),
    parent: { kind: 'ticket', externalId: link.case },
    visibility: link.isPublic ? 'public' : 'internal',
    // What our own copies are called and weigh is what we made them.
    fields: isOurs
      ? {}
      : { name: nameOf(version), type: typeOf(version.FileExtension), size: version.ContentSize ?? null },
    isComplete: true,
    ...(isOurs ? { marker } : {}),
  };
}

/** With several cases, the one it was shared with first. Only what all users may see is a customer's to see. */
function caseLinkOf(links: readonly SalesforceDocumentLink[]) {
  const [first] = links
    .filter(({ IsDeleted, LinkedEntityId }) => IsDeleted !== true && isCase(LinkedEntityId))
    .sort((one, other) => (one.Id < other.Id ? -1 : 1));
  const id = canonicalId(first?.LinkedEntityId);
  if (first === undefined || id === undefined) return undefined;
  return { case: id as ExternalId, isPublic: first.Visibility === 'AllUsers' };
}

export const isCase = (id: string | null | undefined): boolean =>
  canonicalId(id)?.startsWith(CASE_PREFIX) === true;

/** As people see it: a title, and the ending that is kept apart from it. */
function nameOf({ Title, FileExtension, PathOnClient }: SalesforceVersion): string {
  const title = Title || (PathOnClient ?? '').split(/[/\\]/).at(-1) || 'file';
  const ending = FileExtension ? `.${FileExtension}` : '';
  return ending === '' || title.toLowerCase().endsWith(ending.toLowerCase()) ? title : `${title}${ending}`;
}
