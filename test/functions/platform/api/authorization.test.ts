import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SalesforceSandbox, startSalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SlackSandbox, startSlackSandbox } from '../../../sandboxes/slack/index.ts';
import { type Answered, type MemoryHub, memoryHub, tokenOf } from '../hub.ts';

const token = tokenOf('acme');
let hub: MemoryHub;
let slack: SlackSandbox;
let salesforce: SalesforceSandbox;

beforeEach(async () => {
  hub = await memoryHub({ isLocal: true });
  [slack, salesforce] = await Promise.all([
    startSlackSandbox({ clock: hub.clock }),
    startSalesforceSandbox({ clock: hub.clock, publishEvents: async () => {} }),
  ]);
});

afterEach(async () => {
  await Promise.all([slack.close(), salesforce.close()]);
});

const get = (path: string) => hub.ask({ path, token });
const post = (path: string, body?: unknown) => hub.ask({ method: 'POST', path, token, body });

async function create(body: object, secrets: Readonly<Record<string, string>>): Promise<string> {
  const { id } = (await post('/v1/connections', body)).body;
  hub.secrets.set(id, { ...hub.secrets.get(id), ...secrets });
  return id;
}

function newSlack(): Promise<string> {
  const { clientId, clientSecret, signingSecret, apiUrl } = slack;
  const body = { integration: 'slack', name: 'Workspace', baseUrl: apiUrl };
  return create(body, { clientId, clientSecret, signingSecret });
}

function newSalesforce(): Promise<string> {
  const { consumerKey, privateKey, username, url } = salesforce;
  const body = {
    integration: 'salesforce',
    name: 'Service Cloud',
    baseUrl: url,
    settings: { loginUrl: url },
  };
  return create(body, { consumerKey, privateKey, username });
}

interface Trip {
  readonly query: string;
  readonly cookie: string;
}

