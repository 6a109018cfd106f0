import type { Connection } from 'jsforce';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { type SalesforceSandbox, startSalesforceSandbox } from './index.ts';

const BASE = '/services/data/v67.0';
let nowMs = Date.parse('2026-11-22T12:00:00.750Z');
let sandbox: SalesforceSandbox;
let connection: Connection;

beforeAll(async () => {
  sandbox = await startSalesforceSandbox({ clock: { now: () => nowMs } });
  connection = await connect(sandbox, nowMs);
});
afterAll(() => sandbox.close());

interface Raw {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}
async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Raw> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${connection.accessToken}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
const errorCode = (raw: Raw): string => (raw.body as { errorCode: string }[])[0]?.errorCode ?? '';
async function newCase(fields: Record<string, unknown> = {}): Promise<string> {
  const made = await connection.sobject('Case').create({ Subject: 'a case', ...fields });
  return made.id ?? '';
}

describe('Salesforce sandbox: versions', () => {
  it('lists its versions to anybody, without the limit header', async () => {
    const response = await fetch(`${sandbox.url}/services/data/`);

    expect(await response.json()).toContainEqual({ label: "Summer '26", url: BASE, version: '67.0' });
    expect(response.headers.get('sforce-limit-info')).toBeNull();
  });

  it('answers 410 for a retired version and 404 for one that never was', async () => {
    expect((await call('GET', '/services/data/v20.0/sobjects')).status).toBe(410);
    expect((await call('GET', '/services/data/v99.0/sobjects')).status).toBe(404);
  });
});

