import { describe, expect, it } from 'vitest';
import { eventRelay } from '../../../../functions/connectors/salesforce/relay.ts';
import type { PartnerEvent } from '../../../../shared/http/receive-event.ts';

const ORG = '00D000000000001EAA';
const CASE = '500Ws00000000AbIAI';
const event = (detail: unknown, source = `aws.partner/salesforce.com/${ORG}/0YLxx0000000001GAA`) =>
  ({ id: 'delivery-1', source, 'detail-type': 'CaseChangeEvent', detail }) as PartnerEvent;
const header = {
  transactionKey: 't-1',
  sequenceNumber: 2,
  entityName: 'Case',
  changeType: 'UPDATE',
  recordIds: [CASE],
};

describe('Salesforce partner events: whose they are', () => {
  it.each([
    ['Event Relay, long form', `aws.partner/salesforce.com/${ORG}/0YLxx`],
    ['Event Relay, short form', 'aws.partner/salesforce.com/00D000000000001/0YLxx'],
    ['AppFlow, named after the org', `aws.partner/appflow/salesforce.com/364228160620/deskbridge-${ORG}`],
  ])('finds the org in the source of %s', (_, source) => {
    expect(eventRelay.account(event({}, source))).toBe(ORG);
  });

  it('finds none where none is named', () => {
    expect(
      eventRelay.account(event({}, 'aws.partner/appflow/salesforce.com/364228160620/flow')),
    ).toBeUndefined();
  });
});

describe('Salesforce partner events: which event, which group', () => {
  const expected = [{ eventId: `t-1/2/Case/UPDATE/${CASE}`, group: CASE }];

  it('reads both shapes alike', () => {
    expect(eventRelay.routes(event({ payload: { ChangeEventHeader: header } }))).toEqual(expected);
    expect(eventRelay.routes(event({ ChangeEventHeader: header }))).toEqual(expected);
  });

  it('groups by the long form of the id', () => {
    const short = { ...header, recordIds: [CASE.slice(0, 15)] };

    expect(eventRelay.routes(event({ payload: { ChangeEventHeader: short } }))).toMatchObject([
      { group: CASE },
    ]);
  });

  it('keeps an event of several records one event', () => {
    const several = { ...header, recordIds: [CASE, '500Ws00000000AcIAI'] };

    expect(eventRelay.routes(event({ payload: { ChangeEventHeader: several } }))).toEqual(expected);
  });

  it('keeps an event whose id is none of ours, for observe to look at', () => {
    const odd = { ...header, recordIds: ['odd'] };

    expect(eventRelay.routes(event({ payload: { ChangeEventHeader: odd } }))).toMatchObject([
      { group: 'odd' },
    ]);
  });

  it('groups the link of a file with the case it is shared with', () => {
    const link = { ...header, entityName: 'ContentDocumentLink', recordIds: ['06AWs0000000001IAA'] };
    const payload = { ChangeEventHeader: link, LinkedEntityId: CASE.slice(0, 15) };

    expect(eventRelay.routes(event({ payload }))).toMatchObject([{ group: CASE }]);
    expect(eventRelay.routes(event({ payload: { ChangeEventHeader: link } }))).toMatchObject([
      { group: '06AWs0000000001IAA' },
    ]);
  });

  it.each([
    [{ Event_Key__c: 'key-1', EventUuid: 'uuid-1' }, 'key-1'],
    [{ EventUuid: 'uuid-1' }, 'uuid-1'],
    [{}, 'delivery-1'],
  ])('names a comment event by the best id there is', (ids, eventId) => {
    const payload = { Case_Id__c: CASE.slice(0, 15), ...ids };

    expect(eventRelay.routes(event({ payload }))).toEqual([{ eventId, group: CASE }]);
  });

  it.each([[null], ['text'], [{}], [{ payload: null }], [{ ChangeEventHeader: { transactionKey: 1 } }]])(
    'calls %j unreadable, which is kept and parked',
    (detail) => {
      expect(eventRelay.routes(event(detail))).toBe('unreadable');
    },
  );
});