/** What a person's browser does: to the vendor, who approves, and back with a code and the cookie. */
async function goToVendor(id: string): Promise<Trip> {
  const { body, cookies } = await post(`/v1/connections/${id}/authorize`);
  const answer = await fetch(body.authorizeUrl, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location') as string);
  return { query: back.search, cookie: (cookies[0] as string).split(';')[0] as string };
}

const comeBack = ({ query, cookie }: Trip): Promise<Answered> =>
  hub.ask({ path: `/oauth/callback${query}`, cookies: [cookie] });

describe('authorizing at a vendor that asks a person', () => {
  it('makes the connection active under the vendor’s own name for it', async () => {
    const id = await newSlack();

    const { status, headers } = await comeBack(await goToVendor(id));

    expect(status).toBe(303);
    expect(headers.location).toBe(`/console#/connections?connected=${id}`);
    const { body } = await get(`/v1/connections/${id}`);
    expect(body).toMatchObject({ account: slack.teamId });
    expect(body.health.state).toBe('healthy');
  });

  it('is shown as its last check found it, until the vendor answers as it should again', async () => {
    const id = await newSlack();
    await comeBack(await goToVendor(id));
    hub.clock.advance(1_000);
    const healthOf = async () => (await get(`/v1/connections/${id}`)).body.health;
    expect((await healthOf()).state).toBe('healthy');
    slack.faults.add({ on: 'call', method: 'auth.test', effect: 'fail', status: 500 });

    expect((await post(`/v1/connections/${id}/check`)).body.state).toBe('unhealthy');
    expect(await healthOf()).toMatchObject({ state: 'degraded', fault: 'vendor' });

    hub.clock.advance(1_000);
    expect((await post(`/v1/connections/${id}/check`)).body.state).toBe('healthy');
    expect((await healthOf()).state).toBe('healthy');
  });

  it('is never shown healthy with a token that lacks a scope, and says which', async () => {
    const id = await newSlack();
    const { body, cookies } = await post(`/v1/connections/${id}/authorize`);
    const url = new URL(body.authorizeUrl);
    url.searchParams.set('scope', 'chat:write');
    const answer = await fetch(url, { redirect: 'manual' });
    const query = new URL(answer.headers.get('location') as string).search;

    const { headers } = await comeBack({ query, cookie: (cookies[0] as string).split(';')[0] as string });

    expect(headers.location).toBe('/console#/connections?refused=missing_scope');
    expect((await get(`/v1/connections/${id}`)).body.health.state).toBe('pending');
  });

  it('names what the connection’s secret lacks, as a conflict and no failure of the hub', async () => {
    const id = await create({ integration: 'slack', name: 'Bare', baseUrl: slack.apiUrl }, {});

    const { status, body } = await post(`/v1/connections/${id}/authorize`);

    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toContain('clientId and clientSecret');
  });

  it('is good once: the same way back is refused the second time', async () => {
    const trip = await goToVendor(await newSlack());
    await comeBack(trip);

    const { headers } = await comeBack(trip);

    expect(headers.location).toBe('/console#/connections?refused=invalid_input');
  });

  it.each([
    ['access_denied', 'access_denied'],
    ['temporarily_unavailable', 'temporarily_unavailable'],
    ['<script>', 'access_denied'],
  ])('says so when the person comes back with %s, and the state is used up', async (error, shown) => {
    const id = await newSlack();
    const trip = await goToVendor(id);
    const state = new URLSearchParams(trip.query).get('state')!;
    const query = `?${new URLSearchParams({ error, state })}`;

    const { headers } = await comeBack({ ...trip, query });

    expect(headers.location).toBe(`/console#/connections?refused=${shown}`);
    expect((await comeBack(trip)).headers.location).toBe('/console#/connections?refused=invalid_input');
    const { body } = await get('/v1/audit');
    expect(body.items).toContainEqual(
      expect.objectContaining({
        connection: id,
        action: 'connection.authorize',
        outcome: 'refused',
        facts: { code: shown },
      }),
    );
  });

  it('takes a refusal from no other browser than the one that began', async () => {
    const trip = await goToVendor(await newSlack());
    const state = new URLSearchParams(trip.query).get('state')!;
    const query = `?${new URLSearchParams({ error: 'access_denied', state })}`;

    const { headers } = await comeBack({ query, cookie: 'deskbridge-oauth=another' });

    expect(headers.location).toBe('/console#/connections?refused=invalid_input');
    expect((await comeBack(trip)).headers.location).toContain('connected=');
  });

  it('ends in the console refused when the vendor does not take the code', async () => {
    const { query, cookie } = await goToVendor(await newSlack());

    const { headers } = await comeBack({ query: query.replace(/code=[^&]+/, 'code=forged'), cookie });

    expect(headers.location).toMatch(/^\/console#\/connections\?refused=/);
  });

  it('is refused for a workspace that another connection has', async () => {
    await comeBack(await goToVendor(await newSlack()));

    const { headers } = await comeBack(await goToVendor(await newSlack()));

    expect(headers.location).toBe('/console#/connections?refused=conflict');
  });
});

describe('authorizing at a vendor that knows a key', () => {
  it('needs no person', async () => {
    const id = await newSalesforce();

    const { body, cookies } = await post(`/v1/connections/${id}/authorize`);

    expect(body).toEqual({ state: 'authorized' });
    expect(cookies).toEqual([]);
    expect((await get(`/v1/connections/${id}`)).body.account).toBe(salesforce.orgId);
  });
});

describe('checking a connection', () => {
  it('asks the vendor, whose answer is the proof', async () => {
    const id = await newSlack();
    await comeBack(await goToVendor(id));

    const { body } = await post(`/v1/connections/${id}/check`);

    expect(body).toEqual({ state: 'healthy', account: slack.teamId });
    expect((await get(`/v1/connections/${id}`)).body.health.state).toBe('healthy');
  });

  it('is never healthy again once the token is revoked, until somebody authorizes anew', async () => {
    const id = await newSlack();
    await comeBack(await goToVendor(id));
    await slack.human.revokeToken();

    const { body } = await post(`/v1/connections/${id}/check`);

    expect(body).toMatchObject({ state: 'unhealthy' });
    expect((await get(`/v1/connections/${id}`)).body.health.state).not.toBe('healthy');
  });
});
