import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, startIssuer } from '../../../bin/local/issuer.ts';
import { Visitor } from './visitor.ts';

const publicUrl = 'http://127.0.0.1:3999';
const redirectUri = `${publicUrl}/console`;

let dataDir: string;
let issuer: Issuer;
let configuration: oidc.Configuration;

function discover(clientId: string, authentication?: oidc.ClientAuth): Promise<oidc.Configuration> {
  const options = { execute: [oidc.allowInsecureRequests] };
  return oidc.discovery(new URL(issuer.url), clientId, undefined, authentication, options);
}

async function begin(parameters: Record<string, string> = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile tickets:read tickets:write operations:write',
    resource: issuer.audience,
    state,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { url, verifier, state };
}

async function signIn(user: string) {
  const { url, verifier, state } = await begin();
  const browser = new Visitor();
  const page = await browser.open(url);
  const back = await browser.open(page.url, new URLSearchParams({ user }));
  const checks = { pkceCodeVerifier: verifier, expectedState: state };
  const tokens = await oidc.authorizationCodeGrant(configuration, back.url, checks, {
    resource: issuer.audience,
  });
  return { page, tokens };
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'issuer-'));
  issuer = await startIssuer({ dataDir, publicUrl });
  configuration = await discover(issuer.clients.console.clientId, oidc.None());
});

afterAll(async () => {
  await issuer.close();
  await rm(dataDir, { recursive: true });
});

describe('development issuer: code flow with PKCE (RFC 7636)', () => {
  it('signs a person in and gives the API a JWT that names their organization and scopes', async () => {
    const { tokens } = await signIn('ada-acme');

    const keys = createRemoteJWKSet(new URL(configuration.serverMetadata().jwks_uri as string));
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
      issuer: issuer.url,
      audience: `${publicUrl}/v1`,
      typ: 'at+jwt',
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ sub: 'ada-acme', org: 'acme', name: 'Ada Lindqvist' });
    expect(payload.scope).toBe('tickets:read tickets:write operations:write');
  });

  it('gives an observer no scope beyond their own', async () => {
    const { tokens } = await signIn('olivia-globex');

    expect(decodeJwt(tokens.access_token)).toMatchObject({ org: 'globex', scope: 'tickets:read' });
  });

  it('lists every demo user on its sign-in page', async () => {
    const { url } = await begin();

    const { response } = await new Visitor().open(url);

    const html = await response.text();
    for (const user of issuer.users) expect(html).toContain(user.email);
  });

  it('refuses a request without a code challenge', async () => {
    const { url } = await begin();
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');

    const back = await new Visitor().open(url);

    expect(back.url.searchParams.get('error')).toBe('invalid_request');
  });

  it('shows an error page, and redirects nowhere, for a redirect address it does not know', async () => {
    const { url } = await begin({ redirect_uri: 'http://127.0.0.1:4000/console' });

    const { url: end, response } = await new Visitor().open(url);

    expect(end.origin).toBe(issuer.url);
    expect(response.status).toBe(400);
  });

  it('answers access_denied when nobody on the page was chosen', async () => {
    const { url } = await begin();
    const browser = new Visitor();
    const page = await browser.open(url);

    const back = await browser.open(page.url, new URLSearchParams({ user: 'mallory' }));

    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  it('tells a person with an expired sign-in to start again', async () => {
    const response = await fetch(`${issuer.url}/sign-in/gone`);

    expect(response.status).toBe(400);
  });

  it('lets only the console read its answers from a browser', async () => {
    const ask = (origin: string) =>
      fetch(`${issuer.url}/token`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ client_id: issuer.clients.console.clientId }),
      });

    expect((await ask(publicUrl)).headers.get('access-control-allow-origin')).toBe(publicUrl);
    expect((await ask('http://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('development issuer: client credentials (RFC 6749 §4.4)', () => {
  it('gives an agent a token of its own organization, whichever it asks for', async () => {
    const agent = issuer.clients.agents.find(({ organization }) => organization === 'globex');
    const client = await discover(agent?.clientId as string, oidc.ClientSecretBasic(agent?.clientSecret));

    const tokens = await oidc.clientCredentialsGrant(client, {
      resource: issuer.audience,
      scope: 'tickets:read tickets:write',
      org: 'acme',
    });

    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({ org: 'globex', sub: 'agent-globex', client_id: 'agent-globex' });
    expect(claims.scope).toBe('tickets:read tickets:write');
  });

  it('refuses a wrong secret', async () => {
    const client = await discover('agent-acme', oidc.ClientSecretBasic('wrong'));

    const attempt = oidc.clientCredentialsGrant(client, { resource: issuer.audience });

    await expect(attempt).rejects.toMatchObject({
      status: 401,
      cause: [{ parameters: { error: 'invalid_client' } }],
    });
  });
});

describe('development issuer: what it keeps', () => {
  it('keeps keys and agent secrets over a restart, for its owner only', async () => {
    const again = await startIssuer({ dataDir, publicUrl });
    const keysOf = async (url: string) => (await fetch(`${url}/jwks`)).json();

    expect(await keysOf(again.url)).toEqual(await keysOf(issuer.url));
    expect(again.clients).toEqual(issuer.clients);
    expect((await stat(join(dataDir, 'issuer.json'))).mode & 0o777).toBe(0o600);
    await again.close();
  });

  it('names the organizations it is given', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'issuer-'));
    const named = await startIssuer({
      dataDir: elsewhere,
      publicUrl: 'https://hub.example',
      organizations: [{ id: 'solo', name: 'Solo' }],
    });

    expect(named.audience).toBe('https://hub.example/v1');
    expect(named.clients.agents.map(({ clientId }) => clientId)).toEqual(['agent-solo']);
    expect(new Set(named.users.map(({ organization }) => organization))).toEqual(new Set(['solo']));
    await named.close();
    await rm(elsewhere, { recursive: true });
  });
});
