import type { ExternalId, RecordId } from '../../../../shared/domain/index.ts';
import { HubError, ProviderRejectedError, ProviderUnavailableError } from '../../../../shared/errors.ts';
import type {
  Adapter,
  CopyRef,
  Download,
  RemoteChange,
  RemoteState,
  UploadIn,
  WriteOutcome,
} from '../../../../shared/ports/index.ts';
import { authorization } from '../authorization.ts';
import { idIs, select, textIs } from '../client/soql.ts';
import { Versions } from '../client/versions.ts';
import { answered } from '../client.ts';
import { outcomeOf, SalesforceRefusedError } from '../errors.ts';
import { canonicalId } from '../ids.ts';
import { salesforceWire } from '../wire.ts';
import { check } from './check.ts';
import { firstVersion, observedDocuments } from './documents.ts';
import { translated } from './read.ts';
import { MARK, Session, settled } from './session.ts';

/** Files alone, in a function of their own. */
export const adapter: Adapter = {
  authorization,

  open(opening, grant) {
    const session = new Session(opening, grant);
    const versions = new Versions(opening, grant);
    return {
      check: () => check(session),
      read: (copy) => translated(() => read(session, copy)),
      download: (copy) => translated(() => download(session, versions, copy)),
      upload: (file, content) => translated(() => unwrapped(() => upload(session, versions, file, content))),
      write: (change) => write(session, change),
    };
  },
};

type FileChange = Extract<RemoteChange, { kind: 'attachment'; operation: 'create' }>;

async function read(session: Session, { externalId }: CopyRef): Promise<RemoteState> {
  const { client, context } = session;
  const { records } = await client.queryAll(select('ContentDocument', { where: idIs('Id', externalId) }));
  const [observation] = await observedDocuments(client, records, context);
  // Of a document that is shared with no case nobody knows what became of it.
  if (observation === undefined) return { state: 'absent' };
  return observation.life === 'deleted' ? { state: 'deleted' } : { state: 'present', observation };
}

async function download({ client }: Session, versions: Versions, { externalId }: CopyRef): Promise<Download> {
  const { records } = await client.queryAll(firstVersion([externalId]));
  const [version] = records.map((row) => answered(salesforceWire.versionRow, row));
  if (version === undefined || version.IsDeleted === true)
    throw new ProviderRejectedError('salesforce has no bytes of this file', { vendorCode: 'no_content' });
  const bytes = () => versions.bytes(version.Id, version.ContentSize ?? undefined);
  return { body: inOurWords(bytes) };
}

async function* inOurWords(bytes: () => AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
  const pieces = bytes();
  try {
    for (;;) {
      const { done, value } = await translated(() => pieces.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    await pieces.return();
  }
}

/** In the hub's own library, where nobody else looks; an earlier one whose answer was lost is found by its mark. */
async function upload(
  session: Session,
  versions: Versions,
  { record, attachment }: UploadIn<RemoteChange>,
  content: AsyncIterable<Uint8Array>,
): Promise<ExternalId> {
  const earlier = await stagedBefore(session, record, attachment.size);
  if (earlier !== undefined) return earlier;
  const fields = { PathOnClient: attachment.name, [MARK]: record };
  const id = await versions.create({ fields, size: attachment.size, content });
  const { records } = await session.client.queryAll(select('ContentVersion', { where: idIs('Id', id) }));
  const document = documentOf(records[0]);
  if (document === undefined) throw new ProviderUnavailableError('salesforce made a version of no document');
  return document;
}

async function stagedBefore(
  { client }: Session,
  record: RecordId,
  size: number,
): Promise<ExternalId | undefined> {
  const { records } = await client.queryAll(select('ContentVersion', { where: textIs(MARK, record) }));
  const found = records.find((row) => {
    const { IsDeleted, ContentSize, VersionNumber } = answered(salesforceWire.versionRow, row);
    return IsDeleted !== true && ContentSize === size && VersionNumber === '1';
  });
  return documentOf(found);
}

const documentOf = (row: unknown): ExternalId | undefined =>
  row === undefined ? undefined : canonicalId(answered(salesforceWire.versionRow, row).ContentDocumentId);

/** Sends one change, once; every failure is an outcome. */
async function write(session: Session, change: RemoteChange): Promise<WriteOutcome> {
  try {
    if (change.kind !== 'attachment') return notSupported(`a ${change.kind} is no file`);
    switch (change.operation) {
      case 'create':
        return await share(session, change);
      case 'update':
        return notSupported('the hub renames no file');
      case 'delete':
        await session.client.together([
          { method: 'DELETE', path: `/sobjects/ContentDocument/${change.externalId}`, referenceId: 'gone' },
        ]);
        return settled(change.externalId, undefined);
    }
  } catch (failure) {
    return outcomeOf(failure);
  }
}

/** Whom it is for is said with the link itself: no default of the org gets between, not for a moment. */
async function share(session: Session, { staged, parent, attachment }: FileChange): Promise<WriteOutcome> {
  const body = {
    ContentDocumentId: staged,
    LinkedEntityId: parent.rootExternalId ?? parent.externalId,
    ShareType: 'V',
    Visibility: attachment.visibility === 'public' ? 'AllUsers' : 'InternalUsers',
  };
  const externalId = staged as ExternalId;
  try {
    await session.client.together([
      { method: 'POST', path: '/sobjects/ContentDocumentLink', referenceId: 'shared', body },
    ]);
    return settled(externalId, undefined);
  } catch (failure) {
    if (codeOf(failure) === 'DUPLICATE_VALUE') return settled(externalId, undefined);
    if (!NOT_THERE.has(codeOf(failure))) throw failure;
    const why = (await isThere(session, externalId)) ? 'gone' : 'conflict';
    return { outcome: 'refused', why, error: outcomeOf(failure).error };
  }
}

/** Either end of a link that cannot be made may be the one that is gone. */
const NOT_THERE = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY']);

async function isThere({ client }: Session, document: ExternalId): Promise<boolean> {
  const { records } = await client.queryAll(select('ContentDocument', { where: idIs('Id', document) }));
  return records.some((row) => answered(salesforceWire.documentRow, row).IsDeleted !== true);
}

const codeOf = (failure: unknown): string =>
  failure instanceof SalesforceRefusedError ? failure.refusal.errorCode : '';

function notSupported(message: string): WriteOutcome {
  const error = new ProviderRejectedError(message, { vendorCode: 'not_supported' });
  return { outcome: 'refused', why: 'rejected', error };
}

/** Where the source of the bytes failed, its own words say what is to be done. */
async function unwrapped<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    const cause = failure instanceof TypeError ? failure.cause : undefined;
    throw cause instanceof HubError ? cause : failure;
  }
}
