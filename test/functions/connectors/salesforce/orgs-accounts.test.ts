import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const ACCOUNTS = 'SELECT Name, Website FROM Account WHERE IsDeleted = false ORDER BY Id';
const BELONGING = 'SELECT LastName, Account.Name FROM Contact WHERE IsDeleted = false ORDER BY LastName';
/** Last names with the names of their accounts. */
const belonging = (org: SalesforceSandbox) =>
  rows(org, BELONGING).map(({ LastName, Account }) => [
    LastName,
    (Account as { Name: string } | null)?.Name ?? null,
  ]);

const account = (Name: string, Website = 'acme.example') =>
  hub.first.human.create('Account', { Name, Website });
const contact = (LastName: string, AccountId: string | null) =>
  hub.first.human.create('Contact', {
    LastName,
    Email: `${LastName.toLowerCase()}@acme.example`,
    ...(AccountId === null ? {} : { AccountId }),
  });

describe('two orgs and the engine: accounts', () => {
  it('come with their contacts, one for all of a company, though their own events are lost', async () => {
    hub.first.faults.add({ on: 'event', effect: 'lose', times: 1 });
    const { id } = account('Acme');
    await hub.settle();
    contact('Lovelace', id);
    contact('Hopper', id);
    await hub.settle();

    expect(rows(hub.second, ACCOUNTS)).toEqual([{ Name: 'Acme', Website: 'acme.example' }]);
    expect(belonging(hub.second)).toEqual([
      ['Hopper', 'Acme'],
      ['Lovelace', 'Acme'],
    ]);
    expect(await hub.parked()).toEqual([]);
  });

  it('are renamed, and their copies with them, and nothing is written once all is quiet', async () => {
    const { id } = account('Acme');
    contact('Lovelace', id);
    await hub.settle();

    hub.first.human.edit(id, { Name: 'Acme Lamps' });
    await hub.settle();
    const stamps = () => rows(hub.second, 'SELECT SystemModstamp FROM Account');
    const then = stamps();
    await hub.poll();
    await hub.settle();

    expect(rows(hub.second, ACCOUNTS)).toEqual([{ Name: 'Acme Lamps', Website: 'acme.example' }]);
    expect(stamps()).toEqual(then);
  });

  it('are found by name and website where they were there before, and left as they are', async () => {
    hub.second.human.create('Account', { Name: 'ACME', Website: 'https://www.acme.example/', Phone: '1' });
    hub.second.human.create('Account', { Name: 'Acme', Website: 'acme.invalid' });
    await hub.settle();

    const { id } = account('Acme');
    contact('Lovelace', id);
    await hub.settle();

    expect(rows(hub.second, 'SELECT Name, Phone FROM Account WHERE IsDeleted = false ORDER BY Id')).toEqual([
      { Name: 'ACME', Phone: '1' },
      { Name: 'Acme', Phone: null },
    ]);
    expect(belonging(hub.second)).toEqual([['Lovelace', 'ACME']]);
  });

  it('of a contact that is found by its address are the record’s, and come to the other org', async () => {
    hub.second.faults.add({ on: 'event', effect: 'lose', times: 2 });
    const { id } = hub.second.human.create('Account', { Name: 'Acme', Website: 'acme.example' });
    hub.second.human.create('Contact', { LastName: 'L', Email: 'lovelace@acme.example', AccountId: id });
    await hub.settle();

    contact('Lovelace', null);
    await hub.settle();

    expect(rows(hub.first, ACCOUNTS)).toEqual([{ Name: 'Acme', Website: 'acme.example' }]);
    expect(rows(hub.second, ACCOUNTS)).toHaveLength(1);
    expect(belonging(hub.second)).toEqual([['L', 'Acme']]);
  });

  it.each([
    ['an event that names it', 'event'],
    ['an event that names no values', 'gap'],
    ['no event', 'pull'],
  ])('are changed for others on a contact, told by %s', async (_what, by) => {
    const [acme, bulbs] = [account('Acme'), account('Bulbs', 'bulbs.example')];
    const { id } = contact('Lovelace', acme.id);
    await hub.settle();

    if (by !== 'event') hub.first.faults.add({ on: 'event', effect: 'lose', times: 1 });
    hub.first.human.edit(id, { AccountId: bulbs.id });
    await hub.settle();
    if (by === 'gap') hub.first.human.gap(id, 'UPDATE');
    if (by === 'pull') await hub.poll();
    await hub.settle();

    expect(belonging(hub.second)).toEqual([['Lovelace', 'Bulbs']]);
    expect(await hub.parked()).toEqual([]);
  });

  it('are taken off a contact, and given to one', async () => {
    const { id: acme } = account('Acme');
    const [had, hadNone] = [contact('Lovelace', acme), contact('Hopper', null)];
    await hub.settle();

    hub.first.human.edit(had.id, { AccountId: null });
    hub.first.human.edit(hadNone.id, { AccountId: acme });
    await hub.settle();

    expect(belonging(hub.second)).toEqual([
      ['Hopper', 'Acme'],
      ['Lovelace', null],
    ]);
  });

  it('follow the one they were merged into, with all who belong to them', async () => {
    const [acme, acmeInc] = [account('Acme'), account('Acme Inc')];
    contact('Lovelace', acme.id);
    contact('Hopper', acmeInc.id);
    await hub.settle();

    hub.first.human.merge(acme.id, [acmeInc.id]);
    await hub.settle();
    await hub.poll();
    await hub.settle();

    expect(belonging(hub.second)).toEqual([
      ['Hopper', 'Acme'],
      ['Lovelace', 'Acme'],
    ]);
    expect(await hub.parked()).toEqual([]);
  });

  it('that are deleted keep no contact from being made', async () => {
    const { id } = account('Acme');
    await hub.settle();
    contact('Lovelace', null);
    hub.first.human.remove(id);
    await hub.settle();

    expect(belonging(hub.second)).toEqual([['Lovelace', null]]);
    expect(await hub.parked()).toEqual([]);
  });
});
