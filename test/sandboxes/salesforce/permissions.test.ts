import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BASE, errorCode, openRest } from './rest-world.ts';

let world: Awaited<ReturnType<typeof openRest>>;
beforeEach(async () => {
  world = await openRest();
});
afterEach(() => world.sandbox.close());

const query = (soql: string) => world.call('GET', `${BASE}/queryAll?q=${encodeURIComponent(soql)}`);

describe('Salesforce sandbox: an org without the package', () => {
  it('knows neither its fields nor its object', async () => {
    world.sandbox.settings({ hasPackage: false });

    expect(errorCode(await query('SELECT Deskbridge_Id__c FROM Case'))).toBe('INVALID_FIELD');
    expect(errorCode(await query('SELECT Id FROM Deskbridge_Comment_Link__c'))).toBe('INVALID_TYPE');
    expect(errorCode(await world.call('GET', `${BASE}/sobjects/Deskbridge_Comment_Link__c`))).toBe(
      'NOT_FOUND',
    );
    const marked = await world.call('POST', `${BASE}/sobjects/Case`, { Deskbridge_Id__c: 'r1' });
    expect(errorCode(marked)).toBe('INVALID_FIELD');
    expect((await query('SELECT Id, Subject FROM Case')).status).toBe(200);
  });
});

describe('Salesforce sandbox: a user without a permission', () => {
  it('is refused what is denied, is told so by the object, and an agent is not', async () => {
    const id = await world.newCase();
    const about = async () =>
      (await world.call('GET', `${BASE}/sobjects/Case`)).body as { objectDescribe: Record<string, unknown> };
    expect((await about()).objectDescribe).toMatchObject({ createable: true, updateable: true });

    world.sandbox.settings({ denied: { Case: ['create', 'delete'] } });

    expect(errorCode(await world.call('POST', `${BASE}/sobjects/Case`, { Subject: 'b' }))).toBe(
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
    expect((await world.call('DELETE', `${BASE}/sobjects/Case/${id}`)).status).toBe(400);
    expect((await world.call('PATCH', `${BASE}/sobjects/Case/${id}`, { Subject: 'c' })).status).toBe(204);
    expect((await about()).objectDescribe).toMatchObject({ createable: false, updateable: true });
    expect(world.sandbox.human.createCase({ subject: 'by an agent' }).id).toBeDefined();
  });

  it('may publish a comment whose text it may not change', async () => {
    const { id } = world.sandbox.human.comment(await world.newCase(), 'hello');
    world.sandbox.settings({ denied: { CaseComment: ['update', 'delete'] } });
    const patch = (body: unknown) => world.call('PATCH', `${BASE}/sobjects/CaseComment/${id}`, body);

    expect((await patch({ IsPublished: true })).status).toBe(204);
    expect(errorCode(await patch({ CommentBody: 'bye' }))).toBe('INSUFFICIENT_ACCESS_OR_READONLY');
  });
});
