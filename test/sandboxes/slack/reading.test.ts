import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, startSlackSandbox } from './index.ts';

let slack: SlackSandbox;
let client: WebClient;
let nowMs: number;

const quiet = {
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logLevel: LogLevel.ERROR,
} as const;

beforeEach(async () => {
  nowMs = Date.parse('2026-03-01T10:00:00.250Z');
  slack = await startSlackSandbox({ clock: { now: () => nowMs } });
  client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, ...quiet });
});
afterEach(() => slack.close());

const failing = (error: string) => ({ code: ErrorCode.PlatformError, data: { ok: false, error } });

describe('Slack sandbox, conversations.*', () => {
  it('pages a history newest first, top-level messages only, by the client’s own paginator', async () => {
    const root = await slack.human.post({ text: '0' });
    for (const text of ['1', '2', '3', '4']) await slack.human.post({ text });
    await slack.human.post({ text: 'a reply', threadTs: root.ts });
    const texts: string[] = [];

    for await (const page of client.paginate('conversations.history', { channel: root.channel, limit: 2 })) {
      const { messages } = page as unknown as { messages: { text: string }[] };
      texts.push(...messages.map((message) => message.text));
    }

    expect(texts).toEqual(['4', '3', '2', '1', '0']);
  });

  it('shows no metadata to a token without its scope', async () => {
    const place = await slack.human.post({ text: 'root' });
    const metadata = { event_type: 'sandbox_test', event_payload: { record: '1' } };
    await client.chat.postMessage({ channel: place.channel, thread_ts: place.ts, text: 'ours', metadata });
    const look = async () => {
      const asked = { channel: place.channel, ts: place.ts, include_all_metadata: true };
      const { messages } = await client.conversations.replies(asked);
      return messages?.at(-1)?.metadata;
    };
    expect(await look()).toEqual(metadata);

    await slack.human.restrict(slack.botToken, ['channels:history', 'chat:write']);

    expect(await look()).toBeUndefined();
  });

  it('tells a direct message among several from a channel by its kind alone', async () => {
    const users = [slack.customer.userId, 'U0CUSTOME2'];
    const first = await slack.human.groupDm({ users, text: 'We two' });
    const second = await slack.human.groupDm({ users, text: 'again', threadTs: first.ts });

    expect(second.channel).toBe(first.channel);
    expect(first.channel).toMatch(/^C/);
    const { channel } = await client.conversations.info({ channel: first.channel });
    expect(channel).toMatchObject({ is_mpim: true, is_im: false, is_private: true });
    const { messages } = await client.conversations.history({ channel: first.channel });
    expect(messages?.map(({ text }) => text)).toEqual(['We two']);
  });

  it('shows a thread parent first, within a range, metadata payloads only when asked', async () => {
    const root = await slack.human.post({ text: 'root' });
    const first = await slack.human.post({ text: 'first', threadTs: root.ts });
    await client.chat.postMessage({
      channel: root.channel,
      thread_ts: root.ts,
      text: 'ours',
      metadata: { event_type: 'sandbox_test', event_payload: { record: '1' } },
    });
    const replies = (more: object) =>
      client.conversations.replies({ channel: root.channel, ts: root.ts, ...more });

    const all = await replies({ include_all_metadata: true });
    const plain = await replies({});
    const one = await replies({ oldest: first.ts, latest: first.ts, inclusive: true });

    expect(all.messages?.map((message) => message.text)).toEqual(['root', 'first', 'ours']);
    expect(all.messages?.[0]).toMatchObject({ reply_count: 2, thread_ts: root.ts });
    expect(all.messages?.[2]).toMatchObject({ metadata: { event_payload: { record: '1' } } });
    expect(plain.messages?.[2]).toMatchObject({
      metadata: { event_type: 'sandbox_test', event_payload: {} },
    });
    expect(one.messages?.map((message) => message.text)).toEqual(['root', 'first']);
  });

  it('lists, describes and opens conversations', async () => {
    const opened = await client.conversations.open({ users: slack.customer.userId, return_im: true });
    const listed = await client.conversations.list({ types: 'public_channel,im' });
    const members = await client.conversations.members({ channel: slack.channel.id });

    expect(opened.channel).toMatchObject({ is_im: true, user: slack.customer.userId });
    expect(listed.channels?.map((channel) => channel.name ?? channel.user)).toEqual([
      'support',
      'random',
      slack.customer.userId,
    ]);
    expect(members.members).toContain(slack.botUserId);
    expect(await client.conversations.info({ channel: slack.channel.id })).toMatchObject({
      channel: { name: 'support', is_member: true },
    });
  });

  it.each([
    ['thread_not_found', 'conversations.replies', { channel: 'C0SUPPORT0', ts: '1.000001' }],
    ['not_in_channel', 'conversations.history', { channel: 'C0RANDOM00' }],
    ['channel_not_found', 'conversations.info', { channel: 'C0NOWHERE0' }],
    ['invalid_cursor', 'conversations.history', { channel: 'C0SUPPORT0', cursor: 'nonsense' }],
    ['user_not_found', 'conversations.open', { users: 'U0NOBODY00' }],
    ['users_list_not_supplied', 'conversations.open', {}],
    ['unknown_method', 'conversations.conjure', {}],
  ])('answers %s', async (error, method, request) => {
    await expect(client.apiCall(method, request)).rejects.toMatchObject(failing(error));
  });
});

describe('Slack sandbox, users.*', () => {
  it('finds people by id and by address', async () => {
    const { userId, name, email } = slack.customer;
    const expected = { id: userId, real_name: name, profile: { email } };

    expect((await client.users.info({ user: userId })).user).toMatchObject(expected);
    expect((await client.users.lookupByEmail({ email: email.toUpperCase() })).user).toMatchObject(expected);
    expect((await client.users.list({})).members).toHaveLength(3);
    await expect(client.users.info({ user: 'U0NOBODY00' })).rejects.toMatchObject(failing('user_not_found'));
    await expect(client.users.lookupByEmail({ email: 'x@y.example' })).rejects.toMatchObject(
      failing('users_not_found'),
    );
  });
});
