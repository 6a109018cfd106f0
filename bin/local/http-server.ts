import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { TooLargeError } from '../../shared/errors.ts';

/** The port it got; 0 asks for a free one. Nothing of the local hub is ever reachable from outside. */
export function listenOnLoopback(server: NetServer, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** @throws TooLargeError past `limitBytes`; the rest is read and dropped, so that an answer can be sent. */
export function readBody(request: IncomingMessage, limitBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let seenBytes = 0;
  request.on('data', (chunk: Buffer) => {
    seenBytes += chunk.length;
    if (seenBytes <= limitBytes) chunks.push(chunk);
  });
  request.on('end', () => {
    if (seenBytes <= limitBytes) resolve(Buffer.concat(chunks));
    else reject(new TooLargeError(`body of ${seenBytes} bytes, at most ${limitBytes}`));
  });
  request.on('error', reject);
  request.on('close', () => {
    if (!request.readableEnded) reject(new Error('the request was broken off'));
  });
  return promise;
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  contentType = 'application/json',
): void {
  answerText(response, status, JSON.stringify(body), { 'content-type': contentType });
}

/** Its length is told, so that head and body leave in one write; an answer in chunks takes four pieces. */
export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
