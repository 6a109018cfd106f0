import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WebAPICallResult, WebClient } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, type SlackSandboxOptions, startSlackSandbox } from './index.ts';
import { EventReceiver } from './receiver.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function sandbox(options: SlackSandboxOptions = {}): Promise<SlackSandbox> {
  const slack = await startSlackSandbox(options);
  open.push(() => slack.close());
  return slack;
}
const anonymous = (slack: SlackSandbox) =>
  new WebClient(undefined, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
const redirectUri = 'https://hub.example/oauth/callback';
const verifier = 'a-code-verifier-of-at-least-forty-three-characters';

async function allow(slack: SlackSandbox): Promise<string> {
  const url = new URL('/oauth/v2/authorize', slack.url);
  url.search = new URLSearchParams({
    client_id: slack.clientId,
    scope: 'chat:write,channels:history',
    redirect_uri: redirectUri,
    state: 'st',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const response = await fetch(url, { redirect: 'manual' });
  const location = new URL(response.headers.get('location') ?? '');
  expect(location.searchParams.get('state')).toBe('st');
  return location.searchParams.get('code') ?? '';
}

type Granted = WebAPICallResult & { access_token: string; refresh_token?: string };
// The client's own types do not know PKCE's code_verifier yet.
const exchangeOf = (slack: SlackSandbox, code: string, more: object = {}) =>
  anonymous(slack).apiCall('oauth.v2.access', {
    client_id: slack.clientId,
    client_secret: slack.clientSecret,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...more,
  }) as Promise<Granted>;
const failing = (error: string) => ({ data: { ok: false, error } });

describe('Slack sandbox, oauth.v2.access', () => {
  it('exchanges a code once, for exactly the scopes that were asked', async () => {
    const slack = await sandbox();
    const code = await allow(slack);

    const granted = await exchangeOf(slack, code);

    expect(granted).toMatchObject({
      token_type: 'bot',
      scope: 'chat:write,channels:history',
      bot_user_id: slack.botUserId,
      authed_user: { id: 'U0CUSTOME2' },
      app_id: slack.appId,
      team: { id: slack.teamId },
      is_enterprise_install: false,
    });
    expect(granted.refresh_token).toBeUndefined();
    await expect(exchangeOf(slack, code)).rejects.toMatchObject(failing('code_already_used'));
    const client = new WebClient(granted.access_token, { slackApiUrl: slack.apiUrl });
    await expect(client.users.list({})).rejects.toMatchObject(failing('missing_scope'));
  });

  it('refuses another verifier, redirect, client and code', async () => {
    const slack = await sandbox();
    const code = await allow(slack);

    await expect(exchangeOf(slack, code, { code_verifier: 'other' })).rejects.toMatchObject(
      failing('invalid_code_verifier'),
    );
    await expect(exchangeOf(slack, code, { redirect_uri: 'https://x.example' })).rejects.toMatchObject(
      failing('bad_redirect_uri'),
    );
    await expect(exchangeOf(slack, code, { client_secret: 'x' })).rejects.toMatchObject(
      failing('bad_client_secret'),
    );
    await expect(exchangeOf(slack, code, { client_id: 'x' })).rejects.toMatchObject(
      failing('invalid_client_id'),
    );
    await expect(exchangeOf(slack, 'nonsense')).rejects.toMatchObject(failing('invalid_code'));
    expect((await fetch(`${slack.url}/oauth/v2/authorize?client_id=x`)).status).toBe(400);
  });

  it('takes the client by HTTP Basic, as Slack prefers', async () => {
    const slack = await sandbox();
    const code = await allow(slack);
    const basic = Buffer.from(`${slack.clientId}:${slack.clientSecret}`).toString('base64');

    const response = await fetch(`${slack.apiUrl}oauth.v2.access`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ code, redirect_uri: redirectUri, code_verifier: verifier }),
    });

    expect(await response.json()).toMatchObject({ ok: true, token_type: 'bot' });
  });

  it.each([
    [true, 29, true],
    [true, 30, false],
    [false, 365, true],
  ])(
    'public client %s: an unused refresh token works after %i days: %s',
    async (publicClient, days, works) => {
      let nowMs = Date.parse('2026-03-01T10:00:00Z');
      const slack = await sandbox({ tokenRotation: true, publicClient, clock: { now: () => nowMs } });
      const granted = await exchangeOf(slack, await allow(slack));
      nowMs += days * 86_400_000;

      const refreshed = anonymous(slack).apiCall('oauth.v2.access', {
        client_id: slack.clientId,
        client_secret: slack.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: granted.refresh_token!,
      });

      if (works) await expect(refreshed).resolves.toMatchObject({ ok: true });
      else await expect(refreshed).rejects.toMatchObject(failing('invalid_refresh_token'));
    },
  );

  it('rotates: tokens live twelve hours, a refresh token works once', async () => {
    let nowMs = Date.parse('2026-03-01T10:00:00Z');
    const slack = await sandbox({ tokenRotation: true, clock: { now: () => nowMs } });
    const first = await exchangeOf(slack, await allow(slack));
    const refresh = (token: string) =>
      anonymous(slack).oauth.v2.access({
        client_id: slack.clientId,
        client_secret: slack.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: token,
      });
    expect(first).toMatchObject({ expires_in: 43_200 });
    nowMs += 43_200_000;
    const stale = new WebClient(first.access_token, { slackApiUrl: slack.apiUrl });
    await expect(stale.auth.test()).rejects.toMatchObject(failing('token_expired'));

    const second = await refresh(first.refresh_token!);

    expect(second.refresh_token).not.toBe(first.refresh_token);
    await expect(refresh(first.refresh_token!)).rejects.toMatchObject(failing('invalid_refresh_token'));
    const fresh = new WebClient(second.access_token, { slackApiUrl: slack.apiUrl });
    expect(await fresh.auth.test()).toMatchObject({ ok: true });
  });
});

