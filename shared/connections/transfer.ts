import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Transfer, TransferRequest, TransferResponse } from '../ports/index.ts';
import { checkUrl } from './egress.ts';
import { headersOf } from './fetch.ts';
import { Agents, type SocketOptions } from './sockets.ts';

export interface GuardedTransferOptions extends SocketOptions {
  /** Longest without a byte either way; a vendor that has taken a gigabyte may think about it for a while. */
  readonly silenceMs: number;
}

/** A call out for whole files: the same doors as `guardedFetch`, and no more of a body in memory than a socket holds. */
export function guardedTransfer(options: GuardedTransferOptions): Transfer {
  const agents = new Agents(options);
  return async (request) => {
    const url = checkUrl(request.url, options.policy);
    return await exchange(url, request, { agent: agents.for(url), timeout: options.silenceMs });
  };
}

function exchange(
  url: URL,
  { method, headers, body }: TransferRequest,
  options: { agent: http.Agent; timeout: number },
): Promise<TransferResponse> {
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const transport = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const call = transport.request(url, { method, headers: { ...headers, ...length }, ...options });
    const fail = (cause: unknown) => reject(failed(cause));
    call.on('timeout', () => call.destroy(new Error(`silent for ${options.timeout} ms`)));
    call.on('error', fail);
    call.on('response', (answer) =>
      resolve({ status: answer.statusCode ?? 502, headers: headersOf(answer), body: pieces(answer) }),
    );
    if (body === undefined) call.end();
    // A vendor that refuses early answers before it has heard all: its answer stands, whatever becomes of the rest.
    else pipeline(Readable.from(exactly(body), { objectMode: false }), call).catch(fail);
  });
}

/** What was announced, or nothing: the last piece waits until the source has ended, or a torn file would pass for whole. */
async function* exactly({
  length,
  content,
}: NonNullable<TransferRequest['body']>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > length) break;
    if (held !== undefined) yield held;
    held = piece;
  }
  if (bytes !== length) throw new RangeError(`saw another length than the ${length} bytes announced`);
  if (held !== undefined) yield held;
}

async function* pieces(answer: http.IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* answer as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw failed(cause);
  }
}

const failed = (cause: unknown): TypeError => new TypeError('transfer failed', { cause });
