import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audienceOf, authorization } from '../../../../functions/connectors/salesforce/authorization.ts';
import { ConfigurationError } from '../../../../shared/errors.ts';
import type { Opening } from '../../../../shared/ports/index.ts';
import { type Connected, connected } from './world.ts';

const REDIRECT = 'https://hub.example/oauth/callback';
const VERIFIER = 'v'.repeat(64);
let world: Connected;
beforeEach(async () => {
  world = await connected();
});
afterEach(() => world.sandbox.close());

const withSecrets = (secrets: Record<string, string>): Opening => ({ ...world.opening, secrets });
/** A connection without a key: a person signs in. */
const byPerson = () => {
  const { privateKey: _, ...secrets } = world.opening.secrets;
  return withSecrets(secrets);
};
/** An opening whose token endpoint answers this. */
const answering = (status: number, body: unknown): Opening => ({
  ...world.opening,
  fetch: async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
});

async function code(): Promise<string> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url');
  const url = authorization(byPerson()).authorizeUrl!({
    state: 's1',
    redirectUri: REDIRECT,
    codeChallenge,
  });
  const response = await fetch(url, { redirect: 'manual' });
  const back = new URL(response.headers.get('location') ?? '');
  return back.searchParams.get('code') ?? '';
}
const signedIn = async () =>
  await authorization(byPerson()).exchange!({
    code: await code(),
    redirectUri: REDIRECT,
    codeVerifier: VERIFIER,
  });

describe('Salesforce authorization: JWT bearer', () => {
  it('gets a session, and learns from it who the hub is and in which org', async () => {
    const grant = await authorization(world.opening).renew(undefined);

    expect(grant).toMatchObject({
      instanceUrl: world.sandbox.url,
      hubUserId: world.sandbox.hubUserId,
      account: world.sandbox.orgId,
      scopes: ['api', 'refresh_token', 'openid'],
    });
    expect(grant).not.toHaveProperty('expiresAtMs');
    expect(grant).not.toHaveProperty('refreshToken');
  });

  it('states the app, the user, the audience, and a life of three minutes', async () => {
    let assertion = '';
    const opening: Opening = {
      ...world.opening,
      fetch: async (input, init) => {
        assertion = new URLSearchParams(String(init?.body)).get('assertion') ?? '';
        return await world.opening.fetch(input, init);
      },
    };

    await authorization(opening).renew(undefined);

    expect(decodeJwt(assertion)).toEqual({
      iss: world.sandbox.consumerKey,
      sub: world.sandbox.username,
      aud: world.sandbox.url,
      exp: Math.floor(world.clock.now() / 1_000) + 180,
    });
  });

  it('needs no person', () => {
    expect(authorization(world.opening).authorizeUrl).toBeUndefined();
    expect(authorization(world.opening).exchange).toBeUndefined();
  });

  it('is refused for good when nobody approved the app', async () => {
    world.sandbox.human.revokeTokens();
    world.sandbox.settings({ jwtApproved: false });

    await expect(authorization(world.opening).renew(undefined)).rejects.toMatchObject({
      code: 'reauthorization_required',
      message: 'salesforce refused the grant: invalid_grant',
    });
  });

  it.each([
    ['consumerKey', { privateKey: 'x', username: 'u' }],
    ['username', { consumerKey: 'k', privateKey: 'x' }],
    ['a key that is none', { consumerKey: 'k', username: 'u', privateKey: 'canary' }],
  ])('calls a missing or broken %s a configuration, and does not quote it', async (_, secrets) => {
    const renewing = authorization(withSecrets(secrets)).renew(undefined);

    await expect(renewing).rejects.toThrow(ConfigurationError);
    await expect(renewing).rejects.not.toThrow(/canary/);
  });
});

