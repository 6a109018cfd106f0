import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, openRest } from './rest-world.ts';

let world: Awaited<ReturnType<typeof openRest>>;
beforeAll(async () => {
  world = await openRest();
});
afterAll(() => world.sandbox.close());

describe('Salesforce sandbox: composite', () => {
  const comment = (ParentId: string, Key__c: string, CommentBody = 'hello') => ({
    allOrNone: true,
    compositeRequest: [
      {
        method: 'POST',
        url: `${BASE}/sobjects/CaseComment`,
        referenceId: 'comment',
        body: { ParentId, CommentBody },
      },
      {
        method: 'POST',
        url: `${BASE}/sobjects/Deskbridge_Comment_Link__c`,
        referenceId: 'link',
        body: { Key__c, Comment_Id__c: '@{comment.id}', Case__c: ParentId },
      },
    ],
  });

  it('fills references from earlier answers', async () => {
    const made = await world.call('POST', `${BASE}/composite`, comment(await world.newCase(), 'link-1'));

    expect(made.status).toBe(200);
    const [first] = (made.body as { compositeResponse: { body: { id: string } }[] }).compositeResponse;
    expect(
      world.sandbox.human.find(
        "SELECT Comment_Id__c FROM Deskbridge_Comment_Link__c WHERE Key__c = 'link-1'",
      ),
    ).toEqual([expect.objectContaining({ Comment_Id__c: first?.body.id })]);
  });

  it('leaves nothing of an all-or-none request whose second part fails', async () => {
    const parent = await world.newCase();
    await world.call('POST', `${BASE}/composite`, comment(parent, 'link-2', 'first'));

    const again = await world.call('POST', `${BASE}/composite`, comment(parent, 'link-2', 'second'));

    const { compositeResponse } = again.body as {
      compositeResponse: { httpStatusCode: number; body: { errorCode: string }[] }[];
    };
    expect(again.status).toBe(200);
    expect(compositeResponse.map((part) => part.body[0]?.errorCode)).toEqual([
      'PROCESSING_HALTED',
      'DUPLICATE_VALUE',
    ]);
    expect(world.sandbox.human.find(`SELECT Id FROM CaseComment WHERE ParentId = '${parent}'`)).toHaveLength(
      1,
    );
  });

  it('goes on after a failure without allOrNone, and halts what refers to it', async () => {
    const made = await world.call('POST', `${BASE}/composite`, {
      compositeRequest: [
        { method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId: 'bad', body: {} },
        { method: 'GET', url: `${BASE}/sobjects/Contact/@{bad.id}`, referenceId: 'halted' },
        { method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId: 'good', body: { LastName: 'Good' } },
      ],
    });

    const { compositeResponse } = made.body as { compositeResponse: { httpStatusCode: number }[] };
    expect(compositeResponse.map((part) => part.httpStatusCode)).toEqual([400, 400, 201]);
  });

  it('makes collections in an all-or-none request all or none, whatever they ask for, and fills in their rows', async () => {
    const contacts = (allOrNone: boolean, ...names: (string | undefined)[]) => ({
      allOrNone,
      compositeRequest: [
        {
          method: 'POST',
          url: `${BASE}/composite/sobjects`,
          referenceId: 'made',
          body: {
            allOrNone: false,
            records: names.map((LastName) => ({ attributes: { type: 'Contact' }, LastName })),
          },
        },
        { method: 'GET', url: `${BASE}/sobjects/Contact/@{made[1].id}`, referenceId: 'second' },
      ],
    });
    const parts = async (body: unknown) => {
      const answer = await world.call('POST', `${BASE}/composite`, body);
      return (answer.body as { compositeResponse: { body: unknown }[] }).compositeResponse.map(
        (part) => part.body,
      );
    };

    expect(await parts(contacts(true, 'Whole one', 'Whole two'))).toMatchObject([
      [{ success: true }, { success: true }],
      { LastName: 'Whole two' },
    ]);
    expect(await parts(contacts(true, 'Lost one', undefined))).toMatchObject([
      [
        { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
        { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
      ],
      [{ errorCode: 'PROCESSING_HALTED' }],
    ]);
    expect(await parts(contacts(false, 'Kept one', undefined))).toMatchObject([
      [{ success: true }, { success: false }],
      [{ errorCode: 'PROCESSING_HALTED' }],
    ]);
    expect(
      world.sandbox.human
        .find("SELECT LastName FROM Contact WHERE LastName LIKE '% one'")
        .map(({ LastName }) => LastName)
        .sort(),
    ).toEqual(['Kept one', 'Whole one']);
  });

  it.each([
    ['no list', {}],
    [
      'more than five queries and collections',
      {
        compositeRequest: Array.from({ length: 6 }, (_, i) => ({
          method: 'GET',
          url: `${BASE}/query?q=SELECT+Id+FROM+Case`,
          referenceId: `r${i}`,
        })),
      },
    ],
    [
      'more than 25 parts',
      {
        compositeRequest: Array.from({ length: 26 }, (_, i) => ({
          method: 'GET',
          url: '/x',
          referenceId: `r${i}`,
        })),
      },
    ],
    [
      'a reference twice',
      {
        compositeRequest: [
          { method: 'GET', url: '/x', referenceId: 'a' },
          { method: 'GET', url: '/x', referenceId: 'a' },
        ],
      },
    ],
  ])('refuses %s', async (_, body) => {
    expect((await world.call('POST', `${BASE}/composite`, body)).status).toBe(400);
  });
});

describe('Salesforce sandbox: collections', () => {
  it('takes 200 rows and refuses 201', async () => {
    const rows = (count: number) => ({
      records: Array.from({ length: count }, () => ({ attributes: { type: 'Account' }, Name: 'A' })),
    });

    expect((await world.call('POST', `${BASE}/composite/sobjects`, rows(200))).body).toHaveLength(200);
    expect((await world.call('POST', `${BASE}/composite/sobjects`, rows(201))).status).toBe(400);
  });

  it('reports each row by itself, or rolls all back under allOrNone', async () => {
    const records = [
      { attributes: { type: 'Contact' }, LastName: 'Kept' },
      { attributes: { type: 'Contact' }, FirstName: 'Refused' },
    ];

    const some = await world.call('POST', `${BASE}/composite/sobjects`, { records });
    const none = await world.call('POST', `${BASE}/composite/sobjects`, { allOrNone: true, records });

    expect(some.body).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
    expect(none.body).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
  });

  it('serves the official client: many at once, upsert, read and delete', async () => {
    const contacts = world.connection.sobject('Contact');
    const made = await contacts.upsert(
      [
        { LastName: 'Up', Deskbridge_Id__c: 'u1' },
        { LastName: 'Up', Deskbridge_Id__c: 'u2' },
      ],
      'Deskbridge_Id__c',
    );
    const ids = made.map((result) => result.id ?? '');

    const changed = await contacts.update(ids.map((Id) => ({ Id, FirstName: 'New' })));
    const read = await contacts.retrieve(ids);
    const removed = await contacts.destroy(ids);

    expect(changed.every((result) => result.success)).toBe(true);
    expect(read.map((row) => row.Name)).toEqual(['New Up', 'New Up']);
    expect(removed.every((result) => result.success)).toBe(true);
  });
});
