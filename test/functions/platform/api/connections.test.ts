import { beforeEach, describe, expect, it } from 'vitest';
import { createProofs } from '../../../../shared/connections/index.ts';
import { ProviderRejectedError } from '../../../../shared/errors.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { tokenOf } from '../hub.ts';
import { type SupportTeam, supportTeam } from '../support-team.ts';

const token = tokenOf('acme');
let hub: SupportTeam['hub'];
let slack: SupportTeam['slack'];
let salesforce: SupportTeam['salesforce'];
let chat: SupportTeam['chat'];
let desk: SupportTeam['desk'];
let settleAll: SupportTeam['settleAll'];

beforeEach(async () => {
  ({ hub, slack, salesforce, chat, desk, settleAll } = await supportTeam());
});

const get = (path: string) => hub.ask({ path, token });
const post = (path: string, body?: unknown) => hub.ask({ method: 'POST', path, token, body });
const one = async (connection: Connection) => (await get(`/v1/connections/${connection.id}`)).body;

async function parkOne() {
  desk.refuse('REQUIRED_FIELD_MISSING');
  await hub.says(slack, { text: 'The pole snapped' });
  await settleAll();
  return (await get('/v1/parked')).body.items;
}

describe('connections as shown', () => {
  it('lists those of the organization, a new one at once', async () => {
    expect((await get('/v1/connections')).body.items).toHaveLength(2);

    const { id } = await hub.connect('acme', 'slack', { name: 'Second workspace' });

    const { items } = (await get('/v1/connections')).body;
    expect(items.map((each: { id: string }) => each.id)).toContain(id);
    expect(items).toHaveLength(3);
  });

  it('gives the address a webhook is to be sent to', async () => {
    expect((await one(slack)).webhookUrl).toBe(`https://hub.example/webhooks/slack/${slack.id}`);
    expect(await one(salesforce)).not.toHaveProperty('webhookUrl');
  });

  it('is not healthy before the vendor has shown that it answers', async () => {
    expect((await one(slack)).health.state).toBe('unproven');
  });

  it('says which kind the vendor refuses to list, and in which words', async () => {
    const refusal = new ProviderRejectedError('no such column', { vendorCode: 'INVALID_FIELD' });
    const { stores, clock } = hub.platform;
    const proofs = createProofs({ store: stores.connections, clock });
    await proofs.answered(salesforce);
    await proofs.pulled(salesforce, new Map([['comment', refusal]]));

    expect((await one(salesforce)).health).toMatchObject({
      state: 'degraded',
      reason: 'changes of its comments cannot be listed (no such column)',
      fault: 'organization',
    });
    await proofs.pulled(salesforce, new Map([['comment', 'listed']]));
    expect((await one(salesforce)).health.state).toBe('healthy');
  });

  it('accounts for every event it accepted', async () => {
    const { raw } = hub.slackBody({ text: 'hello', eventId: 'Ev1' });
    const send = () =>
      hub.webhook({
        method: 'POST',
        path: `/webhooks/slack/${slack.id}`,
        raw,
        headers: hub.signed(slack, raw),
      });
    await send();
    await send();

    expect((await one(slack)).accounting).toMatchObject({ accepted: 1, open: 1, isBalanced: true });
    hub.clock.advance(61_000);
    expect((await one(slack)).health.state).toBe('behind');
    expect((await one(slack)).oldestOpenAt).toBeDefined();

    await hub.observe();

    expect((await one(slack)).accounting).toMatchObject({
      accepted: 1,
      applied: 1,
      open: 0,
      isBalanced: true,
    });
    expect(await one(slack)).not.toHaveProperty('oldestOpenAt');
  });

  it('does not balance once an accepted event has vanished, whatever its row’s end was', async () => {
    await hub.says(slack, { text: 'first', eventId: 'Ev1' });
    await hub.says(slack, { text: 'second', eventId: 'Ev2' });
    expect((await one(slack)).accounting).toMatchObject({ accepted: 2, applied: 2, isBalanced: true });

    const { records } = hub.stores;
    const row = records.items().find(({ pk }) => pk.endsWith('Ev2') && pk.includes('#inbox#'));
    await records.commit([
      { remove: { pk: row?.pk as string, sk: row?.sk as string }, expect: row?.version as number },
    ]);

    expect((await one(slack)).accounting).toMatchObject({ accepted: 2, applied: 1, isBalanced: false });
  });

  it('counts an event whose mark at the door was never made: its row is there', async () => {
    const { records } = hub.stores;
    const commit = records.commit.bind(records);
    records.commit = async (writes) => {
      if (writes.some((write) => 'put' in write && write.put.pk.includes('#door#')))
        throw new Error('stopped');
      return commit(writes);
    };
    const { raw } = hub.slackBody({ text: 'hello' });
    const path = `/webhooks/slack/${slack.id}`;
    const answered = await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(slack, raw) });

    expect(answered.status).toBe(503);
    expect((await one(slack)).accounting).toMatchObject({ accepted: 1, open: 1, isBalanced: true });
  });

  it('says from when on it counts, and balances while rows expire', async () => {
    await hub.says(slack, { text: 'long ago' });
    hub.clock.advance(90 * 60_000);
    await hub.says(slack, { text: 'now' });
    hub.clock.advance(45 * 60_000);

    const { accounting } = await one(slack);

    expect(accounting).toMatchObject({ accepted: 1, applied: 1, isBalanced: true });
    expect(Date.parse(accounting.since)).toBe(hub.clock.now() - 2 * 3_600_000);
  });

  it('measures the lag of what it wrote, and shows each write in the timeline', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    const id = await hub.onlyTicket('acme');

    const { lag } = await one(salesforce);
    const { items } = (await get(`/v1/tickets/${id}/timeline`)).body;

    expect(lag.samples.length).toBeGreaterThan(0);
    expect(lag.p99Ms).toBeGreaterThanOrEqual(lag.p50Ms);
    expect(items).toContainEqual(
      expect.objectContaining({
        type: 'effect',
        connection: salesforce.id,
        operation: 'create',
        kind: 'ticket',
      }),
    );
  });

  it('names the customer once their contact is known', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();

    const { items } = (await get('/v1/tickets')).body;

    expect(items[0].requester).toMatchObject({ name: 'Maya Chen', email: 'maya@example.com' });
    const states = Object.fromEntries(
      items[0].links.map(({ connection, state }: { connection: string; state: string }) => [
        connection,
        state,
      ]),
    );
    expect(states).toEqual({ [slack.id]: 'settled', [salesforce.id]: 'settled' });
  });
});

