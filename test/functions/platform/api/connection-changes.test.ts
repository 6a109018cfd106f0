import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokenOf } from '../hub.ts';
import { type SupportTeam, supportTeam } from '../support-team.ts';

const token = tokenOf('acme');
let hub: SupportTeam['hub'];
let slack: SupportTeam['slack'];
let salesforce: SupportTeam['salesforce'];
let desk: SupportTeam['desk'];
let settleAll: SupportTeam['settleAll'];

beforeEach(async () => {
  ({ hub, slack, salesforce, desk, settleAll } = await supportTeam());
});

const get = (path: string) => hub.ask({ path, token });
const post = (path: string, body?: unknown) => hub.ask({ method: 'POST', path, token, body });

async function parkOne() {
  desk.refuse('REQUIRED_FIELD_MISSING');
  await hub.says(slack, { text: 'The pole snapped' });
  await settleAll();
  return (await get('/v1/parked')).body.items;
}

describe('creating a connection', () => {
  const wanted = { integration: 'slack', name: 'Workspace', settings: { announceStatus: false } };

  it('makes one that waits for its authorization', async () => {
    const { status, headers, body } = await post('/v1/connections', wanted);

    expect(status).toBe(201);
    expect(headers.location).toBe(`/v1/connections/${body.id}`);
    expect(body.secretName).toBe(`deskbridge/test/connections/${body.id}`);
    expect(body).toMatchObject({
      name: 'Workspace',
      health: { state: 'pending' },
      settings: { announceStatus: false },
    });
    expect((await get('/v1/audit')).body.items[0]).toMatchObject({
      action: 'connection.created',
      actor: 'user:ada',
    });
  });

  it.each([
    ['an integration nobody has', { ...wanted, integration: 'fax' }, '/integration'],
    [
      'settings the manifest does not know',
      { ...wanted, settings: { announceStatuses: true } },
      '/settings/announceStatuses',
    ],
    [
      'a setting of another type',
      { ...wanted, settings: { announceStatus: 'no' } },
      '/settings/announceStatus',
    ],
    ['a host off the list', { ...wanted, baseUrl: 'https://evil.example/' }, '/baseUrl'],
    [
      'an address among the settings that is not the vendor’s',
      { integration: 'salesforce', name: 'SF', settings: { loginUrl: 'https://evil.example' } },
      '/settings/loginUrl',
    ],
    ['what is no address', { ...wanted, baseUrl: 'slack' }, '/baseUrl'],
  ])('refuses %s and names the field', async (_, body, pointer) => {
    const answered = await post('/v1/connections', body);

    expect(answered.status).toBe(400);
    expect(answered.body.pointer).toBe(pointer);
  });
});