describe('Salesforce authorization: web-server flow', () => {
  it('exchanges a code for a grant that renews itself and keeps its refresh token', async () => {
    const grant = await signedIn();
    const renewed = await authorization(byPerson()).renew(grant);

    expect(grant.refreshToken).toBeDefined();
    expect(renewed).toMatchObject({ refreshToken: grant.refreshToken, account: world.sandbox.orgId });
    expect(renewed.accessToken).not.toBe(grant.accessToken);
  });

  it('sends the person to sign in with what the hub will know the answer by', () => {
    const request = { state: 's 1', redirectUri: REDIRECT, codeChallenge: 'c1' };

    const url = new URL(authorization(byPerson()).authorizeUrl!(request));

    expect(url.origin + url.pathname).toBe(`${world.sandbox.url}/services/oauth2/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: world.sandbox.consumerKey,
      redirect_uri: REDIRECT,
      scope: 'api refresh_token',
      state: 's 1',
      code_challenge: 'c1',
      code_challenge_method: 'S256',
    });
  });

  it('asks for a person where there is neither key nor refresh token', async () => {
    await expect(authorization(byPerson()).renew(undefined)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });
  });

  it('is refused with a verifier of somebody else', async () => {
    const given = { code: await code(), redirectUri: REDIRECT, codeVerifier: 'w'.repeat(64) };

    await expect(authorization(byPerson()).exchange!(given)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });
  });

  it('is refused once the refresh token is revoked', async () => {
    const grant = await signedIn();
    world.sandbox.human.revokeTokens();

    await expect(authorization(byPerson()).renew(grant)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });
  });

  it('sends no client secret where the app has none', async () => {
    const { consumerKey = '' } = world.opening.secrets;
    const grant = await signedIn();

    await expect(
      authorization(withSecrets({ consumerKey, clientSecret: '' })).renew(grant),
    ).rejects.toMatchObject({
      message: 'salesforce refused the grant: invalid_client',
    });
  });
});

describe('Salesforce authorization: given back', () => {
  it('ends the session of a key', async () => {
    const { opening, grant, integration } = world;

    await authorization(opening).revoke!(grant);

    expect(await integration.check()).toMatchObject({ state: 'unhealthy' });
  });

  it('ends the refresh token of a person', async () => {
    const grant = { ...world.grant, refreshToken: (await signedIn()).refreshToken! };

    await authorization(byPerson()).revoke!(grant);

    await expect(authorization(byPerson()).renew(grant)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });
  });

  it('is told of a token nobody holds as of any failure', async () => {
    await expect(
      authorization(world.opening).revoke!({ ...world.grant, accessToken: 'forgotten' }),
    ).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});

describe('Salesforce authorization: an endpoint in trouble is not a refusal', () => {
  it.each([
    [503, { error: 'unavailable' }],
    [503, { error: 'invalid_grant' }],
    [500, '<html>oops</html>'],
    [429, {}],
    [302, {}],
    [400, { error: 'unknown_error', error_description: 'retry your request' }],
    [400, { error: 'invalid_grant', error_description: 'login rate exceeded' }],
    [200, { access_token: 'only' }],
  ])('takes %i %j for passing', async (status, body) => {
    await expect(authorization(answering(status, body)).renew(undefined)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });

  it.each([
    ['a page of a proxy in between', 403, '<html>Request blocked</html>'],
    ['a body without an error', 403, {}],
    ['an error of its own making', 400, { error: 'AccessDenied', error_description: 'by a gateway' }],
    ['a missing page', 404, 'not found'],
  ])('costs nobody a sign-in because of %s', async (_, status, body) => {
    await expect(authorization(answering(status, body)).renew(undefined)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });
});

describe('Salesforce authorization: a refusal', () => {
  it.each([
    'invalid_grant',
    'invalid_client',
    'invalid_client_id',
    'unauthorized_client',
    'inactive_user',
    'inactive_org',
    'invalid_app_access',
  ])('of the vendor’s own is one: %s', async (error) => {
    await expect(authorization(answering(400, { error })).renew(undefined)).rejects.toMatchObject({
      code: 'reauthorization_required',
      message: `salesforce refused the grant: ${error}`,
    });
  });
});

describe('Salesforce authorization: audience', () => {
  it.each([
    ['https://acme.my.salesforce.com', undefined, 'https://login.salesforce.com'],
    ['https://acme--test.sandbox.my.salesforce.com', '', 'https://test.salesforce.com'],
    ['https://acme--old.my.salesforce.com', undefined, 'https://test.salesforce.com'],
    ['https://test.salesforce.com/path', undefined, 'https://test.salesforce.com'],
    ['https://acme.my.salesforce.com', 'https://acme.my.site.com', 'https://acme.my.site.com'],
  ])('of %s with setting %j is %s', (login, setting, audience) => {
    expect(audienceOf(login, setting)).toBe(audience);
  });
});
