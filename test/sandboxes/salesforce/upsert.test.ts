import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, errorCode, openRest } from './rest-world.ts';

let world: Awaited<ReturnType<typeof openRest>>;
beforeAll(async () => {
  world = await openRest();
});
afterAll(() => world.sandbox.close());

describe('Salesforce sandbox: upsert by external id', () => {
  it('creates with 201, then updates with 200', async () => {
    const path = `${BASE}/sobjects/Case/Deskbridge_Id__c/rec-1`;

    const created = await world.call('PATCH', path, { Subject: 'one' });
    const updated = await world.call('PATCH', path, { Subject: 'two' });

    expect(created).toMatchObject({ status: 201, body: { created: true, success: true } });
    expect(updated).toMatchObject({ status: 200, body: { created: false } });
    expect((created.body as { id: string }).id).toBe((updated.body as { id: string }).id);
  });

  it('tells keys apart by letter case', async () => {
    const lower = await world.call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/key-a`, { Subject: 'a' });
    const upper = await world.call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/KEY-A`, { Subject: 'A' });

    expect([lower.status, upper.status]).toEqual([201, 201]);
  });

  it('answers 300 with the matches where several rows hold the value', async () => {
    const keep = await world.newCase({ Deskbridge_Id__c: 'twice' });
    world.sandbox.human.remove(keep);
    await world.newCase({ Deskbridge_Id__c: 'twice' });
    world.sandbox.human.undelete(keep);

    const several = await world.call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/twice`, {
      Subject: 'x',
    });

    expect(several.status).toBe(300);
    expect(several.body).toHaveLength(2);
  });

  it('refuses CaseComment, which has no external id field', async () => {
    const refused = await world.call('PATCH', `${BASE}/sobjects/CaseComment/Deskbridge_Id__c/c1`, {
      CommentBody: 'x',
    });

    expect(refused).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
  });

  it('refuses a second row with a unique value and names the first', async () => {
    const id = await world.newCase({ Deskbridge_Id__c: 'only' });

    const refused = await world.call('POST', `${BASE}/sobjects/Case`, {
      Subject: 'x',
      Deskbridge_Id__c: 'only',
    });

    expect(errorCode(refused)).toBe('DUPLICATE_VALUE');
    expect(JSON.stringify(refused.body)).toContain(id);
  });

  it('creates nothing with updateOnly, and reads and deletes by the field', async () => {
    const none = await world.call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/never?updateOnly=true`, {
      Subject: 'x',
    });
    await world.call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`, { Subject: 'brief' });
    const read = await world.call('GET', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`);
    const deleted = await world.call('DELETE', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`);
    const again = await world.call('GET', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`);

    expect(none.status).toBe(404);
    expect(read).toMatchObject({ status: 200, body: { Subject: 'brief' } });
    expect([deleted.status, again.status]).toEqual([204, 404]);
  });
});
