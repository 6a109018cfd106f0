import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedLookup, guardedTransfer } from '../../../shared/connections/index.ts';
import { virtualClock } from '../../memory/index.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clock = virtualClock();
const transfer = (over = {}) =>
  guardedTransfer({ policy: { allowedHosts: [], isLocal: true }, clock, silenceMs: 5_000, ...over });
const PIECE = Buffer.alloc(64 * 1024, 7);
async function* pieces(count: number, onPiece: (at: number) => void = () => {}) {
  for (let at = 0; at < count; at += 1) {
    onPiece(at);
    yield PIECE;
  }
}
const post = (url: string, content: AsyncIterable<Uint8Array>, length: number) =>
  ({ method: 'POST', url, headers: { 'content-type': 'image/png' }, body: { length, content } }) as const;
async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const piece of body) bytes += piece.length;
  return bytes;
}

describe('guarded transfer', () => {
  it('sends a body of told length, and answers with status, headers and body', async () => {
    const url = await serve(async (request, response) => {
      const bytes = await bytesOf(request);
      const {
        'content-length': length,
        'content-type': type,
        'transfer-encoding': chunked,
      } = request.headers;
      response.writeHead(201, { 'x-seen': [request.method, type, length, chunked].join(' ') });
      response.end(String(bytes));
    });

    const answer = await transfer()(post(url, pieces(20), 20 * PIECE.length));

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-seen')).toBe(`POST image/png ${20 * PIECE.length}`);
    expect(await bytesOf(answer.body)).toBe(String(20 * PIECE.length).length);
  });

  it('asks the source for no more than the vendor takes', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const url = await serve((request) => {
      request.pause();
      void closed.then(() => request.socket.destroy());
    });
    let asked = 0;
    const never = transfer({ silenceMs: 300 });

    const call = never(
      post(
        url,
        pieces(1_000, (at) => (asked = at)),
        1_000 * PIECE.length,
      ),
    );

    await expect(call).rejects.toThrow(TypeError);
    // What the sockets of two sides and the kernel hold, of 64 MB.
    expect(asked).toBeLessThan(400);
    close();
  });

  it('takes from the vendor no more than is read', async () => {
    let sent = 0;
    const url = await serve((_request, response) => {
      const more = () => {
        while (sent < 1_000) {
          sent += 1;
          if (!response.write(PIECE)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });

    const { body } = await transfer()({ method: 'GET', url, headers: {} });
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    const early = sent;
    let rest = 0;
    for await (const piece of { [Symbol.asyncIterator]: () => iterator }) rest += piece.length;

    expect(early).toBeLessThan(400);
    expect(sent).toBe(1_000);
    expect(rest).toBeGreaterThan(900 * PIECE.length);
  });

  it.each([
    ['shorter', 19],
    ['longer', 21],
  ])('ends without a whole request when the body is %s than told', async (_, count) => {
    const { promise: ended, resolve } = Promise.withResolvers<boolean>();
    const url = await serve((request) => {
      request.resume().on('close', () => resolve(request.complete));
    });

    const call = transfer()(post(url, pieces(count), 20 * PIECE.length));

    await expect(call).rejects.toThrow(TypeError);
    expect(await ended).toBe(false);
  });

  it('fails with what the source failed of', async () => {
    const url = await serve((request) => void request.resume());
    const lost = new Error('the source is away');

    const call = transfer()(
      post(
        url,
        pieces(20, (at) => {
          if (at === 10) throw lost;
        }),
        20 * PIECE.length,
      ),
    );

    await expect(call).rejects.toMatchObject({ name: 'TypeError', cause: lost });
  });

  it('takes an answer that comes before the body is through', async () => {
    const url = await serve((_request, response) => void response.writeHead(413).end('too much'));

    const answer = await transfer()(post(url, pieces(2_000), 2_000 * PIECE.length));

    expect(answer.status).toBe(413);
  });

  it('fails while it is read when the answer is cut off', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy());
    });

    const { body } = await transfer()({ method: 'GET', url, headers: {} });

    await expect(bytesOf(body)).rejects.toThrow(TypeError);
  });

  it('gives up on silence, before the answer and within it', async () => {
    const mute = await serve(() => {});
    const stuck = await serve((_request, response) => void response.writeHead(200).write('first'));
    const impatient = transfer({ silenceMs: 100 });

    await expect(impatient({ method: 'GET', url: mute, headers: {} })).rejects.toThrow(TypeError);
    const { body } = await impatient({ method: 'GET', url: stuck, headers: {} });

    await expect(bytesOf(body)).rejects.toThrow(TypeError);
  });

  it('follows no redirect', async () => {
    const url = await serve((_request, response) => void response.writeHead(302, { location: '/x' }).end());

    const answer = await transfer()({ method: 'GET', url, headers: {} });

    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/x']);
  });
});

describe('guarded transfer: outside the local hub', () => {
  const policy = { allowedHosts: ['files.vendor.example'], isLocal: false };
  const get = (url: string) => ({ method: 'GET', url, headers: {} }) as const;

  it('refuses what the policy refuses, and asks the source for nothing', async () => {
    let asked = 0;
    const refuse = transfer({ policy });
    const counted = () => pieces(1, () => (asked += 1));

    await expect(refuse(post('https://else.example/', counted(), 1))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(refuse(get('http://files.vendor.example/'))).rejects.toMatchObject({
      code: 'invalid_input',
    });

    expect(asked).toBe(0);
  });

  it('connects to no allowed name that leads inside', async () => {
    const lookup = guardedLookup((_host, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]),
    );

    await expect(transfer({ policy, lookup })(get('https://files.vendor.example/'))).rejects.toMatchObject({
      cause: { code: 'invalid_input' },
    });
  });
});
