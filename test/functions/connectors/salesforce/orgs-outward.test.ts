import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { dyingAtEachWrite, held, LATER, seenIn } from './outward.ts';
import { CASES, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const same = (later: SalesforceSandbox) => expect(seenIn(later)).toEqual(seenIn(hub.first));

describe('an org that is connected later', () => {
  it('gets a copy of everything, two hundred in a call, once', async () => {
    await held(hub, 210, 20);
    const later = await hub.connect(LATER);
    const before = later.apiUsed;

    const job = await hub.backfill(later, 'out');
    await hub.settle();

    expect(await hub.backfilled(job)).toMatchObject({
      state: 'done',
      leftOpen: 0,
      ends: { applied: 230, merged: 0, echo: 0, filtered: 0, parked: 0 },
    });
    // The contacts looked for, then made; two pages of cases.
    expect(later.apiUsed - before).toBe(4);
    same(later);
    expect(await hub.parked()).toEqual([]);

    const again = await hub.backfill(later, 'out');
    await hub.settle();
    expect(await hub.backfilled(again)).toMatchObject({ state: 'done', ends: { applied: 0, echo: 230 } });
    expect(later.apiUsed - before).toBe(4);
  });

  it('gets comments after their case, and is in step from then on', async () => {
    const [id] = await held(hub, 3, 1);
    for (const body of ['one', 'two', 'three']) hub.first.human.comment(String(id), body);
    await hub.settle();
    const later = await hub.connect(LATER);
    await hub.backfill(later, 'out');
    await hub.settle();
    same(later);

    hub.first.human.editCase(String(id), { Subject: 'edited here' });
    const [there] = later.human.find("SELECT Id FROM Case WHERE Subject = 'case 1'");
    later.human.editCase(String(there?.Id), { Subject: 'edited there' });
    await hub.settle();

    same(later);
    expect(rows(hub.first, CASES).map(({ Subject }) => Subject)).toEqual(
      expect.arrayContaining(['edited here', 'edited there']),
    );
  });

  it('gets the next comment of every case of a page in one call, in their order', async () => {
    const [cases, each] = [100, 5];
    const ids = await held(hub, cases, 0);
    for (let n = 0; n < each; n += 1) for (const id of ids) hub.first.human.comment(id, `comment ${n}`);
    await hub.settle();
    const later = await hub.connect(LATER);
    const before = later.apiUsed;

    await hub.backfill(later, 'out');
    await hub.drain();

    // The cases in one call, then the next comment of each: one call by record is what a naive client takes.
    expect(later.apiUsed - before).toBe(1 + each);
    expect((later.apiUsed - before) / (cases + cases * each)).toBeLessThanOrEqual(0.01);
    same(later);
    const orders = Map.groupBy(
      later.human.find('SELECT ParentId, CommentBody FROM CaseComment ORDER BY Id'),
      (row) => String(row.ParentId),
    );
    expect(orders.size).toBe(cases);
    for (const rows of orders.values())
      expect(rows.map(({ CommentBody }) => CommentBody)).toEqual([0, 1, 2, 3, 4].map((n) => `comment ${n}`));
  });

  it('is brought everything under a mapping of its own, and is in step from then on', async () => {
    await held(hub, 3, 2);
    const later = await hub.connect(LATER);
    hub.second.faults.add({ on: 'event', effect: 'lose' });
    later.human.create('Contact', { LastName: 'Person 1', Email: 'person1@example.com' });
    await hub.map(later, [
      {
        field: 'custom.area',
        vendorField: 'Product_Area__c',
        direction: 'both',
        first: 'vendor',
        transforms: [{ use: 'truncate', length: 40 }],
      },
    ]);
    const before = later.apiUsed;

    const job = await hub.backfill(later, 'out');
    await hub.drain();
    expect(later.apiUsed - before).toBeLessThanOrEqual(4);
    await hub.settle();
    expect(await hub.backfilled(job)).toMatchObject({ state: 'done', leftOpen: 0, ends: { parked: 0 } });
    const [one] = rows(later, 'SELECT Id, Subject FROM Case ORDER BY Subject');
    later.human.edit(String(one?.Id), { Subject: 'edited there', Product_Area__c: 'Tents' });
    await hub.settle();

    expect(rows(hub.first, CASES).map(({ Subject }) => Subject)).toContain('edited there');
    expect(rows(later, 'SELECT Id FROM Case')).toHaveLength(3);
    expect(rows(later, 'SELECT Id FROM Contact')).toHaveLength(2);
    expect(await hub.parked()).toEqual([]);
  });

  it('keeps a person it knows already, whatever the hub would have made', async () => {
    await held(hub, 2, 2);
    const later = await hub.connect(LATER);
    hub.second.faults.add({ on: 'event', effect: 'lose' });
    const known = later.human.create('Contact', { LastName: 'Person 1', Email: 'PERSON1@example.com' });

    await hub.backfill(later, 'out');
    await hub.settle();

    expect(later.human.find("SELECT Id FROM Contact WHERE Email = 'person1@example.com'")).toMatchObject([
      { Id: known.id },
    ]);
    expect(rows(later, 'SELECT Id FROM Contact')).toHaveLength(2);
  });

  it.each(['drop-after', 'drop-before', 'throttle', 'login-page'] as const)(
    'is waited for when it answers %s: the same page again, together, and nothing twice',
    async (effect) => {
      await held(hub, 30, 0);
      const later = await hub.connect(LATER);
      const before = later.apiUsed;
      later.faults.add({ on: 'call', path: '/composite', effect, times: 2 });

      const job = await hub.backfill(later, 'out');
      await hub.drain();

      expect(await hub.backfilled(job)).toMatchObject({ state: 'done', ends: { applied: 30 } });
      expect(later.apiUsed - before).toBeLessThan(6);
      same(later);
    },
  );

  it('has what it refuses set aside with the reason, and the rest made', async () => {
    await held(hub, 1, 1);
    hub.first.human.createCase({ subject: 'of nobody' });
    await hub.settle();
    const later = await hub.connect(LATER);
    later.settings({ denied: { Contact: ['create'] } });

    const job = await hub.backfill(later, 'out');
    await hub.settle();

    // The case of a person who has no copy there waits for it.
    expect(await hub.backfilled(job)).toMatchObject({
      state: 'done',
      leftOpen: 1,
      ends: { applied: 1, parked: 1 },
    });
    expect(rows(later, 'SELECT Subject FROM Case')).toEqual([{ Subject: 'of nobody' }]);
    expect(await hub.parked()).toMatchObject([
      { kind: 'contact', cause: 'rejected', fault: 'organization', code: 'INSUFFICIENT_ACCESS_OR_READONLY' },
    ]);

    later.settings({ denied: {} });
    for (const { id } of await hub.parked()) await hub.replay(id);
    await hub.settle();
    same(later);
  });

  it('meets a record that changes while its page is still to come', async () => {
    const made = await held(hub, 250, 0);
    const later = await hub.connect(LATER);
    later.faults.add({ on: 'call', path: '/composite', effect: 'throttle', times: 1 });
    const job = await hub.backfill(later, 'out');
    // The oldest of all moves ahead of everything.
    hub.first.human.editCase(String(made[0]), { Subject: 'moved' });

    await hub.settle();

    expect((await hub.backfilled(job)).state).toBe('done');
    same(later);
  });

  it('is left alone once its backfill is cancelled', async () => {
    await held(hub, 30, 0);
    const later = await hub.connect(LATER);
    const job = await hub.backfill(later, 'out');

    await hub.cancel(job);
    await hub.settle();

    expect((await hub.backfilled(job)).state).toBe('cancelled');
    expect(rows(later, CASES)).toEqual([]);
  });

  it('has everything once though the function dies at any of its writes', async () => {
    await held(hub, 5, 2);
    const later = await hub.connect(LATER);
    const job = await hub.backfill(later, 'out');

    const deaths = await dyingAtEachWrite(hub, 60);
    await hub.settle();

    expect(deaths).toBeGreaterThan(5);
    expect((await hub.backfilled(job)).state).toBe('done');
    same(later);
    expect(await hub.parked()).toEqual([]);
  });
});
