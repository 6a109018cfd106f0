import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BASE, errorCode, openRest, type Raw } from './rest-world.ts';

const require = createRequire(import.meta.url);
const { BulkV2 } = require('jsforce/lib/api/bulk2.js') as typeof import('jsforce/lib/api/bulk2.js');

let world: Awaited<ReturnType<typeof openRest>>;
beforeEach(async () => {
  world = await openRest();
  world.sandbox.settings({ bulkDelayMs: 0 });
});
afterEach(() => world.sandbox.close());

const bulk = () => new BulkV2(world.connection);
const SOQL = 'SELECT Id, Subject, IsDeleted, CreatedDate, CreatedBy.Name FROM Case ORDER BY Subject';

async function newQuery(query = SOQL, more: Record<string, unknown> = {}): Promise<string> {
  const made = await world.call('POST', `${BASE}/jobs/query`, { operation: 'queryAll', query, ...more });
  return (made.body as { id: string }).id;
}

async function resultsOf(id: string, query = ''): Promise<{ headers: Headers; text: string }> {
  const response = await fetch(`${world.sandbox.url}${BASE}/jobs/query/${id}/results${query}`, {
    headers: { authorization: `Bearer ${world.connection.accessToken}` },
  });
  return { headers: response.headers, text: await response.text() };
}

const stateOf = ({ body }: Raw) => (body as { state: string }).state;

describe('Salesforce sandbox: bulk query jobs', () => {
  it('give the official client every row, quoted as the vendor quotes', async () => {
    await world.newCase({ Subject: 'say "hi", then\nleave' });
    await world.newCase({ Subject: 'plain' });

    const stream = await bulk().query(SOQL);
    const rows = await stream.toArray();

    expect(rows.map(({ Subject }) => Subject)).toEqual(['plain', 'say "hi", then\nleave']);
    expect(rows[0]).toMatchObject({ IsDeleted: 'false', 'CreatedBy.Name': 'Deskbridge Integration' });
    expect(rows[0]?.CreatedDate).toBe('2026-11-22T12:00:00.000Z');
  });

  it('page by Sforce-Locator until it says null, and may be paged again', async () => {
    for (const subject of ['a', 'b', 'c']) await world.newCase({ Subject: subject });
    const id = await newQuery();

    const first = await resultsOf(id, '?maxRecords=2');
    const locator = first.headers.get('sforce-locator');
    const second = await resultsOf(id, `?maxRecords=2&locator=${locator}`);

    expect(first.headers.get('sforce-numberofrecords')).toBe('2');
    expect(first.text.split('\n')).toHaveLength(4);
    expect(second.headers.get('sforce-locator')).toBe('null');
    expect(second.text).toMatch(/^"Id","Subject","IsDeleted","CreatedDate","CreatedBy.Name"\n".*","c",/);
    expect((await resultsOf(id, `?maxRecords=2&locator=${locator}`)).text).toBe(second.text);
  });

  it('hold what was there when they ran', async () => {
    const id = await newQuery('SELECT Subject FROM Case');

    await world.newCase();

    expect((await resultsOf(id)).text).toBe('"Subject"\n');
  });

  it('take their time, and give nothing before they are done', async () => {
    world.sandbox.settings({ bulkDelayMs: 10_000 });
    const id = await newQuery();
    const state = async () => stateOf(await world.call('GET', `${BASE}/jobs/query/${id}`));

    const seen = [await state()];
    const early = await world.call('GET', `${BASE}/jobs/query/${id}/results`);
    world.clock.nowMs += 6_000;
    seen.push(await state());
    world.clock.nowMs += 6_000;
    seen.push(await state());

    expect(seen).toEqual(['UploadComplete', 'InProgress', 'JobComplete']);
    expect([early.status, errorCode(early)]).toEqual([400, 'INVALIDJOBSTATE']);
  });

  it('can be aborted while they run, and deleted when they are done', async () => {
    world.sandbox.settings({ bulkDelayMs: 10_000 });
    const id = await newQuery();
    const path = `${BASE}/jobs/query/${id}`;

    expect(errorCode(await world.call('DELETE', path))).toBe('INVALIDJOBSTATE');
    expect(stateOf(await world.call('PATCH', path, { state: 'Aborted' }))).toBe('Aborted');
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect((await world.call('GET', path)).status).toBe(404);
  });

  it('are refused for a query that bulk does not take, and beyond the limit of a day', async () => {
    const create = (query: string) => world.call('POST', `${BASE}/jobs/query`, { operation: 'query', query });

    expect(errorCode(await create('SELECT COUNT() FROM Case'))).toBe('MALFORMED_QUERY');
    expect(errorCode(await create('SELECT Id FROM Nothing'))).toBe('INVALIDENTITY');
    expect(errorCode(await create('SELECT Nothing FROM Case'))).toBe('INVALID_FIELD');
    world.sandbox.settings({ maxQueryJobs: 1 });
    await create('SELECT Id FROM Case');
    expect(errorCode(await create('SELECT Id FROM Case'))).toBe('LIMIT_EXCEEDED');
  });

  it('want their results asked for in the version they were made with', async () => {
    const id = await newQuery();

    const answered = await world.call('GET', `/services/data/v66.0/jobs/query/${id}/results`);

    expect(answered.status).toBe(409);
  });
});

