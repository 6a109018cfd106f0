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

describe('Slack sandbox, auth.test', () => {
  it('names the workspace and the bot', async () => {
    expect(await client.auth.test()).toMatchObject({
      ok: true,
      team_id: slack.teamId,
      user_id: slack.botUserId,
      bot_id: slack.botId,
    });
  });

  it('refuses no token, an unknown one and a revoked one, each by its name', async () => {
    const without = new WebClient(undefined, { slackApiUrl: slack.apiUrl, ...quiet });
    const stranger = new WebClient('xoxb-nobody', { slackApiUrl: slack.apiUrl, ...quiet });
    await expect(without.auth.test()).rejects.toMatchObject(failing('not_authed'));
    await expect(stranger.auth.test()).rejects.toMatchObject(failing('invalid_auth'));

    await slack.human.revokeToken();

    await expect(client.auth.test()).rejects.toMatchObject(failing('token_revoked'));
  });
});

describe('Slack sandbox, chat.postMessage', () => {
  it('keeps metadata, thread and author', async () => {
    const root = await slack.human.post({ text: 'My lamp is broken' });

    const posted = await client.chat.postMessage({
      channel: root.channel,
      thread_ts: root.ts,
      text: 'We are on it',
      username: 'Grace',
      metadata: { event_type: 'sandbox_test', event_payload: { record: '1' } },
    });

    expect(posted).toMatchObject({
      ok: true,
      channel: root.channel,
      message: {
        text: 'We are on it',
        thread_ts: root.ts,
        username: 'Grace',
        bot_id: slack.botId,
        app_id: slack.appId,
        metadata: { event_type: 'sandbox_test', event_payload: { record: '1' } },
      },
    });
  });

  it('escapes & < > outside control sequences and links bare addresses', async () => {
    const text = 'a < b && <@U0CUSTOMER> <https://x.example|x> &amp; https://y.example/?q=1.';

    const posted = await client.chat.postMessage({ channel: slack.channel.id, text });

    expect(posted.message?.text).toBe(
      'a &lt; b &amp;&amp; <@U0CUSTOMER> <https://x.example|x> &amp; <https://y.example/?q=1>.',
    );
  });

  it.each([
    ['channel_not_found', { channel: 'C0NOWHERE0', text: 'x' }],
    ['not_in_channel', { channel: 'C0RANDOM00', text: 'x' }],
    ['no_text', { channel: 'C0SUPPORT0', text: ' ' }],
  ])('answers %s', async (error, request) => {
    await expect(client.chat.postMessage(request)).rejects.toMatchObject(failing(error));
  });

  it('takes JSON bodies as well as forms', async () => {
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        channel: slack.channel.id,
        text: 'by JSON',
        metadata: { event_type: 'e', event_payload: {} },
      }),
    });

    expect(await response.json()).toMatchObject({ ok: true, message: { text: 'by JSON' } });
  });

  it.each([
    ['invalid_json', 'application/json', '{'],
    ['json_not_object', 'application/json', '[]'],
    ['invalid_post_type', 'text/csv', 'a,b'],
  ])('answers %s to a malformed request', async (error, type, body) => {
    const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': type };

    const response = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: false, error });
  });

  it('takes one message a second and channel when told, else 429 with Retry-After', async () => {
    await slack.settings({ postLimit: true });
    const post = () => client.chat.postMessage({ channel: slack.channel.id, text: 'x' });
    await post();

    await expect(post()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 1 });
    nowMs += 1_000;

    expect(await post()).toMatchObject({ ok: true });
  });

  it('puts a reply to a deleted root into the channel, as Slack does', async () => {
    const root = await slack.human.post({ text: 'gone soon' });
    await slack.human.remove(root);

    const posted = await client.chat.postMessage({ channel: root.channel, thread_ts: root.ts, text: 'late' });

    expect(posted.message?.thread_ts).toBeUndefined();
  });
});

