import { describe, expect, it } from 'vitest';
import { mapping } from '../../../../../functions/connectors/salesforce/mapping.ts';

const DOCUMENT = '069000000000001AAA';
const CASE = '500000000000001AAA';
const HUB = '005000000000001AAA';
const CONTEXT = { hubUserId: HUB, settings: {}, receivedAtMs: 0 };

const decoded = (
  entityName: string,
  changeType: string,
  payload: object = {},
  user = '005000000000002AAA',
) => {
  const header = {
    entityName,
    recordIds: [entityName === 'ContentDocument' ? DOCUMENT : '06A000000000001AAA'],
    changeType,
    transactionKey: 't',
    sequenceNumber: 1,
    commitTimestamp: 1_000,
    commitUser: user,
  };
  const detail = { payload: { ChangeEventHeader: header, ...payload } };
  const body = { 'detail-type': `${entityName}ChangeEvent`, source: 'aws.partner/salesforce.com/x', detail };
  return mapping.decode(Buffer.from(JSON.stringify(body)), 'application/json', CONTEXT);
};
const shared = (more: object = {}, user?: string) =>
  decoded(
    'ContentDocumentLink',
    'CREATE',
    { ContentDocumentId: DOCUMENT, LinkedEntityId: CASE, ShareType: 'V', Visibility: 'AllUsers', ...more },
    user,
  );

describe('salesforce mapping: events of files', () => {
  it('a file shared with a case is to be read, by its document’s id', () => {
    expect(shared()).toMatchObject({
      outcome: 'observations',
      observations: [
        {
          kind: 'attachment',
          externalId: DOCUMENT,
          parent: { kind: 'ticket', externalId: CASE },
          visibility: 'public',
          authorship: 'other',
          needsRead: true,
        },
      ],
    });
  });

  it.each([['InternalUsers'], ['SharedUsers'], [undefined]])(
    'is internal where it is for %s',
    (Visibility) => {
      expect(shared({ Visibility })).toMatchObject({ observations: [{ visibility: 'internal' }] });
    },
  );

  it('knows the hub’s own', () => {
    expect(shared({}, HUB)).toMatchObject({ observations: [{ authorship: 'hub' }] });
  });

  it.each([
    ['with a person', () => shared({ LinkedEntityId: HUB })],
    ['and the link was changed', () => decoded('ContentDocumentLink', 'UPDATE', { Visibility: 'AllUsers' })],
    ['and the link was taken away', () => decoded('ContentDocumentLink', 'DELETE')],
    ['and renamed', () => decoded('ContentDocument', 'UPDATE', { Title: 'b' })],
    ['before it was shared', () => decoded('ContentDocument', 'CREATE', { Title: 'b' })],
  ])('a file shared %s is left to the pull', (_, event) => {
    expect(event()).toMatchObject({ outcome: 'filtered' });
  });

  it.each([
    ['DELETE', { life: 'deleted' }],
    ['GAP_DELETE', { life: 'deleted' }],
    ['UNDELETE', { life: 'undeleted', needsRead: true }],
  ])('a document’s %s is its file’s', (changeType, expected) => {
    expect(decoded('ContentDocument', changeType)).toMatchObject({
      observations: [{ kind: 'attachment', externalId: DOCUMENT, ...expected }],
    });
  });

  it('refuses what names no document', () => {
    expect(() => shared({ ContentDocumentId: 'nothing' })).toThrow(
      expect.objectContaining({ code: 'invalid_input', pointer: '/detail/payload/ContentDocumentId' }),
    );
  });
});
