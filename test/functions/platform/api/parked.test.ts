import { beforeEach, describe, expect, it } from 'vitest';
import { tokenOf } from '../hub.ts';
import { type SupportTeam, supportTeam } from '../support-team.ts';

const token = tokenOf('acme');
let hub: SupportTeam['hub'];
let slack: SupportTeam['slack'];
let salesforce: SupportTeam['salesforce'];
let desk: SupportTeam['desk'];
let settleAll: SupportTeam['settleAll'];

/** A customer’s case the desk refuses, and an event of the chat’s that nobody can read. */
beforeEach(async () => {
  ({ hub, slack, salesforce, desk, settleAll } = await supportTeam());
  desk.refuse('REQUIRED_FIELD_MISSING');
  await hub.says(slack, { text: 'The pole snapped' });
  await settleAll();
  const raw = '{"type":"event_callback","event_id":"Ev9","event":{"type":"message","channel":7}}';
  const path = `/webhooks/slack/${slack.id}`;
  await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(slack, raw) });
  await hub.observe();
});

const get = (path: string) => hub.ask({ path, token });
const post = (path: string, body?: unknown) => hub.ask({ method: 'POST', path, token, body });
const parked = async (query = '') => (await get(`/v1/parked?${query}`)).body.items;

describe('parked work, filtered', () => {
  it('is what all of the query holds for', async () => {
    const all = await parked();
    const ofDesk = await parked(`connection=${salesforce.id}`);

    expect(ofDesk.length).toBe(all.length - 1);
    expect(await parked('cause=unreadable')).toMatchObject([{ what: 'event', connection: slack.id }]);
    expect(await parked('text=required_field')).toEqual(ofDesk);
    expect(await parked('fault=organization&kind=comment&text=nothing')).toEqual([]);
    for (const { kind } of await parked('kind=contact')) expect(kind).toBe('contact');
    const [{ since }] = all;
    expect(await parked(`until=${since}`)).not.toContainEqual(expect.objectContaining({ since }));
    expect(await parked(`since=${since}`)).toContainEqual(expect.objectContaining({ since }));
  });

  it.each(['cause=bored', 'kind=conversation', 'since=yesterday', 'text='])('refuses %s', async (query) => {
    expect((await get(`/v1/parked?${query}`)).status).toBe(400);
  });
});

describe('the preview of a replay', () => {
  it('says of each field what the vendor holds and what it would be written, as things stand now', async () => {
    desk.refuse(undefined);
    for (const { id } of await parked(`connection=${salesforce.id}`)) await post(`/v1/parked/${id}/replay`);
    await settleAll();
    const ticket = await hub.onlyTicket('acme');
    desk.refuse('REQUIRED_FIELD_MISSING');
    const change = (subject: string) =>
      hub.ask({
        method: 'PATCH',
        path: `/v1/tickets/${ticket}`,
        token,
        body: { subject },
        headers: { 'idempotency-key': `to-${subject}` },
      });
    await change('First');
    await settleAll();
    await change('Second');
    await settleAll();

    const [item] = await parked(`connection=${salesforce.id}`);

    expect(item.wouldWrite).toEqual({ subject: { from: 'The pole snapped', to: 'Second' } });
  });
});

describe('a replay in bulk', () => {
  it('puts back what the filter means, and can be looked at', async () => {
    const meant = await parked(`connection=${salesforce.id}`);
    desk.refuse(undefined);

    const { status, body } = await post('/v1/parked/replays', { connection: salesforce.id });
    await settleAll();

    expect(status).toBe(202);
    expect(body).toMatchObject({
      state: 'done',
      filter: { connection: salesforce.id },
      total: meant.length,
      replayed: meant.length,
    });
    expect((await get(`/v1/parked/replays/${body.id}`)).body).toEqual(body);
    expect((await get('/v1/parked/replays')).body.items).toEqual([body]);
    expect(await parked()).toMatchObject([{ connection: slack.id }]);
    expect((await post(`/v1/parked/replays/${body.id}/cancel`)).body).toEqual(body);
  });

  it('keeps what it was asked by', async () => {
    const filter = { cause: 'unseen', since: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' };

    const { body } = await post('/v1/parked/replays', filter);

    expect(body).toMatchObject({ filter, total: 0, state: 'done' });
  });

  it('takes the right to replay, and no filter it does not know', async () => {
    const path = '/v1/parked/replays';
    const reader = tokenOf('acme', 'connections:read');

    expect((await hub.ask({ method: 'POST', path, body: {}, token: reader })).status).toBe(403);
    expect((await post(path, { colour: 'red' })).status).toBe(400);
    expect((await get(`${path}/never`)).status).toBe(404);
    expect((await post(`${path}/never/cancel`)).status).toBe(404);
  });
});