describe('Salesforce sandbox: sObject rows', () => {
  it('creates, reads, updates and deletes a case for the official client', async () => {
    const cases = connection.sobject('Case');
    const made = await cases.create({ Subject: 'printer', Priority: 'High' });
    const id = made.id ?? '';

    await cases.update({ Id: id, Status: 'Working' });
    const read = await cases.retrieve(id);
    await cases.destroy(id);

    expect(read).toMatchObject({ Subject: 'printer', Status: 'Working', Priority: 'High', IsClosed: false });
    await expect(cases.retrieve(id)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });

  it('gives ids with a true checksum suffix and takes the short form', async () => {
    const id = await newCase();

    expect(id).toMatch(/^500[a-zA-Z0-9]{12}[A-Z0-5]{3}$/);
    expect(await connection.sobject('Case').retrieve(id.slice(0, 15))).toMatchObject({ Id: id });
  });

  it('gives a case its number and closes it with a date', async () => {
    const id = await newCase();

    await connection.sobject('Case').update({ Id: id, Status: 'Closed' });
    const read = await connection.sobject('Case').retrieve(id);

    expect(read).toMatchObject({ IsClosed: true, ClosedDate: '2026-11-22T12:00:00.000+0000' });
    expect(read.CaseNumber).toMatch(/^\d{8}$/);
  });

  it('stamps in whole seconds', async () => {
    const read = await connection.sobject('Case').retrieve(await newCase());

    expect(read.SystemModstamp).toBe('2026-11-22T12:00:00.000+0000');
    expect(read.CreatedById).toBe(sandbox.hubUserId);
  });

  it('trims text, turns emptiness into null and refuses what is too long', async () => {
    const id = await newCase({ Subject: '  padded \n', Description: '' });

    const read = await connection.sobject('Case').retrieve(id);
    const tooLong = await call('POST', `${BASE}/sobjects/Case`, { Subject: 'x'.repeat(256) });

    expect(read).toMatchObject({ Subject: 'padded', Description: null });
    expect(tooLong.status).toBe(400);
    expect(tooLong.body).toMatchObject([{ errorCode: 'STRING_TOO_LONG', fields: ['Subject'] }]);
  });

  it('counts a comment in bytes, not in letters', async () => {
    const ParentId = await newCase();
    const fits = { ParentId, CommentBody: 'é'.repeat(2_000) };

    const kept = await call('POST', `${BASE}/sobjects/CaseComment`, fits);
    const refused = await call('POST', `${BASE}/sobjects/CaseComment`, {
      ParentId,
      CommentBody: 'é'.repeat(2_001),
    });

    expect(kept.status).toBe(201);
    expect(errorCode(refused)).toBe('STRING_TOO_LONG');
  });

  it.each([
    ['an unknown object', 'POST', '/sobjects/Nope', {}, 404, 'NOT_FOUND'],
    ['an unknown field', 'POST', '/sobjects/Case', { Nope: 1 }, 400, 'INVALID_FIELD'],
    [
      'a read-only field',
      'POST',
      '/sobjects/Case',
      { CaseNumber: '1' },
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ],
    [
      'a missing required field',
      'POST',
      '/sobjects/Contact',
      { FirstName: 'A' },
      400,
      'REQUIRED_FIELD_MISSING',
    ],
    ['a wrong type', 'POST', '/sobjects/CaseComment', { IsPublished: 'yes' }, 400, 'JSON_PARSER_ERROR'],
    ['a malformed reference', 'POST', '/sobjects/Case', { ContactId: 'x' }, 400, 'MALFORMED_ID'],
    [
      'a bad e-mail address',
      'POST',
      '/sobjects/Contact',
      { LastName: 'A', Email: 'x' },
      400,
      'INVALID_EMAIL_ADDRESS',
    ],
    [
      'a reference to nothing',
      'POST',
      '/sobjects/Case',
      { ContactId: '003000000000001AAA' },
      400,
      'INVALID_CROSS_REFERENCE_KEY',
    ],
    [
      'a reference of another kind',
      'POST',
      '/sobjects/Case',
      { ContactId: '500000000000001AAA' },
      400,
      'FIELD_INTEGRITY_EXCEPTION',
    ],
    ['an update of what never was', 'PATCH', '/sobjects/Case/500000000000001AAA', {}, 404, 'NOT_FOUND'],
    [
      'deleting a user',
      'DELETE',
      '/sobjects/User/005Ws0000000001',
      undefined,
      400,
      'INSUFFICIENT_ACCESS_OR_READONLY',
    ],
  ])('refuses %s', async (_, method, path, body, status, code) => {
    const refused = await call(method, `${BASE}${path}`, body);

    expect(refused.status).toBe(status);
    expect(errorCode(refused)).toBe(code);
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${sandbox.url}${BASE}/sobjects/Case`, {
      method: 'POST',
      headers: { authorization: `Bearer ${connection.accessToken}` },
      body: '{',
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject([{ errorCode: 'JSON_PARSER_ERROR' }]);
  });

  it('refuses to touch what is in the bin, until it is taken out again', async () => {
    const id = await newCase();
    await connection.sobject('Case').destroy(id);

    const whileDeleted = await call('PATCH', `${BASE}/sobjects/Case/${id}`, { Subject: 'x' });
    sandbox.human.undelete(id);
    const afterwards = await call('PATCH', `${BASE}/sobjects/Case/${id}`, { Subject: 'x' });

    expect(whileDeleted).toMatchObject({ status: 404, body: [{ errorCode: 'ENTITY_IS_DELETED' }] });
    expect(afterwards.status).toBe(204);
  });

  it('restricts picklists only where the org does', async () => {
    const loose = await call('POST', `${BASE}/sobjects/Case`, { Status: 'Dreaming' });
    sandbox.settings({ restrictPicklists: true });
    const strict = await call('POST', `${BASE}/sobjects/Case`, { Status: 'Dreaming' });
    sandbox.settings({ restrictPicklists: false });

    expect(loose.status).toBe(201);
    expect(errorCode(strict)).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  });
});

describe('Salesforce sandbox: conditional requests', () => {
  it('refuses an update with 412 once the record changed after the given second', async () => {
    const id = await newCase();
    const base = new Date(nowMs).toUTCString();
    nowMs += 2_000;
    sandbox.human.edit(id, { Priority: 'Low' });

    const stale = await call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      { Status: 'Working' },
      { 'if-unmodified-since': base },
    );
    const fresh = await call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      { Status: 'Working' },
      { 'if-unmodified-since': new Date(nowMs).toUTCString() },
    );

    expect(stale.status).toBe(412);
    expect(fresh.status).toBe(204);
  });

  it('lets a change within the same second through, as dates in whole seconds must', async () => {
    const id = await newCase();
    sandbox.human.edit(id, { Priority: 'Low' });

    const updated = await call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      { Status: 'Working' },
      { 'if-unmodified-since': new Date(nowMs).toUTCString() },
    );

    expect(updated.status).toBe(204);
  });

  it('answers 400 to a date nobody can read, and ignores conditions on DELETE', async () => {
    const id = await newCase();

    const unreadable = await call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      {},
      { 'if-unmodified-since': 'soon' },
    );
    nowMs += 2_000;
    sandbox.human.edit(id, { Priority: 'Low' });
    const deleted = await call('DELETE', `${BASE}/sobjects/Case/${id}`, undefined, {
      'if-unmodified-since': new Date(nowMs - 10_000).toUTCString(),
    });

    expect(unreadable.status).toBe(400);
    expect(deleted.status).toBe(204);
  });
});

describe('Salesforce sandbox: upsert by external id', () => {
  it('creates with 201, then updates with 200', async () => {
    const path = `${BASE}/sobjects/Case/Deskbridge_Id__c/rec-1`;

    const created = await call('PATCH', path, { Subject: 'one' });
    const updated = await call('PATCH', path, { Subject: 'two' });

    expect(created).toMatchObject({ status: 201, body: { created: true, success: true } });
    expect(updated).toMatchObject({ status: 200, body: { created: false } });
    expect((created.body as { id: string }).id).toBe((updated.body as { id: string }).id);
  });

  it('tells keys apart by letter case', async () => {
    const lower = await call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/key-a`, { Subject: 'a' });
    const upper = await call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/KEY-A`, { Subject: 'A' });

    expect([lower.status, upper.status]).toEqual([201, 201]);
  });

  it('answers 300 with the matches where several rows hold the value', async () => {
    const keep = await newCase({ Deskbridge_Id__c: 'twice' });
    sandbox.human.remove(keep);
    await newCase({ Deskbridge_Id__c: 'twice' });
    sandbox.human.undelete(keep);

    const several = await call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/twice`, { Subject: 'x' });

    expect(several.status).toBe(300);
    expect(several.body).toHaveLength(2);
  });

  it('refuses CaseComment, which has no external id field', async () => {
    const refused = await call('PATCH', `${BASE}/sobjects/CaseComment/Deskbridge_Id__c/c1`, {
      CommentBody: 'x',
    });

    expect(refused).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
  });

  it('refuses a second row with a unique value and names the first', async () => {
    const id = await newCase({ Deskbridge_Id__c: 'only' });

    const refused = await call('POST', `${BASE}/sobjects/Case`, { Subject: 'x', Deskbridge_Id__c: 'only' });

    expect(errorCode(refused)).toBe('DUPLICATE_VALUE');
    expect(JSON.stringify(refused.body)).toContain(id);
  });

  it('creates nothing with updateOnly, and reads and deletes by the field', async () => {
    const none = await call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/never?updateOnly=true`, {
      Subject: 'x',
    });
    await call('PATCH', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`, { Subject: 'brief' });
    const read = await call('GET', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`);
    const deleted = await call('DELETE', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`);
    const again = await call('GET', `${BASE}/sobjects/Case/Deskbridge_Id__c/brief`);

    expect(none.status).toBe(404);
    expect(read).toMatchObject({ status: 200, body: { Subject: 'brief' } });
    expect([deleted.status, again.status]).toEqual([204, 404]);
  });
});

