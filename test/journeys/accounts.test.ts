import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../bin/local/demo/until.ts';
import type { World } from '../../bin/local/demo/world.ts';
import { conversation, type JourneyHub, journeyHub, ticketOf } from './hub.ts';

const patienceMs = 60_000;

interface Company {
  readonly id: string;
  readonly name?: string;
}
interface Told {
  readonly requester: { readonly email?: string; readonly account?: Company } | null;
}

let journey: JourneyHub;
let world: World;
let account: string;
beforeAll(async () => {
  journey = await journeyHub();
  world = journey.world;
  account = await made('Account', { Name: 'Lamps & Light', Website: 'lamps.example' });
  await made('Contact', {
    FirstName: 'Maya',
    LastName: 'Chen',
    Email: world.description.sandboxes.slack.customer.email,
    AccountId: account,
  });
}, 180_000);
afterAll(() => journey.close());

async function made(object: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
  return (await world.salesforce.control<{ id: string }>('POST', 'records', { object, fields })).id;
}

const companyOf = (ticket: string, name: string) =>
  until(
    `${name} on the ticket`,
    async () => {
      const { requester } = await world.api.get<Told>(`/v1/tickets/${ticket}`);
      return requester?.account?.name === name ? requester.account : undefined;
    },
    patienceMs,
  );

describe('a customer who writes in Slack, and whose company only Salesforce knows', () => {
  it(
    'is shown with it on the ticket, and with the name it gets there later',
    async () => {
      const { ts, caseId } = await conversation(world, 'My lamp is dark');
      const ticket = await ticketOf(world, ts);

      const company = await companyOf(ticket, 'Lamps & Light');
      await world.salesforce.change(account, { Name: 'Lamps Ltd' });
      const renamed = await companyOf(ticket, 'Lamps Ltd');

      expect(renamed.id).toBe(company.id);
      expect(await world.api.get(`/v1/accounts/${company.id}`)).toMatchObject({
        name: 'Lamps Ltd',
        website: 'lamps.example',
        links: [{ integration: 'salesforce', facet: 'account', externalId: account, state: 'settled' }],
      });
      const contacts = await world.salesforce.rows('Contact');
      const found = (await world.salesforce.rows('Case')).find(({ Id }) => Id === caseId);
      expect(contacts.map(({ Id, AccountId }) => [Id, AccountId])).toEqual([[found?.ContactId, account]]);
    },
    3 * patienceMs,
  );
});
