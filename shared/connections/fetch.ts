import http from 'node:http';
import https from 'node:https';
import type { Fetch } from '../ports/index.ts';
import { checkUrl } from './egress.ts';
import { Agents, type SocketOptions } from './sockets.ts';

const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

export interface GuardedFetchOptions extends SocketOptions {
  readonly timeoutMs: number;
}

/** `fetch` on node:https, whose sockets take a lookup of our own. Never follows a redirect, knows no proxy. */
export function guardedFetch(options: GuardedFetchOptions): Fetch {
  const agents = new Agents(options);
  return async (input, init) => {
    const request = new Request(input, { ...init, redirect: 'manual' });
    const url = checkUrl(request.url, options.policy);
    const body = Buffer.from(await request.arrayBuffer());
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(options.timeoutMs)]);
    return exchange(url, request, body, { agent: agents.for(url), signal });
  };
}

function exchange(
  url: URL,
  request: Request,
  body: Buffer,
  options: { agent: http.Agent; signal: AbortSignal },
): Promise<Response> {
  const headers: Record<string, string | number> = Object.fromEntries(request.headers);
  if (body.length > 0) headers['content-length'] = body.length;
  const transport = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const call = transport.request(url, { method: request.method, headers, ...options });
    call.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
    call.on('response', (message) => collect(message).then(resolve, reject));
    call.end(body.length > 0 ? body : undefined);
  });
}

async function collect(message: http.IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_RESPONSE_BYTES) throw new RangeError(`answer exceeds ${MAX_RESPONSE_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new TypeError('fetch failed', { cause });
  }
  return response(message, Buffer.concat(chunks));
}

export function headersOf({ rawHeaders }: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}

function response(message: http.IncomingMessage, body: Buffer<ArrayBuffer>): Response {
  const status = message.statusCode ?? 502;
  const headers = headersOf(message);
  // Fetch standard: these statuses may carry no body at all.
  const isBodiless = status === 204 || status === 205 || status === 304;
  return new Response(isBodiless ? null : body, { status, headers, statusText: message.statusMessage ?? '' });
}
