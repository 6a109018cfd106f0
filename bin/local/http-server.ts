import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TooLargeError } from '../../shared/errors.ts';

/** The port it got; 0 asks for a free one. Nothing of the local hub is ever reachable from outside. */
export function listenOnLoopback(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** @throws TooLargeError past `limitBytes`; the rest is read and dropped, so that an answer can be sent. */
export async function readBody(
  request: IncomingMessage,
  limitBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let seenBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    seenBytes += chunk.length;
    if (seenBytes <= limitBytes) chunks.push(chunk);
  }
  if (seenBytes > limitBytes) throw new TooLargeError(`body of ${seenBytes} bytes, at most ${limitBytes}`);
  return Buffer.concat(chunks);
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  contentType = 'application/json',
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
