import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertion, connect } from './connect.ts';
import { type SalesforceSandbox, startSalesforceSandbox } from './index.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const REDIRECT = 'http://127.0.0.1:1/callback';
const VERIFIER = 'v'.repeat(64);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
let nowMs = Date.parse('2026-11-22T12:00:00Z');
let sandbox: SalesforceSandbox;

beforeAll(async () => {
  sandbox = await startSalesforceSandbox({ clock: { now: () => nowMs }, sessionLifetimeMs: 60_000 });
});
afterAll(() => sandbox.close());

async function token(
  form: Record<string, string>,
): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${sandbox.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}
const byJwt = async (claims: Parameters<typeof assertion>[1] = {}) =>
  await token({ grant_type: JWT_BEARER, assertion: await assertion(sandbox, { nowMs, ...claims }) });
const authorized = (accessToken: string, path = '/services/data/v67.0/') =>
  fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${accessToken}` } });

async function code(changes: Record<string, string> = {}): Promise<URL> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: sandbox.consumerKey,
    redirect_uri: REDIRECT,
    state: 's1',
    code_challenge: CHALLENGE,
    ...changes,
  });
  const response = await fetch(`${sandbox.url}/services/oauth2/authorize?${query}`, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? 'http://none.invalid');
}
const redeem = (codeText: string, changes: Record<string, string> = {}) =>
  token({
    grant_type: 'authorization_code',
    code: codeText,
    client_id: sandbox.consumerKey,
    client_secret: sandbox.clientSecret,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...changes,
  });

describe('Salesforce sandbox: JWT bearer', () => {
  it('grants a session without telling its life, and names the instance and the user', async () => {
    const { status, body } = await byJwt();

    expect(status).toBe(200);
    expect(body).toMatchObject({ instance_url: sandbox.url, token_type: 'Bearer' });
    expect(body.id).toBe(`${sandbox.url}/id/${sandbox.orgId}/${sandbox.hubUserId}`);
    expect(body).not.toHaveProperty('expires_in');
    expect(body).not.toHaveProperty('refresh_token');
  });

  it('answers a repeated grant with the same live session, and a new one after its end', async () => {
    const [first, second] = [await byJwt(), await byJwt()];
    nowMs += 61_000;
    const third = await byJwt();

    expect(second.body.access_token).toBe(first.body.access_token);
    expect(third.body.access_token).not.toBe(first.body.access_token);
  });

  it.each([
    ['a foreign consumer', { iss: 'nobody' }, 'invalid_client_id'],
    ['a wrong audience', { aud: 'https://elsewhere.example' }, 'invalid_grant'],
    ['an expired assertion', { expiresInSeconds: -10 }, 'invalid_grant'],
    ['an assertion valid for more than five minutes', { expiresInSeconds: 301 }, 'invalid_grant'],
    ['an unknown user', { sub: 'nobody@example.com' }, 'invalid_grant'],
  ])('refuses %s', async (_, claims, error) => {
    expect(await byJwt(claims)).toMatchObject({ status: 400, body: { error } });
  });

  it('refuses another key, and a user nobody approved', async () => {
    const stranger = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;

    const forged = await byJwt({ key: stranger });
    sandbox.settings({ jwtApproved: false });
    const unapproved = await byJwt();
    sandbox.settings({ jwtApproved: true });

    expect(forged.body.error).toBe('invalid_grant');
    expect(unapproved.body.error_description).toBe("user hasn't approved this consumer");
  });

  it('refuses the grants the vendor has retired', async () => {
    expect((await token({ grant_type: 'password', username: 'x', password: 'y' })).body.error).toBe(
      'unsupported_grant_type',
    );
  });
});

describe('Salesforce sandbox: web-server flow', () => {
  it('gives a code for a verifier, then a session and a refresh token that renews', async () => {
    const back = await code();
    const granted = await redeem(back.searchParams.get('code') ?? '');
    const renewed = await token({
      grant_type: 'refresh_token',
      refresh_token: granted.body.refresh_token ?? '',
      client_id: sandbox.consumerKey,
      client_secret: sandbox.clientSecret,
    });

    expect(back.searchParams.get('state')).toBe('s1');
    expect(granted.body.signature).toMatch(/=$/);
    expect((await authorized(renewed.body.access_token ?? '')).status).toBe(200);
  });

  it('redeems a code once', async () => {
    const text = (await code()).searchParams.get('code') ?? '';

    expect((await redeem(text)).status).toBe(200);
    expect((await redeem(text)).body.error).toBe('invalid_grant');
  });

  it.each([
    ['a wrong verifier', { code_verifier: 'w'.repeat(64) }, 'invalid_grant'],
    ['another redirect address', { redirect_uri: 'http://127.0.0.1:2/' }, 'invalid_grant'],
    ['a wrong secret', { client_secret: 'x' }, 'invalid_client'],
    ['another client', { client_id: 'x' }, 'invalid_client_id'],
  ])('refuses %s', async (_, changes, error) => {
    expect((await redeem((await code()).searchParams.get('code') ?? '', changes)).body.error).toBe(error);
  });

  it('demands a challenge, the code response type and a known client', async () => {
    expect((await code({ code_challenge: '' })).searchParams.get('error')).toBe('invalid_request');
    expect((await code({ response_type: 'token' })).searchParams.get('error')).toBe(
      'unsupported_response_type',
    );
    expect((await code({ client_id: 'x' })).host).toBe('none.invalid');
    expect((await code({ redirect_uri: 'nowhere' })).host).toBe('none.invalid');
  });

  it('refuses a refresh token nobody holds', async () => {
    const refused = await token({
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_id: sandbox.consumerKey,
      client_secret: sandbox.clientSecret,
    });

    expect(refused.body.error).toBe('invalid_grant');
  });
});

describe('Salesforce sandbox: sessions', () => {
  it('answers 401 INVALID_SESSION_ID once a session has expired', async () => {
    const accessToken = (await byJwt()).body.access_token ?? '';
    nowMs += 61_000;
    const response = await authorized(accessToken);

    expect(response.status).toBe(401);
    expect(response.headers.has('sforce-limit-info')).toBe(true);
    expect(await response.json()).toMatchObject([{ errorCode: 'INVALID_SESSION_ID' }]);
  });

  it('answers 401 after a revocation, by the app or by an administrator', async () => {
    const first = (await byJwt()).body.access_token ?? '';
    const revoke = (text: string) =>
      fetch(`${sandbox.url}/services/oauth2/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: text }),
      });
    const revoked = await revoke(first);
    const second = (await byJwt()).body.access_token ?? '';
    sandbox.human.revokeTokens();

    expect(revoked.status).toBe(200);
    expect((await revoke(first)).status).toBe(400);
    expect((await authorized(first)).status).toBe(401);
    expect((await authorized(second)).status).toBe(401);
  });

  it('tells who a session belongs to, and whether it lives', async () => {
    const connection = await connect(sandbox, nowMs);
    const identity = await connection.identity();
    const introspect = async (text: string) =>
      (await (
        await fetch(`${sandbox.url}/services/oauth2/introspect`, {
          method: 'POST',
          body: new URLSearchParams({ token: text }),
        })
      ).json()) as { active: boolean };
    const userinfo = await authorized(connection.accessToken ?? '', '/services/oauth2/userinfo');

    expect(identity).toMatchObject({ user_id: sandbox.hubUserId, organization_id: sandbox.orgId });
    expect(await userinfo.json()).toMatchObject({ user_id: sandbox.hubUserId });
    expect((await introspect(connection.accessToken ?? '')).active).toBe(true);
    expect((await introspect('x')).active).toBe(false);
    const nothing = await fetch(`${sandbox.url}/services/oauth2/nothing`);
    expect([nothing.status, nothing.headers.has('sforce-limit-info')]).toEqual([404, false]);
  });
});
