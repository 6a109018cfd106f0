import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@aws-sdk/types';

/** An endpoint that hangs costs seconds, not the function's life. */
const TIMES = { connectionMs: 1_000, answerMs: 5_000 };
/** What the SDK's retries know a lost connection by. */
const LOST = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);

const secure = { request, agent: new Agent({ keepAlive: true }) };
const plain = { request: plainRequest, agent: new PlainAgent({ keepAlive: true }) };

/**
 * The way to AWS for services that answer in one small piece: header and body leave in one write, and the
 * answer is handed over whole. The SDK's own handler writes twice, sets four timers and collects the answer
 * through a stream: `npm run bench -- slack` shows what that costs.
 */
export function awsHttp(times: typeof TIMES = TIMES) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (asked: HttpRequest, options: HttpHandlerOptions = {}) => exchange(asked, options, times),
  };
}

function exchange(asked: HttpRequest, { abortSignal }: HttpHandlerOptions, times: typeof TIMES) {
  const { promise, resolve, reject } = Promise.withResolvers<{ response: HttpResponse }>();
  const way = asked.protocol === 'http:' ? plain : secure;
  const settings = { ...target(asked), agent: way.agent, timeout: times.answerMs };
  const outgoing = way.request(settings, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', (error) => reject(named(error)));
    incoming.on('end', () => {
      const { statusCode = 0, headers } = incoming;
      resolve({ response: { statusCode, headers: headers as HttpResponse['headers'], body: whole(chunks) } });
    });
  });
  outgoing.on('error', (error) => reject(named(error)));
  outgoing.on('timeout', () => outgoing.destroy(timedOut(times.answerMs)));
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) return;
    const giveUp = () => outgoing.destroy(timedOut(times.connectionMs));
    const timer = setTimeout(giveUp, times.connectionMs);
    const settled = () => clearTimeout(timer);
    socket.once('connect', settled).once('close', settled);
  });
  if (abortSignal != null) abortSignal.onabort = () => outgoing.destroy(new Error('the call was given up'));
  // Bytes as latin1 text are joined to the header before they are written.
  outgoing.end(bytesOf(asked.body).toString('latin1'), 'latin1');
  return promise;
}

function target({ hostname, port, path, query, method, headers }: HttpRequest): RequestOptions {
  const search = new URLSearchParams(query as Record<string, string> | undefined).toString();
  const asked = { host: hostname, method, headers, path: search === '' ? path : `${path}?${search}` };
  return port === undefined ? asked : { ...asked, port };
}

function bytesOf(body: string | Uint8Array | undefined): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(body ?? '');
}

function whole(chunks: readonly Buffer[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

function timedOut(afterMs: number): Error {
  return Object.assign(new Error(`no answer within ${afterMs} ms`), { name: 'TimeoutError' });
}

function named(error: NodeJS.ErrnoException): Error {
  return LOST.has(error.code ?? '') ? Object.assign(error, { name: 'TimeoutError' }) : error;
}
