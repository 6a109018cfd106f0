import { createHash, createHmac } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRequest } from '@aws-sdk/types';
import { afterEach, describe, expect, it } from 'vitest';
import { awsHttp } from '../../../../shared/adapters/aws/http.ts';
import { sha256 } from '../../../../shared/adapters/aws/sha256.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function served(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const asked = (port: number, body: Uint8Array, over: Partial<HttpRequest> = {}): HttpRequest => ({
  protocol: 'http:',
  hostname: '127.0.0.1',
  port,
  method: 'POST',
  path: '/',
  query: {},
  headers: { 'content-length': String(body.byteLength) },
  body,
  ...over,
});

describe('the way to AWS', () => {
  it('takes any bytes there and back unchanged, with path, query and header', async () => {
    const port = await served((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(201, { 'x-asked': `${request.method} ${request.url}` });
        for (const chunk of chunks) response.write(chunk);
        response.end(Buffer.from('é'));
      });
    });
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);

    const { response } = await awsHttp().handle(asked(port, body, { path: '/a', query: { b: 'c d' } }));

    expect(response).toMatchObject({ statusCode: 201, headers: { 'x-asked': 'POST /a?b=c+d' } });
    expect(Buffer.from(response.body)).toEqual(Buffer.concat([body, Buffer.from('é')]));
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['drops the connection', (request) => request.socket.destroy()],
    [
      'stops in the middle of its answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('half', () => request.socket.destroy());
      },
    ],
  ])('names an endpoint that %s as what the SDK tries again', async (_, listener) => {
    const port = await served(listener);
    const http = awsHttp({ connectionMs: 1_000, answerMs: 50 });

    await expect(http.handle(asked(port, Buffer.from('{}')))).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('names an endpoint that is not there as what the SDK tries again', async () => {
    await expect(awsHttp().handle(asked(1, Buffer.from('{}')))).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'ECONNREFUSED',
    });
  });

  it('gives a call up when told to', async () => {
    const port = await served(() => {});
    const abortSignal = { aborted: false, onabort: null as (() => void) | null };

    const call = awsHttp().handle(asked(port, Buffer.from('{}')), { abortSignal } as never);
    abortSignal.onabort?.();

    await expect(call).rejects.toThrow('given up');
  });
});

describe('SHA-256 for signing', () => {
  const digest = async (secret: string | Uint8Array | undefined, ...parts: (string | Uint8Array)[]) => {
    const made = new sha256(secret as never);
    for (const part of parts) made.update(part as Uint8Array);
    return Buffer.from(await made.digest()).toString('hex');
  };

  it('is what node:crypto says, keyed or not, in one piece or several', async () => {
    const bytes = new Uint8Array([0, 255, 7]);
    const hashed = createHash('sha256').update('aü').update(bytes).digest('hex');
    const keyed = createHmac('sha256', 'key').update('aü').update(bytes).digest('hex');

    expect(await digest(undefined, 'aü', bytes)).toBe(hashed);
    expect(await digest('key', 'aü', bytes)).toBe(keyed);
    expect(await digest(Buffer.from('key'), 'aü', bytes)).toBe(keyed);
    expect(await digest(undefined)).toBe(createHash('sha256').digest('hex'));
  });

  it('keeps no key for ever, and mixes none up', async () => {
    for (let n = 0; n < 200; n++) {
      expect(await digest(`key ${n}`, 'x')).toBe(createHmac('sha256', `key ${n}`).update('x').digest('hex'));
    }
    const made = new sha256('key 1');
    made.update(Buffer.from('y'));
    made.reset();
    made.update(Buffer.from('x'));

    expect(Buffer.from(await made.digest()).toString('hex')).toBe(await digest('key 1', 'x'));
  });
});
