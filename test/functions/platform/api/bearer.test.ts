import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerToken, verifier } from '../../../../functions/platform/api/bearer.ts';

const audience = 'https://hub.example/v1';
const nowMs = Date.UTC(2026, 0, 1);
const nowSeconds = nowMs / 1_000;

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let server: Server;
let issuer: string;
let rsa: Keys;
let elliptic: Keys;
let stranger: Keys;
let metadata: (() => unknown) | undefined;
let keysStatus = 200;

beforeAll(async () => {
  [rsa, elliptic, stranger] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]);
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'elliptic', alg: 'ES256' },
  ];
  server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    const body = isDiscovery ? (metadata?.() ?? { issuer, jwks_uri: `${issuer}/keys` }) : { keys };
    response.writeHead(isDiscovery ? 200 : keysStatus, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

interface Forgery {
  readonly key?: Keys['privateKey'];
  readonly header?: { alg: string; kid?: string; typ?: string };
  readonly claims?: Record<string, unknown>;
}

function token({ key = rsa.privateKey, header = { alg: 'RS256', kid: 'rsa' }, claims = {} }: Forgery = {}) {
  return new SignJWT({
    iss: issuer,
    aud: audience,
    sub: 'ada',
    org: 'acme',
    scope: 'tickets:read tickets:write',
    exp: nowSeconds + 600,
    ...claims,
  })
    .setProtectedHeader(header)
    .sign(key);
}

const identity = { organizationClaim: 'org', agentName: 'Support' };
const clientId = 'deskbridge-console';
const verify = (value: string) => verifier({ issuer, audience, clientId, identity }, () => nowMs)(value);
const refused = { code: 'not_authentic', error: 'invalid_token' };

describe('bearer tokens (RFC 6750 §2.1)', () => {
  it('takes the token out of the header, whatever the case of its scheme', () => {
    expect(bearerToken('Bearer abc.def-_~+/=')).toBe('abc.def-_~+/=');
    expect(bearerToken('bearer abc')).toBe('abc');
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'Bearer a,Bearer b'])(
    'asks for a token when the header is %j',
    (header) => {
      expect(() => bearerToken(header)).toThrow(
        expect.objectContaining({ code: 'not_authentic', error: undefined }),
      );
    },
  );
});

describe('JWT access tokens (RFC 9068 §4)', () => {
  it('takes organization, actor and scopes from the token', async () => {
    const caller = await verify(await token());

    expect(caller).toMatchObject({ organization: 'acme', actor: 'user:ada', displayName: 'Support' });
    expect([...caller.scopes]).toEqual(['tickets:read', 'tickets:write']);
  });

  it('takes ES256 as well', async () => {
    const signed = await token({ key: elliptic.privateKey, header: { alg: 'ES256', kid: 'elliptic' } });

    expect(await verify(signed)).toMatchObject({ organization: 'acme' });
  });

  it('calls a client that speaks for itself an agent', async () => {
    const signed = await token({
      claims: { sub: 'agent-acme', client_id: 'agent-acme', name: 'Acme agent' },
    });

    expect(await verify(signed)).toMatchObject({ actor: 'agent:agent-acme', displayName: 'Acme agent' });
  });

  it.each([
    ['of another issuer', { iss: 'https://other.example' }],
    ['for another audience', { aud: 'deskbridge-console' }],
    ['that has expired', { exp: nowSeconds - 31 }],
    ['without an expiry', { exp: undefined }],
    ['not yet valid', { nbf: nowSeconds + 31 }],
    ['without a subject', { sub: undefined }],
    ['without an organization', { org: undefined }],
    ['with an organization that is no id', { org: 'acme#globex' }],
    ['with a list of organizations', { org: ['acme', 'globex'] }],
  ])('refuses a token %s', async (_, claims) => {
    const signed = await token({ claims });

    await expect(verify(signed)).rejects.toMatchObject(refused);
  });

  it('gives no scope when the claim is not a string', async () => {
    const caller = await verify(await token({ claims: { scope: ['tickets:read'] } }));

    expect(caller.scopes.size).toBe(0);
  });

  it.each([['at+jwt'], ['application/at+jwt'], ['AT+JWT'], ['JWT'], [undefined]])(
    'takes an access token whose type is %s',
    async (typ) => {
      const header = { alg: 'RS256', kid: 'rsa', ...(typ === undefined ? {} : { typ }) };

      expect(await verify(await token({ header }))).toMatchObject({ organization: 'acme' });
    },
  );

  it.each([
    ['says another type', { typ: 'id+jwt' }, {}],
    ['is a logout token', { typ: 'logout+jwt' }, {}],
    ['carries the nonce of a sign-in', {}, { nonce: 'n' }],
    ['carries the hash of an access token', {}, { at_hash: 'h' }],
    ['is made out to the console as well', {}, { aud: [audience, clientId] }],
  ])('refuses a token of the same issuer that %s: it is no access token', async (_, typed, claims) => {
    const signed = await token({ header: { alg: 'RS256', kid: 'rsa', ...typed }, claims });

    await expect(verify(signed)).rejects.toMatchObject(refused);
  });

  it('never shows the subject of a token as a name', async () => {
    const { displayName } = await verify(await token({ claims: { sub: 'auth0|5f7c8ec7', name: ' ' } }));

    expect(displayName).toBe('Support');
  });

  it('takes the organization from the claim the deployment names', async () => {
    const named = { organizationClaim: 'https://hub.example/org', agentName: 'Help desk' };
    const verifyNamed = verifier({ issuer, audience, identity: named }, () => nowMs);
    const signed = await token({ claims: { org: undefined, 'https://hub.example/org': 'acme' } });

    expect(await verifyNamed(signed)).toMatchObject({ organization: 'acme', displayName: 'Help desk' });
    await expect(verifyNamed(await token())).rejects.toMatchObject(refused);
  });

  it.each([
    ['scp as a list', { scp: ['tickets:read', 'tickets:write', 7] }],
    ['scp as text', { scp: 'tickets:read tickets:write' }],
  ])('understands %s', async (_, claims) => {
    const { scopes } = await verify(await token({ claims: { scope: undefined, ...claims } }));

    expect([...scopes]).toEqual(['tickets:read', 'tickets:write']);
  });

  it.each([['azp'], ['cid']])('knows the client by %s where there is no client_id', async (claim) => {
    const signed = await token({ claims: { sub: 'agent-acme', [claim]: 'agent-acme' } });

    expect(await verify(signed)).toMatchObject({ actor: 'agent:agent-acme' });
  });

  it('allows half a minute between the clocks', async () => {
    expect(await verify(await token({ claims: { exp: nowSeconds - 29 } }))).toBeDefined();
  });

  it('refuses a token signed by somebody else', async () => {
    await expect(verify(await token({ key: stranger.privateKey }))).rejects.toMatchObject(refused);
  });

  it('refuses a key it does not know', async () => {
    const signed = await token({ key: stranger.privateKey, header: { alg: 'RS256', kid: 'stranger' } });

    await expect(verify(signed)).rejects.toMatchObject(refused);
  });

  it('refuses the algorithm none, and a shared-secret signature over the public key', async () => {
    const [, payload] = (await token()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(rsa.publicKey)));
    const symmetric = await new SignJWT({ iss: issuer, aud: audience, sub: 'ada', org: 'acme' })
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .setExpirationTime(nowSeconds + 600)
      .sign(secret);

    await expect(verify(`${none}.${payload}.`)).rejects.toMatchObject(refused);
    await expect(verify(symmetric)).rejects.toMatchObject(refused);
  });

  it('refuses what is no JWT at all', async () => {
    await expect(verify('abc')).rejects.toMatchObject(refused);
  });
});

describe('the configured issuer', () => {
  it('is not to blame on the caller while it does not answer', async () => {
    const gone = verifier({ issuer: 'http://127.0.0.1:9', audience, identity }, () => nowMs);

    await expect(gone(await token())).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('is asked again after a failure', async () => {
    let isDown = true;
    const flaky: typeof fetch = (...request) =>
      isDown ? Promise.resolve(new Response('', { status: 502 })) : fetch(...request);
    const verifyLater = verifier({ issuer, audience, identity, fetch: flaky }, () => nowMs);

    await expect(verifyLater(await token())).rejects.toMatchObject({ code: 'provider_unavailable' });
    isDown = false;

    expect(await verifyLater(await token())).toMatchObject({ organization: 'acme' });
  });

  it('must call itself by the configured name', async () => {
    metadata = () => ({ issuer: 'https://other.example', jwks_uri: `${issuer}/keys` });

    await expect(verify(await token())).rejects.toMatchObject({ code: 'configuration' });
    metadata = undefined;
  });

  it('is the one at fault when its keys cannot be had', async () => {
    keysStatus = 500;

    await expect(verify(await token())).rejects.toMatchObject({ code: 'provider_unavailable' });
    keysStatus = 200;
  });
});
