import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, errorCode, openRest } from './rest-world.ts';

let world: Awaited<ReturnType<typeof openRest>>;
beforeAll(async () => {
  world = await openRest();
});
afterAll(() => world.sandbox.close());

describe('Salesforce sandbox: describe, limits, replication', () => {
  it('describes fields with their lengths, keys and picklists', async () => {
    const described = await world.connection.sobject('Case').describe();

    const field = (name: string) => described.fields.find((candidate) => candidate.name === name);
    expect(field('Subject')).toMatchObject({ type: 'string', length: 255, updateable: true });
    expect(field('Deskbridge_Id__c')).toMatchObject({ externalId: true, unique: true });
    expect(field('Status')?.picklistValues?.map((entry) => entry.value)).toContain('On Hold');
    expect((await world.connection.describeGlobal()).sobjects.map((object) => object.name)).toContain(
      'CaseComment',
    );
  });

  it('shows no external id on CaseComment', async () => {
    const described = await world.connection.sobject('CaseComment').describe();

    expect(described.fields.filter((field) => field.externalId)).toEqual([]);
  });

  it('says how much of the daily limit is used, on failures too, and refuses beyond it', async () => {
    const before = await world.call('GET', `${BASE}/sobjects/Nope`);
    const used = Number(/api-usage=(\d+)\//.exec(before.headers.get('sforce-limit-info') ?? '')?.[1]);
    world.sandbox.settings({ apiLimit: used });

    const refused = await world.call('GET', `${BASE}/sobjects`);
    world.sandbox.settings({ apiLimit: 15_000 });

    expect(refused).toMatchObject({ status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
    const limits = await world.connection.limits();
    expect(limits.DailyApiRequests).toMatchObject({ Max: 15_000 });
    expect(limits.HourlyPublishedPlatformEvents).toMatchObject({ Max: 50_000, Remaining: 50_000 });
    expect(limits.DailyBulkV2QueryJobs).toMatchObject({ Remaining: 10_000 });
  });

  it('lists what changed and what was deleted in a window, and how far it covers', async () => {
    const kept = await world.newCase();
    const gone = await world.newCase();
    await world.connection.sobject('Case').destroy(gone);
    const end = new Date(world.clock.nowMs + 60_000);
    const start = new Date(world.clock.nowMs - 300_000);

    const updated = await world.connection.sobject('Case').updated(start, end);
    const deleted = await world.connection.sobject('Case').deleted(start, end);

    expect(updated.ids).toContain(kept);
    expect(updated.ids).not.toContain(gone);
    expect(deleted.deletedRecords.map((record) => record.id)).toContain(gone);
    expect(Date.parse(deleted.latestDateCovered)).toBeLessThanOrEqual(world.clock.nowMs);
  });

  it.each([
    ['a window under a minute', 0, 10_000],
    ['a start too long ago', -31 * 86_400_000, 60_000],
  ])('refuses %s', async (_, startOffset, endOffset) => {
    const query = new URLSearchParams({
      start: new Date(world.clock.nowMs + startOffset).toISOString(),
      end: new Date(world.clock.nowMs + endOffset).toISOString(),
    });

    expect(errorCode(await world.call('GET', `${BASE}/sobjects/Case/updated?${query}`))).toBe(
      'INVALID_REPLICATION_DATE',
    );
  });
});

describe('Salesforce sandbox: merge', () => {
  it('puts losers in the bin with their master and moves their comments', async () => {
    const [master, loser] = [await world.newCase(), await world.newCase()];
    const { id } = world.sandbox.human.comment(loser, 'moves along');

    world.sandbox.human.merge(master, [loser]);

    expect(
      world.sandbox.human.find(`SELECT IsDeleted, MasterRecordId FROM Case WHERE Id = '${loser}'`),
    ).toMatchObject([{ IsDeleted: true, MasterRecordId: master }]);
    expect(await world.connection.sobject('CaseComment').retrieve(id)).toMatchObject({ ParentId: master });
  });
});
