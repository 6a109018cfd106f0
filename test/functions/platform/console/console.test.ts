import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webConsole } from '../../../../functions/platform/console/console.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'face.woff2'), 'wOF2');
  await writeFile(join(folder, 'notes.txt'), 'not for serving');
});

afterAll(() => rm(folder, { recursive: true }));

const issuer = 'https://issuer.example/tenant';
type Ask = (address: string) => Promise<Response>;
const tokensAt =
  (token_endpoint: unknown, name = issuer): Ask =>
  async () =>
    Response.json({ issuer: name, token_endpoint });

function page(publicUrl = 'https://hub.example', answer: Ask = tokensAt(`${issuer}/token`)) {
  const handler = webConsole({
    fetch: answer as typeof fetch,
    issuer,
    clientId: 'deskbridge-console',
    audience: 'https://hub.example/v1',
    publicUrl,
    contentOrigin: 'https://files.example',
    folder,
  });
  return (rawPath: string, headers: Record<string, string> = {}) => {
    const event = { rawPath, headers } as unknown as APIGatewayProxyEventV2;
    return handler(event, {} as Context) as Promise<APIGatewayProxyStructuredResultV2>;
  };
}

const ask = (rawPath: string, headers: Record<string, string> = {}, publicUrl?: string) =>
  page(publicUrl)(rawPath, headers);

const textOf = ({ body = '' }: APIGatewayProxyStructuredResultV2) => Buffer.from(body, 'base64').toString();

describe('console files', () => {
  it.each(['/console', '/console/'])('serves the page at %s, always asked for anew', async (path) => {
    const result = await ask(path);

    expect(result).toMatchObject({ statusCode: 200, headers: { 'cache-control': 'no-cache' } });
    expect(result.headers?.['content-type']).toBe('text/html; charset=utf-8');
    expect(textOf(result)).toBe('<!doctype html>');
  });

  it('lets a browser keep hashed files for good', async () => {
    const { headers } = await ask('/console/assets/index-abc.js');

    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  it('compresses text for who takes it, and fonts for nobody', async () => {
    const script = await ask('/console/assets/index-abc.js', { 'accept-encoding': 'gzip, br' });
    const font = await ask('/console/assets/face.woff2', { 'accept-encoding': 'gzip' });

    expect(script.headers?.['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(script.body as string, 'base64')).toString()).toBe('export {};');
    expect(font.headers).not.toHaveProperty('content-encoding');
    expect(font.headers?.['content-type']).toBe('font/woff2');
  });

  it.each([
    '/console/nothing.js',
    '/console/notes.txt',
    '/console/../console.ts',
    '/console/assets/..%2findex.html',
  ])('has nothing at %s', async (path) => {
    expect(await ask(path)).toMatchObject({ statusCode: 404 });
  });

  it('tells the page where to sign in, and no secret', async () => {
    const result = await ask('/console/config.json');

    expect(JSON.parse(result.body as string)).toEqual({
      issuer: 'https://issuer.example/tenant',
      clientId: 'deskbridge-console',
      audience: 'https://hub.example/v1',
    });
  });
});

describe('console security headers', () => {
  it.each(['/console', '/console/config.json', '/console/nothing'])(
    'go with every answer: %s',
    async (path) => {
      const { headers } = await ask(path);

      const policy = headers?.['content-security-policy'] as string;
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain("connect-src 'self' https://issuer.example https://files.example;");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    },
  );

  it('demand https from then on where the hub has it', async () => {
    const secure = await ask('/console');
    const local = await ask('/console', {}, 'http://127.0.0.1:3000');

    expect(secure.headers).toHaveProperty('strict-transport-security');
    expect(local.headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('console: where the page may go for tokens, and with files', () => {
  const policyOf = async (asking: ReturnType<typeof page>, path = '/console') => {
    const { headers } = await asking(path);
    return /connect-src ([^;]*)/.exec(String(headers?.['content-security-policy']))?.[1];
  };

  it('is the origin of the token endpoint too, as the issuer’s own metadata says', async () => {
    const elsewhere = page(undefined, tokensAt('https://tokens.example/oauth2/v1/token'));

    expect(await policyOf(elsewhere)).toBe(
      "'self' https://issuer.example https://tokens.example https://files.example",
    );
    expect(await policyOf(elsewhere, '/console/')).toContain('https://tokens.example');
  });

  it.each([
    ['metadata of another issuer', tokensAt('https://evil.example/token', 'https://evil.example')],
    ['a token endpoint that is no web address', tokensAt("javascript:alert(1);'unsafe-inline'")],
    ['an issuer that does not answer', () => Promise.reject(new TypeError('fetch failed'))],
    ['an answer that is no JSON', async () => new Response('<html>', { status: 502 })],
  ])('stays the issuer’s own with %s', async (_, answer: Ask) => {
    expect(await policyOf(page(undefined, answer))).toBe(
      "'self' https://issuer.example https://files.example",
    );
  });

  it('is asked for once, and again only while the issuer did not answer', async () => {
    const asked: string[] = [];
    const flaky = page(undefined, async (address) => {
      asked.push(address);
      if (asked.length === 1) throw new TypeError('fetch failed');
      return Response.json({ issuer, token_endpoint: 'https://tokens.example/token' });
    });

    expect(await policyOf(flaky)).not.toContain('tokens.example');
    expect(await policyOf(flaky)).toContain('tokens.example');
    await policyOf(flaky);
    await flaky('/console/assets/index-abc.js');

    expect(asked).toEqual(Array(2).fill(`${issuer}/.well-known/openid-configuration`));
  });
});
