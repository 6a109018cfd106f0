import { describe, expect, it } from 'vitest';
import { COMMITTED, fixture, observed, withPayload } from './events.ts';

const CASE = '500Ws00000000AbIAI';
const COMMENT = '00aWs00000000AbIAI';

describe('Salesforce comment events', () => {
  it('reads a comment whole: body, visibility, author, place among the others', () => {
    expect(observed(fixture('comment-created.relay'))).toEqual([
      {
        kind: 'comment',
        externalId: COMMENT,
        rootExternalId: CASE,
        authorship: 'other',
        atMs: COMMITTED + 999,
        version: { source: 'systemmodstamp', value: COMMITTED },
        fields: { body: 'We are on our way' },
        isComplete: true,
        visibility: 'public',
        order: `2026-11-22T12:00:00.000Z ${COMMENT}`,
        author: { role: 'agent', name: 'Grace Agent' },
      },
    ]);
  });

  it('names no author for the hub’s own, which speaks for somebody else', () => {
    const [seen] = observed(fixture('comment-by-hub.appflow'));

    expect(seen).toMatchObject({ authorship: 'hub', visibility: 'internal' });
    expect(seen).not.toHaveProperty('author');
  });

  it('knows a portal user for a customer', () => {
    const change = withPayload({ Author_Role__c: 'customer', Author_Name__c: null });

    expect(observed(fixture('comment-created.relay', change))[0]?.author).toEqual({ role: 'customer' });
  });

  it('takes a comment without a visibility for internal', () => {
    const change = withPayload({
      Is_Published__c: null,
      Body__c: undefined,
      Modified_At__c: null,
      Created_At__c: null,
    });

    expect(observed(fixture('comment-created.relay', change))).toMatchObject([
      { visibility: 'internal', fields: { body: null }, atMs: COMMITTED + 999 },
    ]);
  });

  it('reads a deletion', () => {
    expect(observed(fixture('comment-deleted.relay'))).toEqual([
      {
        kind: 'comment',
        externalId: COMMENT,
        rootExternalId: CASE,
        authorship: 'other',
        atMs: COMMITTED + 999,
        fields: {},
        isComplete: false,
        life: 'deleted',
      },
    ]);
  });
});
