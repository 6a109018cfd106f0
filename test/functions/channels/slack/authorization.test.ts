import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { authorization } from '../../../../functions/channels/slack/authorization.ts';
import { BOT_SCOPES } from '../../../../functions/channels/slack/manifest.ts';
import type { Authorization } from '../../../../shared/ports/index.ts';
import type { SlackSandboxOptions } from '../../../sandboxes/slack/index.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const redirectUri = 'https://hub.example/oauth/callback';
const codeVerifier = 'a-code-verifier-of-at-least-forty-three-characters';
const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');

let world: SlackWorld;
afterEach(() => world.close());

async function begin(options: SlackSandboxOptions = {}) {
  world = await slackWorld(options);
  return authorization(world.opening()) as Required<Authorization>;
}

async function allowed(oauth: Awaited<ReturnType<typeof begin>>): Promise<string> {
  const url = oauth.authorizeUrl({ state: 'st', redirectUri, codeChallenge });
  const response = await fetch(url, { redirect: 'manual' });
  return new URL(response.headers.get('location')!).searchParams.get('code')!;
}

describe('slack authorization', () => {
  it('asks for the manifest’s scopes, with state and an S256 challenge', async () => {
    const oauth = await begin();

    const url = new URL(oauth.authorizeUrl({ state: 'st', redirectUri, codeChallenge }));

    expect(`${url.origin}${url.pathname}`).toBe(`${world.slack.url}/oauth/v2/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: world.slack.clientId,
      scope: BOT_SCOPES.join(','),
      redirect_uri: redirectUri,
      state: 'st',
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    });
  });

  it('exchanges a code for a token that never expires, where rotation is off', async () => {
    const oauth = await begin();

    const grant = await oauth.exchange({ code: await allowed(oauth), redirectUri, codeVerifier });

    expect(grant).toEqual({
      accessToken: expect.stringMatching(/^xoxb-/),
      instanceUrl: world.slack.apiUrl,
      hubUserId: world.slack.botUserId,
      account: world.slack.teamId,
      scopes: [...BOT_SCOPES],
    });
    expect(await oauth.renew(grant)).toMatchObject({
      accessToken: grant.accessToken,
      account: grant.account,
    });
    await world.slack.human.revokeToken();
    await expect(oauth.renew(grant)).rejects.toMatchObject({ code: 'reauthorization_required' });
  });

  it('renews by the single-use refresh token, where rotation is on', async () => {
    const oauth = await begin({ tokenRotation: true });
    const first = await oauth.exchange({ code: await allowed(oauth), redirectUri, codeVerifier });
    world.clock.advance(11 * 3_600_000);

    const second = await oauth.renew(first);

    expect(first.expiresAtMs).toBe(world.clock.now() + 3_600_000);
    expect(second.expiresAtMs).toBe(world.clock.now() + 12 * 3_600_000);
    expect([second.accessToken, second.refreshToken]).not.toContain(first.accessToken);
    expect(second.account).toBe(world.slack.teamId);
    await expect(oauth.renew(first)).rejects.toMatchObject({ code: 'reauthorization_required' });
  });

  it('needs a person where there is no grant, or Slack refuses', async () => {
    const oauth = await begin();
    const code = await allowed(oauth);
    const required = { code: 'reauthorization_required' };

    await expect(oauth.renew(undefined)).rejects.toMatchObject(required);
    await expect(oauth.exchange({ code, redirectUri, codeVerifier: 'wrong' })).rejects.toMatchObject(
      required,
    );
    await expect(oauth.exchange({ code: 'wrong', redirectUri, codeVerifier })).rejects.toMatchObject(
      required,
    );
    const secrets = { clientId: 'another', clientSecret: 'secret' };
    const stranger = authorization(world.opening({ secrets })) as Required<Authorization>;
    await expect(stranger.exchange({ code, redirectUri, codeVerifier })).rejects.toMatchObject(required);
  });

  it('names what the connection’s secret lacks, before anybody is sent anywhere', async () => {
    world = await slackWorld();
    const bare = authorization(
      world.opening({ secrets: { clientId: 'known', signingSecret: 's' } }),
    ) as Required<Authorization>;
    const lacking = { code: 'configuration', message: expect.stringContaining('lacks clientSecret,') };

    expect(() => bare.authorizeUrl({ state: 'st', redirectUri, codeChallenge })).toThrow(
      expect.objectContaining(lacking),
    );
    await expect(bare.exchange({ code: 'c', redirectUri, codeVerifier })).rejects.toMatchObject(lacking);
  });

  it('takes a page of something on the way for an outage, not for Slack’s refusal', async () => {
    const oauth = await begin();
    const code = await allowed(oauth);
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 403 });

    await expect(oauth.exchange({ code, redirectUri, codeVerifier })).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    expect(await oauth.exchange({ code, redirectUri, codeVerifier })).toMatchObject({
      account: world.slack.teamId,
    });
  });

  it.each(BOT_SCOPES)('begins nothing without %s, and says so', async (scope) => {
    const oauth = await begin();
    const url = new URL(oauth.authorizeUrl({ state: 'st', redirectUri, codeChallenge }));
    url.searchParams.set('scope', BOT_SCOPES.filter((each) => each !== scope).join(','));
    const response = await fetch(url, { redirect: 'manual' });
    const code = new URL(response.headers.get('location')!).searchParams.get('code')!;

    await expect(oauth.exchange({ code, redirectUri, codeVerifier })).rejects.toMatchObject({
      code: 'provider_rejected',
      vendorCode: 'missing_scope',
      fault: 'organization',
      message: expect.stringContaining(`not granted ${scope}:`),
    });
  });

  it('asks for no more than the connection uses', async () => {
    world = await slackWorld({ botScopes: BOT_SCOPES.filter((scope) => scope !== 'chat:write.customize') });
    const secrets = { botToken: world.slack.botToken };
    const connection = { ...world.connection, settings: { showAgentName: false } };

    await expect(authorization(world.opening({ secrets })).renew(undefined)).rejects.toMatchObject({
      vendorCode: 'missing_scope',
    });
    expect(await authorization(world.opening({ secrets, connection })).renew(undefined)).toMatchObject({
      account: world.slack.teamId,
    });
  });

  it('gives a token back, after which nobody may use it', async () => {
    const oauth = await begin();
    const grant = await oauth.exchange({ code: await allowed(oauth), redirectUri, codeVerifier });

    await oauth.revoke(grant);

    await expect(oauth.renew(grant)).rejects.toMatchObject({ code: 'reauthorization_required' });
    await expect(oauth.revoke(grant)).rejects.toMatchObject({ code: 'reauthorization_required' });
  });

  it('leaves PKCE out for an app that has not switched it on', async () => {
    world = await slackWorld();
    const connection = { ...world.connection, settings: { pkce: false } };
    const oauth = authorization(world.opening({ connection })) as Required<Authorization>;

    const url = new URL(oauth.authorizeUrl({ state: 'st', redirectUri, codeChallenge }));

    expect(url.searchParams.has('code_challenge')).toBe(false);
    expect(await oauth.exchange({ code: await allowed(oauth), redirectUri, codeVerifier })).toMatchObject({
      account: world.slack.teamId,
    });
  });

  it('needs no person where the secret holds a bot token, as long as Slack takes it', async () => {
    world = await slackWorld();
    const byToken = authorization(world.opening({ secrets: { botToken: world.slack.botToken } }));

    expect(byToken.authorizeUrl).toBeUndefined();
    expect(await byToken.renew(undefined)).toEqual({
      accessToken: world.slack.botToken,
      instanceUrl: world.slack.apiUrl,
      hubUserId: world.slack.botUserId,
      account: world.slack.teamId,
      scopes: expect.arrayContaining([...BOT_SCOPES]),
    });
    await world.slack.human.revokeToken();
    await expect(byToken.renew(undefined)).rejects.toMatchObject({ code: 'reauthorization_required' });
  });

  it('does not take an outage for a refusal', async () => {
    const oauth = await begin();
    const code = await allowed(oauth);
    const exchange = () => oauth.exchange({ code, redirectUri, codeVerifier });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 500 });
    world.slack.faults.add({ on: 'call', effect: 'drop-before' });
    world.slack.faults.add({ on: 'call', effect: 'throttle', retryAfterSeconds: 1 });

    await expect(exchange()).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(exchange()).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(exchange()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await exchange()).toMatchObject({ account: world.slack.teamId });
  });
});