describe('Slack sandbox, persistence', () => {
  function folder(): string {
    const dataDir = mkdtempSync(join(tmpdir(), 'slack-sandbox-'));
    open.push(() => rmSync(dataDir, { recursive: true, force: true }));
    return dataDir;
  }

  it('remembers everything it answered, and sends again what was never delivered', async () => {
    const dataDir = folder();
    const before = await sandbox({ dataDir, eventsUrl: 'http://127.0.0.1:9/' });
    const root = await before.human.post({ text: 'kept' });
    await before.human.edit({ ...root, text: 'kept and edited' });
    const kept = before.state();
    await before.close();

    const after = await sandbox({ dataDir });
    const next = await after.human.post({ text: 'later' });

    expect(after.state().channels[0]?.messages.slice(0, 1)).toEqual(kept.channels[0]?.messages);
    expect(next.ts > root.ts).toBe(true);
    expect(after.deliveries().filter(({ state }) => state === 'waiting').length).toBeGreaterThanOrEqual(2);
  });

  it('delivers what an earlier life could not, once the app is there', async () => {
    const dataDir = folder();
    const app = new EventReceiver();
    const eventsUrl = await app.start();
    app.statuses.push(500, 500);
    const before = await sandbox({ dataDir, eventsUrl });
    await before.human.post({ text: 'kept' });
    await expect.poll(() => app.received.length).toBeGreaterThan(0);
    await before.close();
    await app.stop();
    const again = new EventReceiver();
    const secondUrl = await again.start();
    open.push(() => again.stop());

    await sandbox({ dataDir, eventsUrl: secondUrl });

    await expect.poll(() => again.received.map(({ envelope }) => envelope.event.text)).toEqual(['kept']);
    expect(again.handshakes).toHaveLength(1);
    expect(again.received[0]?.headers).toMatchObject({
      'x-slack-retry-num': String(app.received.length),
      'x-slack-retry-reason': 'http_error',
    });
  });

  it('keeps what it was told of itself', async () => {
    const dataDir = folder();
    const before = await sandbox({ dataDir });
    await before.settings({ signingSecret: 'another', tokenRotation: true });
    await before.close();

    const after = await sandbox({ dataDir });

    expect(after.signingSecret).toBe('another');
    expect((await exchangeOf(after, await allow(after))).refresh_token).toMatch(/^xoxe-/);
  });

  it('survives a torn last line', async () => {
    const dataDir = folder();
    const before = await sandbox({ dataDir });
    await before.human.post({ text: 'kept' });
    await before.close();
    writeFileSync(join(dataDir, 'slack.jsonl'), '["messages","C0SUPPORT0:1","torn', { flag: 'a' });

    const after = await sandbox({ dataDir });
    await after.human.post({ text: 'later' });
    await after.close();
    const again = await sandbox({ dataDir });

    expect(again.state().channels[0]?.messages.map(({ text }) => text)).toEqual(['kept', 'later']);
  });
});