describe('Salesforce sandbox: query', () => {
  it('pages by nextRecordsUrl until done', async () => {
    const rows = Array.from({ length: 230 }, (_, index) => ({
      LastName: `Page ${String(index).padStart(3, '0')}`,
    }));
    await connection.sobject('Contact').create(rows.slice(0, 200), { allOrNone: true });
    await connection.sobject('Contact').create(rows.slice(200), { allOrNone: true });

    const first = await call(
      'GET',
      `${BASE}/query?q=${encodeURIComponent("SELECT Id, Name FROM Contact WHERE LastName LIKE 'Page%' ORDER BY LastName")}`,
      undefined,
      { 'sforce-query-options': 'batchSize=200' },
    );
    const body = first.body as {
      done: boolean;
      nextRecordsUrl: string;
      records: unknown[];
      totalSize: number;
    };
    const second = await call('GET', body.nextRecordsUrl);

    expect(body).toMatchObject({ done: false, totalSize: 230 });
    expect(body.records).toHaveLength(200);
    expect(second.body).toMatchObject({ done: true });
    expect((second.body as { records: { Name: string }[] }).records.at(-1)?.Name).toBe('Page 229');
    expect(errorCode(await call('GET', `${BASE}/query/01gnothing-200`))).toBe('INVALID_QUERY_LOCATOR');
  });

  it('shows the deleted to queryAll alone', async () => {
    const id = await newCase({ Subject: 'gone' });
    await connection.sobject('Case').destroy(id);
    const soql = encodeURIComponent(`SELECT Id, IsDeleted FROM Case WHERE Id = '${id}'`);

    const plain = await call('GET', `${BASE}/query?q=${soql}`);
    const all = await call('GET', `${BASE}/queryAll?q=${soql}`);

    expect(plain.body).toMatchObject({ totalSize: 0 });
    expect(all.body).toMatchObject({ totalSize: 1, records: [{ IsDeleted: true }] });
  });

  it('counts, and refuses what it does not understand', async () => {
    const ask = async (soql: string) => await call('GET', `${BASE}/query?q=${encodeURIComponent(soql)}`);

    expect((await ask('SELECT COUNT() FROM User')).body).toMatchObject({ totalSize: 4, records: [] });
    expect(errorCode(await ask('SELECT FROM Case'))).toBe('MALFORMED_QUERY');
    expect(errorCode(await ask('SELECT Nope FROM Case'))).toBe('INVALID_FIELD');
    expect(errorCode(await ask('SELECT Id FROM Nope'))).toBe('INVALID_TYPE');
    expect(errorCode(await call('GET', `${BASE}/query`))).toBe('MALFORMED_QUERY');
  });
});

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
    const made = await call('POST', `${BASE}/composite`, comment(await newCase(), 'link-1'));

    expect(made.status).toBe(200);
    const [first] = (made.body as { compositeResponse: { body: { id: string } }[] }).compositeResponse;
    expect(
      sandbox.human.find("SELECT Comment_Id__c FROM Deskbridge_Comment_Link__c WHERE Key__c = 'link-1'"),
    ).toEqual([expect.objectContaining({ Comment_Id__c: first?.body.id })]);
  });

  it('leaves nothing of an all-or-none request whose second part fails', async () => {
    const parent = await newCase();
    await call('POST', `${BASE}/composite`, comment(parent, 'link-2', 'first'));

    const again = await call('POST', `${BASE}/composite`, comment(parent, 'link-2', 'second'));

    const { compositeResponse } = again.body as {
      compositeResponse: { httpStatusCode: number; body: { errorCode: string }[] }[];
    };
    expect(again.status).toBe(200);
    expect(compositeResponse.map((part) => part.body[0]?.errorCode)).toEqual([
      'PROCESSING_HALTED',
      'DUPLICATE_VALUE',
    ]);
    expect(sandbox.human.find(`SELECT Id FROM CaseComment WHERE ParentId = '${parent}'`)).toHaveLength(1);
  });

  it('goes on after a failure without allOrNone, and halts what refers to it', async () => {
    const made = await call('POST', `${BASE}/composite`, {
      compositeRequest: [
        { method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId: 'bad', body: {} },
        { method: 'GET', url: `${BASE}/sobjects/Contact/@{bad.id}`, referenceId: 'halted' },
        { method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId: 'good', body: { LastName: 'Good' } },
      ],
    });

    const { compositeResponse } = made.body as { compositeResponse: { httpStatusCode: number }[] };
    expect(compositeResponse.map((part) => part.httpStatusCode)).toEqual([400, 400, 201]);
  });

  it.each([
    ['no list', {}],
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
    expect((await call('POST', `${BASE}/composite`, body)).status).toBe(400);
  });
});

