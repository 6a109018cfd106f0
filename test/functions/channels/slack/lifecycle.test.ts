import { afterEach, describe, expect, it } from 'vitest';
import { BOT_SCOPES } from '../../../../functions/channels/slack/manifest.ts';
import { createVitals } from '../../../../shared/connections/index.ts';
import type { InboxRow } from '../../../../shared/sync/index.ts';
import { ORGANIZATION, type SlackHub, type SlackHubOptions, slackHub } from './hub.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let hub: SlackHub;
afterEach(() => hub.close());

const open = async (options: SlackHubOptions = {}) => {
  hub = await slackHub(options);
};
const told = () => hub.platform.events.filter(({ type }) => type === 'connection.parked');
const rows = () =>
  hub.platform.stores.records
    .items()
    .filter(({ pk, sk }) => pk.includes('#inbox#') && sk === 'row')
    .map(({ data }) => data as InboxRow);
const vitals = () => createVitals(hub.platform)(ORGANIZATION, hub.connection);
const texts = (threadTs: string) =>
  hub.slack
    .state()
    .channels.flatMap(({ messages }) => messages)
    .filter((message) => message.threadTs === threadTs)
    .map(({ text }) => text);

describe('slack: an app that is gone', () => {
  it.each<[string, SlackHubOptions]>([
    ['a bot token', {}],
    ['a refresh token', { byOAuth: true, tokenRotation: true }],
  ])('is parked and told of at once, without anything to send: %s', async (_, options) => {
    await open(options);
    await hub.slack.human.uninstall();

    await hub.drain();

    expect((await hub.now())?.state).toMatchObject({
      kind: 'parked',
      reason: 'reauthorization_required',
      fault: 'organization',
    });
    expect(told()).toHaveLength(1);
    expect(rows().map(({ state }) => state)).toEqual(['filtered', 'filtered']);
  });

  it('can be authorized again when it is back', async () => {
    await open();
    await hub.slack.human.uninstall();
    await hub.drain();
    await hub.slack.human.reinstall(hub.slack.botToken);

    await hub.authorize();

    expect((await hub.now())?.state).toEqual({ kind: 'active' });
  });

  it('is not believed gone while its token works: the event came late', async () => {
    await open();
    await hub.slack.human.uninstall();
    await hub.slack.flush();
    await hub.slack.human.reinstall(hub.slack.botToken);

    await hub.drain();

    expect(rows()).toHaveLength(2);
    expect((await hub.now())?.state).toEqual({ kind: 'active' });
    expect(told()).toEqual([]);
    expect((await vitals()).lastProofAtMs).toBe(hub.clock.now());
  });
});

describe('slack: a quiet workspace', () => {
  it('is authorized still after a month, though refresh tokens of an app with PKCE live 30 days', async () => {
    await open({ tokenRotation: true, publicClient: true, byOAuth: true });

    await hub.idle(31 * DAY_MS);

    expect((await hub.now())?.state).toEqual({ kind: 'active' });
    const { channel, ts } = await hub.slack.human.post({ text: 'Anybody there?' });
    await hub.drain();
    await hub.comment((await hub.root(`${channel}:${ts}`))!, 'We are');
    await hub.settle();
    expect(texts(ts)).toEqual(['We are']);
  });

  it('shows within two hours that its app was removed while nobody told the hub', async () => {
    await open();
    hub.slack.faults.add({ on: 'event', effect: 'lose', times: 2 });
    await hub.slack.human.uninstall();

    await hub.idle(2 * HOUR_MS);

    expect((await hub.now())?.state.kind).toBe('parked');
  });
});

describe('slack: a token that may not see the marks of the hub’s own messages', () => {
  it('is never shown healthy, and a doubtful reply parks instead of being posted again', async () => {
    await open();
    const { channel, ts } = await hub.slack.human.post({ text: 'My lamp is dark' });
    await hub.drain();
    const scopes = BOT_SCOPES.filter((scope) => scope !== 'metadata.message:read');
    await hub.slack.human.restrict(hub.slack.botToken, scopes);
    hub.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-after' });
    hub.slack.faults.add({ on: 'event', effect: 'lose' });
    await hub.comment((await hub.root(`${channel}:${ts}`))!, 'We are on it');

    await hub.settle();

    expect(texts(ts)).toEqual(['We are on it']);
    const parked = hub.platform.events.filter(({ type }) => type === 'work.parked');
    expect(parked).toMatchObject([{ data: { fault: 'organization' } }]);
    await hub.idle(2 * HOUR_MS);
    expect((await vitals()).lastFailure).toMatchObject({
      code: 'missing_scope',
      reason: expect.stringContaining('metadata.message:read'),
      fault: 'organization',
    });
  });
});

describe('slack: a direct message among several', () => {
  it('begins a conversation by each thread, as a channel does, and is answered in it', async () => {
    await open();
    const users = [hub.slack.customer.userId, 'U0CUSTOME2'];
    const first = await hub.slack.human.groupDm({ users, text: 'We two have a question' });
    const second = await hub.slack.human.groupDm({ users, text: 'Namely this', threadTs: first.ts });
    await hub.drain();
    const root = (await hub.root(`${first.channel}:${first.ts}`))!;
    expect(await hub.root(`${first.channel}:${second.ts}`, 'comment')).toBe(root);

    await hub.comment(root, 'We are listening');
    await hub.settle();

    expect(texts(first.ts)).toEqual(['Namely this', 'We are listening']);
  });
});

describe('slack: a removed connection', () => {
  it('has its token given back, and is as unknown at the door as one that never was', async () => {
    await open();
    await hub.desk.remove({ organization: ORGANIZATION, connection: hub.connection, actor: 'user:test' });
    hub.clock.advance(61_000);

    await hub.slack.human.post({ text: 'Hello?' });
    await hub.slack.flush();

    expect(hub.statuses.at(-1)).toBe(401);
    expect(rows()).toEqual([]);
    const headers = { authorization: `Bearer ${hub.slack.botToken}` };
    const answer = await fetch(`${hub.slack.apiUrl}auth.test`, { method: 'POST', headers });
    expect(await answer.json()).toEqual({ ok: false, error: 'token_revoked' });
  });
});