describe('Slack sandbox, control over HTTP', () => {
  it('lets another process act as people, arm faults and read the truth', async () => {
    const slack = await sandbox();
    const call = async (path: string, body?: object, method = body === undefined ? 'GET' : 'POST') => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await fetch(`${slack.url}/__control/${path}`, init);
      return { status: response.status, body: (await response.json()) as unknown };
    };
    const root = (await call('messages', { text: 'by HTTP' })).body as { channel: string; ts: string };
    await call('messages', { text: 'reply', threadTs: root.ts });
    await call('edits', { ...root, text: 'edited' });
    await call('dms', { text: 'quietly' });
    await call('faults', { on: 'call', effect: 'slow' });
    expect((await call('faults')).body).toEqual({ faults: [{ on: 'call', effect: 'slow', left: 1 }] });
    await call('faults', undefined, 'DELETE');

    const { body: state } = await call('state');

    expect(state).toEqual(JSON.parse(JSON.stringify(slack.state())));
    expect(slack.state().channels[0]?.threads).toMatchObject([
      { ts: root.ts, isRootDeleted: false, messages: [{ text: 'edited' }, { text: 'reply' }] },
    ]);
    expect((await call('faults')).body).toEqual({ faults: [] });
    expect((await call('edits', { channel: 'C', ts: '1', text: 'x' })).status).toBe(404);
    expect((await call('nowhere', {})).status).toBe(404);
    expect(await call('faults', { on: 'call', effect: 'throtle' })).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^effect is "throtle", expected one of slow, throttle, /) },
    });
    expect(await call('faults', { effect: 'slow' })).toMatchObject({ status: 400 });
    expect(await call('messages', {})).toEqual({
      status: 400,
      body: { error: 'text is undefined, expected text' },
    });
    expect(await call('dms', { text: 'x', user: 7 })).toMatchObject({
      status: 400,
      body: { error: 'user is 7, expected text' },
    });
    expect(await call('edits', root)).toMatchObject({ status: 400 });
    expect((await call('settings', { postLimit: true })).body).toEqual({ verified: true });
  });

  it('changes who is in the workspace and where the bot is', async () => {
    const slack = await sandbox();
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const { userId } = await slack.human.addUser({ name: 'Zoë Quinn', email: 'zoe@example.com' });
    const { id } = await slack.human.addChannel({ name: 'returns' });
    await slack.human.post({ channel: id, user: userId, text: 'hello' });
    await slack.human.kick(id);

    await expect(client.conversations.history({ channel: id })).rejects.toMatchObject(
      failing('not_in_channel'),
    );
    await slack.human.invite(id);

    expect((await client.conversations.history({ channel: id })).messages).toHaveLength(1);
    expect((await client.users.info({ user: userId })).user?.real_name).toBe('Zoë Quinn');
  });
});