describe('Salesforce sandbox: collections', () => {
  it('takes 200 rows and refuses 201', async () => {
    const rows = (count: number) => ({
      records: Array.from({ length: count }, () => ({ attributes: { type: 'Account' }, Name: 'A' })),
    });

    expect((await call('POST', `${BASE}/composite/sobjects`, rows(200))).body).toHaveLength(200);
    expect((await call('POST', `${BASE}/composite/sobjects`, rows(201))).status).toBe(400);
  });

  it('reports each row by itself, or rolls all back under allOrNone', async () => {
    const records = [
      { attributes: { type: 'Contact' }, LastName: 'Kept' },
      { attributes: { type: 'Contact' }, FirstName: 'Refused' },
    ];

    const some = await call('POST', `${BASE}/composite/sobjects`, { records });
    const none = await call('POST', `${BASE}/composite/sobjects`, { allOrNone: true, records });

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
    const contacts = connection.sobject('Contact');
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

describe('Salesforce sandbox: describe, limits, replication', () => {
  it('describes fields with their lengths, keys and picklists', async () => {
    const described = await connection.sobject('Case').describe();

    const field = (name: string) => described.fields.find((candidate) => candidate.name === name);
    expect(field('Subject')).toMatchObject({ type: 'string', length: 255, updateable: true });
    expect(field('Deskbridge_Id__c')).toMatchObject({ externalId: true, unique: true });
    expect(field('Status')?.picklistValues?.map((entry) => entry.value)).toContain('On Hold');
    expect((await connection.describeGlobal()).sobjects.map((object) => object.name)).toContain(
      'CaseComment',
    );
  });

  it('shows no external id on CaseComment', async () => {
    const described = await connection.sobject('CaseComment').describe();

    expect(described.fields.filter((field) => field.externalId)).toEqual([]);
  });

  it('says how much of the daily limit is used, on failures too, and refuses beyond it', async () => {
    const before = await call('GET', `${BASE}/sobjects/Nope`);
    const used = Number(/api-usage=(\d+)\//.exec(before.headers.get('sforce-limit-info') ?? '')?.[1]);
    sandbox.settings({ apiLimit: used });

    const refused = await call('GET', `${BASE}/sobjects`);
    sandbox.settings({ apiLimit: 15_000 });

    expect(refused).toMatchObject({ status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
    expect((await connection.limits()).DailyApiRequests).toMatchObject({ Max: 15_000 });
  });

  it('lists what changed and what was deleted in a window, and how far it covers', async () => {
    const kept = await newCase();
    const gone = await newCase();
    await connection.sobject('Case').destroy(gone);
    const end = new Date(nowMs + 60_000);
    const start = new Date(nowMs - 300_000);

    const updated = await connection.sobject('Case').updated(start, end);
    const deleted = await connection.sobject('Case').deleted(start, end);

    expect(updated.ids).toContain(kept);
    expect(updated.ids).not.toContain(gone);
    expect(deleted.deletedRecords.map((record) => record.id)).toContain(gone);
    expect(Date.parse(deleted.latestDateCovered)).toBeLessThanOrEqual(nowMs);
  });

  it.each([
    ['a window under a minute', 0, 10_000],
    ['a start too long ago', -31 * 86_400_000, 60_000],
  ])('refuses %s', async (_, startOffset, endOffset) => {
    const query = new URLSearchParams({
      start: new Date(nowMs + startOffset).toISOString(),
      end: new Date(nowMs + endOffset).toISOString(),
    });

    expect(errorCode(await call('GET', `${BASE}/sobjects/Case/updated?${query}`))).toBe(
      'INVALID_REPLICATION_DATE',
    );
  });
});

describe('Salesforce sandbox: merge', () => {
  it('puts losers in the bin with their master and moves their comments', async () => {
    const [master, loser] = [await newCase(), await newCase()];
    const { id } = sandbox.human.comment(loser, 'moves along');

    sandbox.human.merge(master, [loser]);

    expect(
      sandbox.human.find(`SELECT IsDeleted, MasterRecordId FROM Case WHERE Id = '${loser}'`),
    ).toMatchObject([{ IsDeleted: true, MasterRecordId: master }]);
    expect(await connection.sobject('CaseComment').retrieve(id)).toMatchObject({ ParentId: master });
  });
});