describe('parked work', () => {
  it('says what, why, whose fault, and what a replay would write', async () => {
    const items = await parkOne();

    expect(items.length).toBeGreaterThan(0);
    for (const item of items) {
      expect(item).toMatchObject({
        connection: salesforce.id,
        what: 'link',
        fault: 'organization',
        code: 'REQUIRED_FIELD_MISSING',
        reason: 'the vendor requires a field',
      });
    }
    expect((await one(salesforce)).parkedWork).toBe(items.length);
    expect((await get(`/v1/parked?connection=${slack.id}`)).body.items).toEqual([]);
  });

  it('shows what would be written only to who may read tickets', async () => {
    await parkOne();

    const { body } = await hub.ask({ path: '/v1/parked', token: tokenOf('acme', 'connections:read') });

    for (const item of body.items) expect(item).not.toHaveProperty('wouldWrite');
  });

  it('goes on when it is replayed, and is gone from the list', async () => {
    const [item] = await parkOne();
    desk.refuse(undefined);

    const { status, body } = await post(`/v1/parked/${item.id}/replay`);
    await settleAll();

    expect(status).toBe(202);
    expect(body).toEqual({ id: item.id, state: 'replaying' });
    expect((await get('/v1/parked')).body.items).toEqual([]);
    expect(desk.held.size).toBeGreaterThan(0);
  });

  it('is replayed once: the second attempt finds nothing', async () => {
    const [item] = await parkOne();
    await post(`/v1/parked/${item.id}/replay`);

    expect((await post(`/v1/parked/${item.id}/replay`)).status).toBe(404);
  });

  it('holds an authentic event that could not be read', async () => {
    const raw = '{"type":"event_callback","event_id":"Ev9","event":{"type":"message","channel":7}}';
    const path = `/webhooks/slack/${slack.id}`;
    const { status } = await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(slack, raw) });
    await hub.observe();

    expect(status).toBe(200);
    const { items } = (await get('/v1/parked')).body;
    expect(items).toEqual([expect.objectContaining({ what: 'event', connection: slack.id, attempts: 0 })]);
    expect((await one(slack)).accounting).toMatchObject({ parked: 1, isBalanced: true });
  });

  it('holds what a dead-letter queue caught', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await hub.work('slack', chat);
    hub.clock.advance(2_000);
    const message = hub.queues.work('salesforce').bodies()[0] ?? hub.queues.work('slack').bodies()[0];
    await hub.engine.deadLetter(message as never, 'its function was stopped five times');

    const { items } = (await get('/v1/parked')).body;

    expect(items).toEqual([expect.objectContaining({ what: 'message', fault: 'hub' })]);
  });
});

describe('authorizing a connection (RFC 6749 §10.12, RFC 7636)', () => {
  async function begin(): Promise<{ state: string; cookie: string }> {
    hub.secrets.set(slack.id, { ...hub.secrets.get(slack.id), clientId: 'client', clientSecret: 'secret' });
    const { body, cookies } = await post(`/v1/connections/${slack.id}/authorize`);
    expect(body.state).toBe('needs-person');
    const state = new URL(body.authorizeUrl).searchParams.get('state') as string;
    return { state, cookie: (cookies[0] as string).split(';')[0] as string };
  }
  const callback = (query: string, cookies: readonly string[]) =>
    hub.ask({ path: `/oauth/callback?${query}`, cookies });

  it('sends the person to the vendor with a state bound to this browser', async () => {
    const { cookie } = await begin();

    expect(cookie).toMatch(/^deskbridge-oauth=/);
    const { cookies } = await post(`/v1/connections/${slack.id}/authorize`);
    expect(cookies[0]).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
  });

  it.each([
    ['from a browser that did not begin it', (state: string) => `state=${state}&code=c`, []],
    ['with a state nobody gave', () => 'state=forged&code=c', undefined],
    ['without a code', (state: string) => `state=${state}`, undefined],
    ['with nothing', () => '', undefined],
  ])('comes back to the console refused %s', async (_, query, cookies) => {
    const { state, cookie } = await begin();

    const answered = await callback(query(state), cookies ?? [cookie]);

    expect(answered).toMatchObject({
      status: 303,
      headers: { location: '/console#/connections?refused=invalid_input' },
    });
  });
});