describe('creating a connection twice by the same key', () => {
  const wanted = { integration: 'slack', name: 'Workspace', secrets: { clientId: 'id' } };
  const create = (body: object, key: string, as = token) =>
    hub.ask({
      method: 'POST',
      path: '/v1/connections',
      token: as,
      body,
      headers: { 'idempotency-key': key },
    });

  it('makes one, with the secrets it was first given', async () => {
    const first = await create(wanted, 'k');
    const kept = [...hub.secrets.entries()];

    const again = await create(wanted, 'k');

    expect(again.body.id).toBe(first.body.id);
    expect([...hub.secrets.entries()]).toEqual(kept);
    expect((await get('/v1/connections')).body.items).toHaveLength(3);
  });

  it('makes one though both come at once', async () => {
    const both = await Promise.all([create(wanted, 'k'), create(wanted, 'k')]);

    expect(new Set(both.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  });

  it('finishes what broke off midway', async () => {
    const { connections } = hub.stores;
    const commit = connections.commit.bind(connections);
    connections.commit = async (writes) => {
      if (writes.some((write) => 'put' in write && write.put.pk.startsWith('address#')))
        throw new Error('stopped');
      return commit(writes);
    };
    expect((await create(wanted, 'k')).status).toBe(500);
    connections.commit = commit;

    expect((await create(wanted, 'k')).status).toBe(201);
    expect((await get('/v1/connections')).body.items).toHaveLength(3);
  });

  it('is answered 422 for another request, and belongs to its caller alone', async () => {
    const first = await create(wanted, 'k');

    expect((await create({ ...wanted, name: 'Another' }, 'k')).status).toBe(422);
    const other = await create(wanted, 'k', tokenOf('acme', undefined, 'agent:bot'));
    expect(other.body.id).not.toBe(first.body.id);
  });
});

describe('secrets of a connection', () => {
  const put = (id: string, body: object) =>
    hub.ask({ method: 'PUT', path: `/v1/connections/${id}/secrets`, token, body });

  it('are taken with the connection that the manual of Salesforce makes, and never given out', async () => {
    const manual = readFileSync('functions/connectors/salesforce/README.md', 'utf8');
    const secrets = { consumerKey: '3MVG9', username: 'deskbridge@your.example', privateKey: 'BEGIN' };
    const example = { ...JSON.parse(/```json\n([\s\S]*?)```/.exec(manual)?.[1] as string), secrets };

    const { status, body, text } = await post('/v1/connections', example);

    expect(status).toBe(201);
    expect(hub.secrets.get(body.id)).toMatchObject(example.secrets);
    const shown = [text, (await get(`/v1/connections/${body.id}`)).text, (await get('/v1/audit')).text];
    for (const value of Object.values<string>(example.secrets)) {
      for (const each of shown) expect(each).not.toContain(JSON.stringify(value).slice(1, -1));
    }
  });

  it('are filled in later, each by itself', async () => {
    await put(slack.id, { clientId: 'a' });

    const { status, text } = await put(slack.id, { clientSecret: 'b-canary' });

    expect([status, text]).toEqual([204, '']);
    expect(hub.secrets.get(slack.id)).toMatchObject({ clientId: 'a', clientSecret: 'b-canary' });
    const { items } = (await get('/v1/audit')).body;
    expect(items[0]).toMatchObject({
      action: 'connection.secrets.changed',
      facts: { names: 'clientSecret' },
    });
    expect(JSON.stringify([items, hub.bus.events, hub.telemetry])).not.toContain('canary');
  });

  it.each([
    [{ password: 'canary' }, '/password'],
    [{ bodyKey: 'canary' }, '/bodyKey'],
    [{ clientId: 7 }, '/clientId'],
    [{ clientId: '' }, '/clientId'],
    [{}, ''],
  ])('are refused by name and without their value: %j', async (body, pointer) => {
    const answered = await put(slack.id, body);

    expect(answered.status).toBe(400);
    expect(answered.body.pointer).toBe(pointer);
    expect(answered.text).not.toContain('canary');
  });

  it.each([
    ['slack', 'clientId'],
    ['salesforce', 'consumerKey'],
  ])('are missed by name when %s is to be authorized', async (integration, name) => {
    const { body } = await post('/v1/connections', {
      integration,
      name: 'Fresh',
      ...(integration === 'salesforce' ? { baseUrl: 'https://acme.my.salesforce.com' } : {}),
    });

    const answered = await post(`/v1/connections/${body.id}/authorize`);

    expect(answered.status).toBe(409);
    expect(answered.body.detail).toContain(name);
  });
});

describe('removing a connection', () => {
  const remove = (id: string, as = token) =>
    hub.ask({ method: 'DELETE', path: `/v1/connections/${id}`, token: as });

  it('takes it, its secret and its webhook address away, and keeps the records', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    const id = await hub.onlyTicket('acme');
    const { raw } = hub.slackBody({ text: 'too late' });
    const headers = hub.signed(slack, raw);

    const { status, text } = await remove(slack.id);

    expect([status, text]).toEqual([204, '']);
    expect((await get(`/v1/connections/${slack.id}`)).status).toBe(404);
    expect((await get('/v1/connections')).body.items).toHaveLength(1);
    expect(hub.secrets.has(slack.id)).toBe(false);
    hub.clock.advance(61_000);
    const late = await hub.webhook({ method: 'POST', path: `/webhooks/slack/${slack.id}`, raw, headers });
    expect(late.status).toBe(401);
    expect((await get(`/v1/tickets/${id}`)).body.subject).toBe('The pole snapped');
    expect(hub.bus.events.map(({ type }) => type)).toContain('connection.removed');
    expect((await get('/v1/audit')).body.items[0]).toMatchObject({
      action: 'connection.removed',
      actor: 'user:ada',
    });
  });

  it('takes what was parked of it out of the list', async () => {
    await parkOne();

    await remove(salesforce.id);

    expect((await get('/v1/parked')).body.items).toEqual([]);
  });

  it('is done once: it is not found again', async () => {
    await remove(slack.id);

    expect((await remove(slack.id)).status).toBe(404);
  });
});

describe('the catalog and the audit trail', () => {
  it('lists what the hub can connect to', async () => {
    const { items } = (await get('/v1/integrations')).body;

    expect(items.map(({ id }: { id: string }) => id)).toEqual(['slack', 'salesforce']);
  });

  it('tells who did what to which connection, newest first, and never content', async () => {
    await hub.says(slack, { text: 'a secret of the customer' });
    await settleAll();

    const { text, body } = await get('/v1/audit?limit=3');

    expect(body.items).toHaveLength(3);
    expect(text).not.toContain('a secret of the customer');
    expect(body.next).toBeDefined();
  });
});
