import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const token = tokenOf('acme');
const [ACCOUNT, CONTACT, CASE] = ['001-lamps', '003-maya', '500-pole'] as ExternalId[];
let hub: MemoryHub;
let desk: PlainVendor;
let salesforce: Connection;

beforeEach(async () => {
  hub = await memoryHub();
  salesforce = await hub.connect('acme', 'salesforce');
  desk = plainVendor('desk', hub.clock);
});

const get = (path: string) => hub.ask({ path, token });
const settled = () => settle(hub, { salesforce: desk });

/** A case of a customer who belongs to a company; each is told of by itself, the case first. */
async function caseOfCompany(name = 'Lamps & Light'): Promise<void> {
  desk.has({ kind: 'account', externalId: ACCOUNT! }, { name, website: 'lamps.example', phone: '1' });
  desk.has({ kind: 'contact', externalId: CONTACT! }, { name: 'Maya Chen', account: ACCOUNT! });
  const contact = { fields: { name: 'Maya Chen', account: ACCOUNT! }, refersTo: ACCOUNT! };
  const fields = { subject: 'Broken pole', status: 'New', priority: 'High', requester: CONTACT! };
  await hub.polls(salesforce, { kind: 'ticket', externalId: CASE!, fields, refersTo: CONTACT! });
  await hub.polls(salesforce, { kind: 'contact', externalId: CONTACT!, ...contact });
  await settled();
}

describe('accounts', () => {
  it('stand on the tickets of the customers who belong to them', async () => {
    await caseOfCompany();

    const [ticket] = (await get('/v1/tickets')).body.items;

    const [account] = (await get('/v1/accounts')).body.items;
    expect(ticket.requester).toMatchObject({
      name: 'Maya Chen',
      account: { id: account.id, name: 'Lamps & Light' },
    });
  });

  it('are listed, and read one by one, with where their copies stand', async () => {
    await caseOfCompany();

    const { body } = await get('/v1/accounts');

    expect(body.items).toMatchObject([
      { name: 'Lamps & Light', website: 'lamps.example', phone: '1', custom: {}, isDeleted: false },
    ]);
    expect(body.items[0].links).toMatchObject([
      { connection: salesforce.id, facet: 'account', externalId: ACCOUNT, state: 'settled' },
    ]);
    expect((await get(`/v1/accounts/${body.items[0].id}`)).body).toEqual(body.items[0]);
  });

  it('are no contacts and no tickets', async () => {
    await caseOfCompany();
    const [ticket] = (await get('/v1/tickets')).body.items;
    const [account] = (await get('/v1/accounts')).body.items;

    const answers = await Promise.all(
      [`/v1/accounts/${ticket.id}`, `/v1/accounts/${ticket.requester.id}`, `/v1/tickets/${account.id}`].map(
        get,
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('are told of on the bus, and why a field of one has its value is told with its ticket', async () => {
    await caseOfCompany();
    await hub.polls(salesforce, {
      kind: 'account',
      externalId: ACCOUNT!,
      fields: { name: 'Lamps Ltd', website: 'lamps.example', phone: '1' },
    });
    desk.has(
      { kind: 'account', externalId: ACCOUNT! },
      { name: 'Lamps Ltd', website: 'lamps.example', phone: '1' },
    );
    await settled();

    const [ticket] = (await get('/v1/tickets')).body.items;
    const { account } = ticket.requester;
    const why = await get(`/v1/tickets/${ticket.id}/why/name?record=${account.id}`);

    expect(account.name).toBe('Lamps Ltd');
    expect(why.body).toMatchObject({ kind: 'account', value: 'Lamps Ltd' });
    const types = hub.bus.events.map(({ type }) => type).filter((type) => type.startsWith('account.'));
    expect(types).toEqual(['account.created', 'account.updated']);
  });
});
