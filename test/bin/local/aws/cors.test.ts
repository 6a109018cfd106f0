import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketCors } from '../../../../bin/local/aws/cors.ts';
import { closeServer, listenOnLoopback } from '../../../../bin/local/http-server.ts';

const ORIGIN = 'http://127.0.0.1:3000';
const RULE = {
  AllowedOrigins: [ORIGIN],
  AllowedMethods: ['PUT'],
  AllowedHeaders: ['Content-Type', 'x-amz-checksum-sha256'],
  MaxAge: 60,
};
let server: Server;
let url: string;

beforeAll(async () => {
  const handle = bucketCors((bucket) => (bucket === 'files' ? [RULE] : []));
  server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    if (!(await handle(path, request, response))) response.writeHead(204).end();
  });
  url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
});
afterAll(() => closeServer(server));

const ask = async (bucket: string, method: string, headers: Record<string, string>) => {
  const answer = await fetch(`${url}/${bucket}/key`, { method, headers });
  return { status: answer.status, allowed: answer.headers.get('access-control-allow-origin') };
};
const preflight = (over: Record<string, string> = {}, origin = ORIGIN) => ({
  origin,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'content-type, X-Amz-Checksum-Sha256',
  ...over,
});

describe('the bucket before a page of another origin', () => {
  it('lets the page ask as its rule says', async () => {
    expect(await ask('files', 'OPTIONS', preflight())).toEqual({ status: 200, allowed: ORIGIN });
    expect(await ask('files', 'PUT', { origin: ORIGIN })).toEqual({ status: 204, allowed: ORIGIN });
  });

  it.each([
    ['of another origin', 'files', preflight({}, 'http://evil.example')],
    ['by another method', 'files', preflight({ 'access-control-request-method': 'DELETE' })],
    ['with another header', 'files', preflight({ 'access-control-request-headers': 'authorization' })],
    ['at a bucket without a rule', 'others', preflight()],
  ])('refuses one %s', async (_what, bucket, headers) => {
    expect(await ask(bucket, 'OPTIONS', headers)).toEqual({ status: 403, allowed: null });
  });

  it('tells an answer to a page that no rule names', async () => {
    expect(await ask('files', 'PUT', { origin: 'http://evil.example' })).toEqual({
      status: 204,
      allowed: null,
    });
  });

  it('is the same to whoever is no page', async () => {
    expect(await ask('files', 'PUT', {})).toEqual({ status: 204, allowed: null });
  });
});