describe('Salesforce sandbox: bulk ingest jobs', () => {
  it('take what the official client uploads, and tell the fate of each row', async () => {
    const { successfulResults, failedResults } = await bulk().loadAndWaitForResults({
      object: 'Contact',
      operation: 'insert',
      input: [
        { LastName: 'Of bulk, "quoted"', FirstName: 'named' },
        { LastName: '', FirstName: 'nameless' },
      ],
    });

    expect(successfulResults).toMatchObject([{ sf__Created: 'true', LastName: 'Of bulk, "quoted"' }]);
    expect(failedResults).toMatchObject([
      {
        sf__Error: 'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --',
        FirstName: 'nameless',
      },
    ]);
    expect(world.sandbox.state().Contact).toHaveLength(1);
  });

  it('upsert by an external id, leave a field that is empty and empty one that says #N/A', async () => {
    const id = await world.newCase({ Deskbridge_Id__c: 'k1', Description: 'there', Priority: 'High' });

    await bulk().loadAndWaitForResults({
      object: 'Case',
      operation: 'upsert',
      externalIdFieldName: 'Deskbridge_Id__c',
      input: 'Deskbridge_Id__c,Subject,Description,Priority\nk1,changed,#N/A,\nk2,new,,\n',
    });

    const cases = world.sandbox.state().Case ?? [];
    expect(cases.map(({ Subject }) => Subject)).toEqual(['changed', 'new']);
    expect(cases.find((row) => row.Id === id)).toMatchObject({ Description: null, Priority: 'High' });
  });

  it('never run without UploadComplete', async () => {
    const job = bulk().createJob({ object: 'Contact', operation: 'insert' });
    await job.open();
    await job.uploadData('LastName\nwaits\n');

    expect((await job.check()).state).toBe('Open');
    expect(world.sandbox.state().Contact).toEqual([]);
    await job.close();
    expect((await job.check()).state).toBe('JobComplete');
    expect(world.sandbox.state().Contact).toHaveLength(1);
  });

  it('fail as a whole for a column that is not there, and give the rows back as unprocessed', async () => {
    const job = bulk().createJob({ object: 'Contact', operation: 'insert' });
    await job.open();
    await job.uploadData('LastName,Nothing__c\na,b\n');
    await job.close();

    const info = await job.check();

    expect(info).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : Field name not found : Nothing__c',
    });
    expect(await job.getUnprocessedRecords()).toMatchObject([{ LastName: 'a', Nothing__c: 'b' }]);
  });

  it('can be aborted and deleted before they are closed', async () => {
    const job = bulk().createJob({ object: 'Contact', operation: 'insert' });
    await job.open();

    await job.abort();

    expect((await job.check()).state).toBe('Aborted');
    await job.delete();
    await expect(job.check()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });
});

describe('Salesforce sandbox: bulk faults', () => {
  it('answers a page for people with 200, when told to', async () => {
    world.sandbox.faults.add({ on: 'call', path: '/jobs/query', effect: 'login-page' });

    const response = await fetch(`${world.sandbox.url}${BASE}/jobs/query`, {
      headers: { authorization: `Bearer ${world.connection.accessToken}` },
    });

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  it('gives the same page for ever, when told to', async () => {
    for (const subject of ['a', 'b', 'c']) await world.newCase({ Subject: subject });
    const id = await newQuery();
    world.sandbox.faults.add({ on: 'call', path: '/results', effect: 'repeat', times: 9 });
    const first = await resultsOf(id, '?maxRecords=1');
    const locator = first.headers.get('sforce-locator');

    const second = await resultsOf(id, `?maxRecords=1&locator=${locator}`);

    expect(locator).not.toBe('null');
    expect(second.headers.get('sforce-locator')).toBe(locator);
  });
});