describe('Slack sandbox, chat.update and chat.delete', () => {
  it('edits its own message, stamped in whole seconds, and keeps metadata it was not given', async () => {
    const metadata = { event_type: 'sandbox_test', event_payload: { record: '1' } };
    const posted = await client.chat.postMessage({ channel: slack.channel.id, text: 'one', metadata });

    const edited = await client.chat.update({ channel: slack.channel.id, ts: posted.ts!, text: 'two' });

    expect(edited).toMatchObject({
      text: 'two',
      message: { metadata, edited: { user: slack.botUserId, ts: '1772359200.000000' } },
    });
  });

  it('refuses what a person wrote, what is too long and what is not there', async () => {
    const theirs = await slack.human.post({ text: 'mine' });
    const { channel } = theirs;
    const ours = await client.chat.postMessage({ channel, text: 'ours' });
    const update = (ts: string, text: string) => client.chat.update({ channel, ts, text });

    await expect(update(theirs.ts, 'x')).rejects.toMatchObject(failing('cant_update_message'));
    await expect(update(ours.ts!, 'x'.repeat(4_001))).rejects.toMatchObject(failing('msg_too_long'));
    await expect(update('1.000001', 'x')).rejects.toMatchObject(failing('message_not_found'));
    await expect(client.chat.delete({ channel, ts: theirs.ts })).rejects.toMatchObject(
      failing('cant_delete_message'),
    );
  });

  it('deletes its own message once', async () => {
    const posted = await client.chat.postMessage({ channel: slack.channel.id, text: 'one' });
    const remove = () => client.chat.delete({ channel: slack.channel.id, ts: posted.ts! });

    expect(await remove()).toMatchObject({ ok: true, ts: posted.ts });
    await expect(remove()).rejects.toMatchObject(failing('message_not_found'));
    expect(slack.state().channels[0]?.messages).toEqual([]);
  });
});

describe('Slack sandbox, faults of a call', () => {
  const post = () => client.chat.postMessage({ channel: slack.channel.id, text: 'x' });
  const texts = () => slack.state().channels[0]?.messages.map((message) => message.text);

  it('throttles, fails and refuses as often as told', async () => {
    slack.faults.add({ on: 'call', effect: 'throttle', retryAfterSeconds: 7 });
    slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'fail', status: 503 });
    slack.faults.add({ on: 'call', effect: 'error', error: 'fatal_error' });

    await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
    await expect(post()).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 503 });
    await expect(post()).rejects.toMatchObject(failing('fatal_error'));
    expect(await post()).toMatchObject({ ok: true });
    expect(texts()).toEqual(['x']);
  });

  it('drops the connection before or after doing the work', async () => {
    slack.faults.add({ on: 'call', effect: 'drop-before' });
    await expect(post()).rejects.toMatchObject({ code: ErrorCode.RequestError });
    expect(texts()).toEqual([]);

    slack.faults.add({ on: 'call', effect: 'drop-after' });
    await expect(post()).rejects.toMatchObject({ code: ErrorCode.RequestError });
    expect(texts()).toEqual(['x']);
  });

  it('answers reads as things were', async () => {
    const root = await slack.human.post({ text: 'before' });
    nowMs += 60_000;
    await slack.human.edit({ ...root, text: 'after' });
    await slack.human.post({ text: 'new' });
    const read = async () => (await client.conversations.history({ channel: root.channel })).messages;
    slack.faults.add({ on: 'call', effect: 'stale' });

    const stale = await read();
    const fresh = await read();

    expect(stale?.map((message) => message.text)).toEqual(['before']);
    expect(fresh?.map((message) => message.text)).toEqual(['new', 'after']);
  });

  it('is slower than the client waits', async () => {
    const hasty = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, timeout: 50, ...quiet });
    slack.faults.add({ on: 'call', effect: 'slow', ms: 500 });

    await expect(hasty.auth.test()).rejects.toMatchObject({ code: ErrorCode.RequestError });
  });
});
