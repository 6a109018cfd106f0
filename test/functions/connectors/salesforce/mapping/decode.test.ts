import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../../shared/errors.ts';
import { COMMITTED, decoded, fixture, observed, withHeader, withPayload } from './events.ts';

const CASE = '500Ws00000000AbIAI';
const CONTACT = '003Ws00000000AbIAI';
const VERSION = {
  source: 'cdc.commit',
  value: '0001795348800000.0000074487681550.0000000000000001',
};

describe('Salesforce change events: cases', () => {
  it('reads a creation whole', () => {
    expect(observed(fixture('case-created.relay'))).toEqual([
      {
        kind: 'ticket',
        externalId: CASE,
        version: VERSION,
        authorship: 'other',
        atMs: COMMITTED + 999,
        fields: {
          subject: 'Printer on fire',
          description: 'It smells of smoke',
          status: 'New',
          priority: 'High',
          requester: CONTACT,
        },
        isComplete: true,
        refersTo: CONTACT,
      },
    ]);
  });

  it('takes what a creation leaves out for empty', () => {
    const [seen] = observed(
      fixture('case-created.relay', withPayload({ Description: undefined, ContactId: undefined })),
    );

    expect(seen?.fields).toMatchObject({ description: null, requester: null });
    expect(seen).not.toHaveProperty('refersTo');
  });

  it('knows the hub’s own creation by its user and its mark', () => {
    expect(observed(fixture('case-created-by-hub.relay'))).toMatchObject([
      { authorship: 'hub', marker: '01JRECORD0000000000000001' },
    ]);
  });

  it('cannot tell authors where nobody told which user the hub is', () => {
    expect(observed(fixture('case-created-by-hub.relay'), { hubUserId: 'nobody' })).toMatchObject([
      { authorship: 'unknown' },
    ]);
  });

  it('reads of an update what changed, emptied fields too, and nothing else', () => {
    expect(observed(fixture('case-updated.relay'))).toEqual([
      {
        kind: 'ticket',
        externalId: CASE,
        version: VERSION,
        authorship: 'other',
        atMs: COMMITTED + 999,
        fields: { status: 'Escalated', description: null },
        isComplete: false,
        marker: '01JRECORD0000000000000001',
      },
    ]);
  });

  it('reads AppFlow’s shape like Event Relay’s', () => {
    expect(observed(fixture('case-updated.appflow'))).toMatchObject([
      { kind: 'ticket', externalId: CASE, fields: { priority: 'Low' }, isComplete: false },
    ]);
  });

  it('reads a new contact of a case with its id in the long form', () => {
    const change = (event: unknown) =>
      withPayload({ ContactId: CONTACT.slice(0, 15) })(
        withHeader({ changedFields: ['ContactId'], nulledFields: [] })(event),
      );

    expect(observed(fixture('case-updated.relay', change))).toMatchObject([
      { fields: { requester: CONTACT }, refersTo: CONTACT },
    ]);
  });

  it('takes whatever has a value for changed where the event does not name the changed fields', () => {
    const change = withHeader({ changedFields: null, nulledFields: undefined });

    expect(observed(fixture('case-updated.relay', change))).toMatchObject([
      { fields: { status: 'Escalated' } },
    ]);
  });

  it('makes one observation of each id of one event, the short ones too', () => {
    const seen = observed(fixture('cases-updated.relay'));

    expect(seen.map(({ externalId }) => externalId)).toEqual([
      CASE,
      '500Ws00000000AcIAI',
      '500Ws00000000AdIAI',
    ]);
    for (const each of seen) expect(each.fields).toEqual({ status: 'Working' });
  });

  it('asks for a read where changed fields travel as bitmaps', () => {
    expect(observed(fixture('case-bitmaps.relay'))).toMatchObject([{ fields: {}, needsRead: true }]);
  });

  it('filters an update of fields that are not kept in step', () => {
    expect(decoded(fixture('case-owner-changed.relay'))).toMatchObject({ outcome: 'filtered' });
  });

  it('reads deletion and undeletion', () => {
    expect(observed(fixture('case-deleted.relay'))).toMatchObject([
      { life: 'deleted', fields: {}, isComplete: false },
    ]);
    expect(observed(fixture('case-undeleted.relay'))).toMatchObject([
      { life: 'undeleted', isComplete: true, fields: { subject: 'Printer on fire' } },
    ]);
  });

  it('dates a change by Salesforce’s own clock, whenever it came', () => {
    expect(observed(fixture('case-created.relay'), { receivedAtMs: COMMITTED - 300_000 })).toMatchObject([
      { atMs: COMMITTED + 999 },
    ]);
  });

  it('orders versions by time, then by commit, then within the transaction', () => {
    const versionOf = (changes: Record<string, unknown>) =>
      String(observed(fixture('case-created.relay', withHeader(changes)))[0]?.version?.value);
    const ordered = [
      versionOf({ commitTimestamp: 999, commitNumber: 9_999, sequenceNumber: 9 }),
      versionOf({ commitTimestamp: 1_000, commitNumber: undefined, sequenceNumber: 1 }),
      versionOf({ commitTimestamp: 1_000, commitNumber: 99, sequenceNumber: 10 }),
      versionOf({ commitTimestamp: 1_000, commitNumber: 100, sequenceNumber: 2 }),
      versionOf({ commitTimestamp: 1_000, commitNumber: 100, sequenceNumber: 10 }),
    ];

    expect([...ordered].sort()).toEqual(ordered);
  });
});

