import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, startSlackSandbox } from './index.ts';
import { EventReceiver } from './receiver.ts';

const SCOPES = [
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'groups:read',
  'groups:write',
  'im:write',
  'users.profile:read',
  'users:read',
  'users:write',
];
const SUPPORT = 'C0SUPPORT0';
const RANDOM = 'C0RANDOM00';
let slack: SlackSandbox;
let client: WebClient;

const clientOf = (token: string) =>
  new WebClient(token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR });
const failing = (error: string) => ({ code: ErrorCode.PlatformError, data: { ok: false, error } });

beforeEach(async () => {
  slack = await startSlackSandbox();
  client = clientOf(await tokenWith(SCOPES));
});
afterEach(() => slack.close());

/** As an app that asked for these scopes has it. */
async function tokenWith(scopes: readonly string[]): Promise<string> {
  const query = new URLSearchParams({
    client_id: slack.clientId,
    redirect_uri: 'https://app.example/back',
    scope: scopes.join(','),
  });
  const answer = await fetch(`${slack.url}/oauth/v2/authorize?${query}`, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const granted = await new WebClient(undefined, { slackApiUrl: slack.apiUrl }).oauth.v2.access({
    code,
    client_id: slack.clientId,
    client_secret: slack.clientSecret,
  });
  return granted.access_token ?? '';
}

describe('Slack sandbox, the life of a channel', () => {
  it('is created, renamed, described, archived and brought back', async () => {
    const channel = (await client.conversations.create({ name: 'returns' })).channel?.id ?? '';
    await client.conversations.rename({ channel, name: 'returns-2026' });
    await client.conversations.setTopic({ channel, topic: 'What came back' });
    await client.conversations.setPurpose({ channel, purpose: 'Refunds' });

    expect((await client.conversations.info({ channel })).channel).toMatchObject({
      name: 'returns-2026',
      is_member: true,
      topic: { value: 'What came back' },
      purpose: { value: 'Refunds' },
    });
    await client.conversations.archive({ channel });
    await expect(client.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject(
      failing('is_archived'),
    );
    await client.conversations.unarchive({ channel });
    expect(await client.chat.postMessage({ channel, text: 'x' })).toMatchObject({ ok: true });
  });

  it('is joined once, left once, and filled with people', async () => {
    const user = slack.customer.userId;
    expect((await client.conversations.join({ channel: RANDOM })).channel).toMatchObject({ is_member: true });
    expect(await client.conversations.join({ channel: RANDOM })).toMatchObject({
      warning: 'already_in_channel',
    });
    await client.conversations.kick({ channel: RANDOM, user });
    expect((await client.conversations.members({ channel: RANDOM })).members).not.toContain(user);
    await client.conversations.invite({ channel: RANDOM, users: user });
    expect((await client.conversations.members({ channel: RANDOM })).members).toContain(user);
    await client.conversations.leave({ channel: RANDOM });

    expect(await client.conversations.leave({ channel: RANDOM })).toMatchObject({ not_in_channel: true });
  });

  it('is read up to a mark; a direct message is closed once and opened again', async () => {
    const { ts } = await slack.human.post({ text: 'x' });
    await client.conversations.mark({ channel: SUPPORT, ts });
    const dm = (await client.conversations.open({ users: slack.customer.userId })).channel?.id ?? '';

    expect((await client.conversations.info({ channel: SUPPORT })).channel).toMatchObject({ last_read: ts });
    expect(await client.conversations.close({ channel: dm })).not.toHaveProperty('no_op');
    expect(await client.conversations.close({ channel: dm })).toMatchObject({ already_closed: true });
    await client.conversations.open({ users: slack.customer.userId });
    expect(await client.conversations.close({ channel: dm })).not.toHaveProperty('no_op');
  });

  it.each([
    ['name_taken', 'conversations.create', { name: 'support' }],
    ['invalid_name_required', 'conversations.create', {}],
    ['invalid_name_specials', 'conversations.create', { name: 'Mit Leerzeichen' }],
    ['invalid_name_punctuation', 'conversations.create', { name: '---' }],
    ['invalid_name_maxlength', 'conversations.rename', { channel: SUPPORT, name: 'x'.repeat(81) }],
    ['not_archived', 'conversations.unarchive', { channel: SUPPORT }],
    ['not_in_channel', 'conversations.archive', { channel: RANDOM }],
    ['too_long', 'conversations.setTopic', { channel: SUPPORT, topic: 'x'.repeat(251) }],
    ['invalid_timestamp', 'conversations.mark', { channel: SUPPORT, ts: 'now' }],
    ['method_not_supported_for_channel_type', 'conversations.close', { channel: SUPPORT }],
    ['cant_invite_self', 'conversations.invite', { channel: SUPPORT, users: 'U0DESKBRDG' }],
    ['already_in_channel', 'conversations.invite', { channel: SUPPORT, users: 'U0CUSTOMER' }],
    ['no_user', 'conversations.invite', { channel: SUPPORT }],
    ['user_not_found', 'conversations.kick', { channel: SUPPORT, user: 'U0NOBODY00' }],
    ['cant_kick_self', 'conversations.kick', { channel: SUPPORT, user: 'U0DESKBRDG' }],
    ['channel_not_found', 'conversations.join', { channel: 'C0NOWHERE0' }],
    ['invalid_presence', 'users.setPresence', { presence: 'asleep' }],
    ['user_not_found', 'users.profile.get', { user: 'U0NOBODY00' }],
  ])('answers %s to %s', async (error, method, request) => {
    await expect(client.apiCall(method, request)).rejects.toMatchObject(failing(error));
  });

  it.each([
    'conversations.create',
    'conversations.join',
    'conversations.kick',
    'conversations.setTopic',
    'users.setPresence',
    'users.profile.get',
  ])('refuses %s to an app that did not ask for its scope', async (method) => {
    await expect(clientOf(slack.botToken).apiCall(method)).rejects.toMatchObject(failing('missing_scope'));
  });
});

describe('Slack sandbox, private channels', () => {
  it('are told with channel_type group, and listed as private', async () => {
    const app = new EventReceiver();
    await slack.settings({ eventsUrl: await app.start() });
    const { id } = await slack.human.addChannel({ name: 'vip', isPrivate: true });
    await slack.human.post({ channel: id, text: 'between us' });
    await slack.flush();

    const { channels } = await client.conversations.list({ types: 'private_channel' });

    expect(channels).toMatchObject([{ id, is_private: true, is_channel: false, is_group: true }]);
    expect(app.received[0]?.envelope.event).toMatchObject({ channel: id, channel_type: 'group' });
    await app.stop();
  });

  it('are not there for a bot that is not in them', async () => {
    const { id } = await slack.human.addChannel({ name: 'vip', isPrivate: true });
    await slack.human.kick(id);

    for (const [method, request] of [
      ['conversations.info', { channel: id }],
      ['conversations.join', { channel: id }],
      ['chat.postMessage', { channel: id, text: 'x' }],
    ] as const) {
      await expect(client.apiCall(method, request)).rejects.toMatchObject(failing('channel_not_found'));
    }
    expect((await client.conversations.list({ types: 'private_channel' })).channels).toEqual([]);
  });
});

describe('Slack sandbox, where people are', () => {
  it('names their conversations, presence and profile', async () => {
    const user = slack.customer.userId;
    const { channels } = await client.users.conversations({ user });
    await client.users.setPresence({ presence: 'away' });

    expect(channels?.map(({ name }) => name)).toEqual(['support', 'random']);
    expect((await client.users.conversations({})).channels?.map(({ name }) => name)).toEqual(['support']);
    expect(await client.users.getPresence({ user })).toMatchObject({ presence: 'active' });
    expect(await client.users.getPresence({ user: slack.botUserId })).toMatchObject({ presence: 'away' });
    expect((await client.users.profile.get({ user })).profile).toMatchObject({ real_name: 'Ada Byron' });
  });
});
