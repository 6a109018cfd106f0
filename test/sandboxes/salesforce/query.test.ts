import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, errorCode, openRest } from './rest-world.ts';

let world: Awaited<ReturnType<typeof openRest>>;
beforeAll(async () => {
  world = await openRest();
});
afterAll(() => world.sandbox.close());

describe('Salesforce sandbox: query', () => {
  it('pages by nextRecordsUrl until done', async () => {
    const rows = Array.from({ length: 230 }, (_, index) => ({
      LastName: `Page ${String(index).padStart(3, '0')}`,
    }));
    await world.connection.sobject('Contact').create(rows.slice(0, 200), { allOrNone: true });
    await world.connection.sobject('Contact').create(rows.slice(200), { allOrNone: true });

    const first = await world.call(
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
    const second = await world.call('GET', body.nextRecordsUrl);

    expect(body).toMatchObject({ done: false, totalSize: 230 });
    expect(body.records).toHaveLength(200);
    expect(second.body).toMatchObject({ done: true });
    expect((second.body as { records: { Name: string }[] }).records.at(-1)?.Name).toBe('Page 229');
    expect(errorCode(await world.call('GET', `${BASE}/query/01gnothing-200`))).toBe('INVALID_QUERY_LOCATOR');
  });

  it('shows the deleted to queryAll alone', async () => {
    const id = await world.newCase({ Subject: 'gone' });
    await world.connection.sobject('Case').destroy(id);
    const soql = encodeURIComponent(`SELECT Id, IsDeleted FROM Case WHERE Id = '${id}'`);

    const plain = await world.call('GET', `${BASE}/query?q=${soql}`);
    const all = await world.call('GET', `${BASE}/queryAll?q=${soql}`);

    expect(plain.body).toMatchObject({ totalSize: 0 });
    expect(all.body).toMatchObject({ totalSize: 1, records: [{ IsDeleted: true }] });
  });

  it('counts, and refuses what it does not understand', async () => {
    const ask = async (soql: string) =>
      await world.call('GET', `${BASE}/query?q=${encodeURIComponent(soql)}`);

    expect((await ask('SELECT COUNT() FROM User')).body).toMatchObject({ totalSize: 4, records: [] });
    expect(errorCode(await ask('SELECT FROM Case'))).toBe('MALFORMED_QUERY');
    expect(errorCode(await ask('SELECT Nope FROM Case'))).toBe('INVALID_FIELD');
    expect(errorCode(await ask('SELECT Id FROM Nope'))).toBe('INVALID_TYPE');
    expect(errorCode(await world.call('GET', `${BASE}/query`))).toBe('MALFORMED_QUERY');
  });
});