describe('Salesforce change events: gaps', () => {
  it.each([
    ['create', { needsRead: true }],
    ['update', { needsRead: true }],
    ['undelete', { needsRead: true, life: 'undeleted' }],
    ['delete', { needsRead: true }],
  ])('reads GAP_%s by its ids', (type, expected) => {
    expect(observed(fixture(`case-gap-${type}.relay`))).toMatchObject([
      { externalId: CASE, fields: {}, isComplete: false, ...expected },
    ]);
  });

  it('takes no gap’s word for a deletion', () => {
    expect(observed(fixture('case-gap-delete.relay'))[0]).not.toHaveProperty('life');
  });

  it('leaves an overflow to the next pull', () => {
    expect(decoded(fixture('case-gap-overflow.relay'))).toMatchObject({ outcome: 'filtered' });
  });

  it('reads before believing a change type it does not know', () => {
    expect(observed(fixture('case-deleted.relay', withHeader({ changeType: 'SHUFFLE' })))).toMatchObject([
      { needsRead: true },
    ]);
  });
});

describe('Salesforce change events: contacts', () => {
  it('joins the parts of a name', () => {
    expect(observed(fixture('contact-created.relay'))).toMatchObject([
      {
        kind: 'contact',
        externalId: CONTACT,
        fields: { name: 'Ada Lovelace', email: 'Ada@Example.com', phone: null },
        isComplete: true,
      },
    ]);
  });

  it('asks for a read where a part of a name changed alone', () => {
    expect(observed(fixture('contact-renamed.relay'))).toMatchObject([{ fields: {}, needsRead: true }]);
  });

  it('reads a name that comes whole', () => {
    const name = (Name: unknown) =>
      observed(fixture('contact-renamed.relay', withPayload({ Name })))[0]?.fields;

    expect(name('Ada King')).toEqual({ name: 'Ada King' });
    expect(name({ FirstName: 'Ada', LastName: 'King' })).toEqual({ name: 'Ada King' });
    expect(name({ FirstName: null, LastName: null })).toEqual({ name: null });
  });
});

describe('Salesforce events: what is not for the hub, and what nobody can read', () => {
  it('filters events of other objects', () => {
    const lead = (event: object) => ({ ...event, 'detail-type': 'LeadChangeEvent' });

    expect(decoded(fixture('account-updated.relay', lead))).toEqual({
      outcome: 'filtered',
      reason: 'unknown event type',
    });
  });

  it.each([
    ['an id of another object', 'case-created.relay', withHeader({ recordIds: [CONTACT] }), '/recordIds/0'],
    ['an id that is none', 'case-created.relay', withHeader({ recordIds: [CASE, 'x'] }), '/recordIds/1'],
    [
      'an entity other than the detail-type',
      'case-created.relay',
      withHeader({ entityName: 'Contact' }),
      '/entityName',
    ],
    ['a header without its user', 'case-created.relay', withHeader({ commitUser: undefined }), '/commitUser'],
    ['no header', 'case-created.relay', withPayload({ ChangeEventHeader: undefined }), '/ChangeEventHeader'],
    [
      'a comment without an id',
      'comment-created.relay',
      withPayload({ Comment_Id__c: 'x' }),
      '/Comment_Id__c',
    ],
    ['a comment without a case', 'comment-created.relay', withPayload({ Case_Id__c: '' }), '/Case_Id__c'],
    [
      'a comment changed in no known way',
      'comment-created.relay',
      withPayload({ Change_Type__c: '?' }),
      '/Change_Type__c',
    ],
    ['no detail', 'case-created.relay', (event: unknown) => ({ ...(event as object), detail: 1 }), '/detail'],
  ])('names where %s stands', (_, name, change, pointer) => {
    const reading = () => decoded(fixture(name, change as never));

    expect(reading).toThrow(InvalidInputError);
    expect(reading).toThrow(expect.objectContaining({ pointer: expect.stringContaining(pointer) }));
  });

  it('never quotes in an error what stood there', () => {
    const secret = 'canary-7c1d';
    const reading = () => decoded(fixture('case-created.relay', withHeader({ commitTimestamp: secret })));

    expect(reading).toThrow(expect.not.objectContaining({ message: expect.stringContaining(secret) }));
  });
});
