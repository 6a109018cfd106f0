import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedFetch, guardedLookup } from '../../../shared/connections/index.ts';
import type { Fetch } from '../../../shared/ports/index.ts';
import { virtualClock } from '../../memory/index.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const sockets = new Set<unknown>();
  server.on('connection', (socket) => sockets.add(socket));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

const clock = virtualClock();
const local = (over = {}): Fetch =>
  guardedFetch({ policy: { allowedHosts: [], isLocal: true }, clock, timeoutMs: 5_000, ...over });

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('guarded fetch: as fetch', () => {
  it('sends method, headers and body, and answers with status, headers and body', async () => {
    const { url } = await serve(async (request, response) => {
      response.setHeader('x-seen', `${request.method} ${request.url} ${request.headers['content-type']}`);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(201).end(await textOf(request));
    });

    const answer = await local()(`${url}/path?q=1`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'ü' }),
    });

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-seen')).toBe(
      'POST /path?q=1 application/x-www-form-urlencoded;charset=UTF-8',
    );
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.text()).toBe('a=%C3%BC');
  });

  it('takes a Request, and answers without a body where there is none', async () => {
    const { url } = await serve((_request, response) => void response.writeHead(204).end());

    const answer = await local()(new Request(url, { method: 'DELETE' }));

    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  it('follows no redirect', async () => {
    const { url } = await serve(
      (_request, response) => void response.writeHead(302, { location: '/else' }).end(),
    );

    const answer = await local()(url);

    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/else']);
  });

  it('fails as fetch does when nobody listens, or the connection is cut', async () => {
    const { url } = await serve((request) => void request.socket.destroy());

    await expect(local()(url)).rejects.toThrow(TypeError);
    await expect(local()('http://127.0.0.1:1')).rejects.toThrow(TypeError);
  });

  it('fails when the answer is cut in its middle', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy());
    });

    await expect(local()(url)).rejects.toThrow(TypeError);
  });

  it('gives up on an answer that never comes, and when it is told to', async () => {
    const { url } = await serve(() => {});

    await expect(local({ timeoutMs: 50 })(url)).rejects.toMatchObject({
      name: 'TypeError',
      cause: { name: 'AbortError' },
    });
    await expect(local()(url, { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it('refuses an answer larger than it may hold', async () => {
    const { url } = await serve((_request, response) => void response.end(Buffer.alloc(17 * 1024 * 1024)));

    await expect(local()(url)).rejects.toThrow(TypeError);
  });

  it('uses one connection for calls that follow each other, and a new one after a pause', async () => {
    const { url, sockets } = await serve((_request, response) => void response.end('ok'));
    const fetch = local();
    await (await fetch(url)).text();
    await (await fetch(url)).text();
    expect(sockets.size).toBe(1);
    clock.advance(5_000);

    await (await fetch(url)).text();

    expect(sockets.size).toBe(2);
  });
});

describe('guarded fetch: outside the local hub', () => {
  const policy = { allowedHosts: ['vendor.example'], isLocal: false };

  it('refuses what the policy refuses, before any socket', async () => {
    const { url, sockets } = await serve((_request, response) => void response.end('inside'));
    const fetch = guardedFetch({ policy, clock, timeoutMs: 5_000 });

    await expect(fetch(url)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(fetch('https://169.254.169.254/')).rejects.toMatchObject({ code: 'invalid_input' });

    expect(sockets.size).toBe(0);
  });

  it('connects to no allowed name that leads inside', async () => {
    const lookup = guardedLookup((_host, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]),
    );
    const fetch = guardedFetch({ policy, clock, lookup, timeoutMs: 5_000 });

    await expect(fetch('https://vendor.example/')).rejects.toMatchObject({
      cause: { code: 'invalid_input' },
    });
  });
});
