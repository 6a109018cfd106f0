import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Json, SlackMethodError } from './methods/context.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json | string;
}

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Cuts the connection instead of answering. */
  readonly cut: () => void;
}

export type Serve = (request: Request) => Promise<Answer | 'cut'>;
/** Takes a request whose body is no small text, or leaves it. */
export type Stream = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** Binds loopback only: a sandbox is nobody else's business. */
export async function listen(port: number, serve: Serve, stream: Stream = () => false): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    if (!stream(incoming, outgoing)) void answer(incoming, outgoing, serve);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, serve: Serve): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const request: Request = {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://127.0.0.1'),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    cut: () => incoming.socket.destroy(),
  };
  const result = await serve(request).catch(
    (error: unknown): Answer => ({
      status: 500,
      body: { ok: false, error: 'internal_error', detail: String(error) },
    }),
  );
  if (result === 'cut') {
    request.cut();
    return;
  }
  const isText = typeof result.body === 'string';
  const text = isText ? (result.body as string) : JSON.stringify(result.body);
  outgoing.writeHead(result.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...result.headers,
  });
  outgoing.end(text);
}

/** Form-encoded or JSON arguments, and those of the query: docs.slack.dev/apis/web-api (Basic) */
export function argumentsOf(request: Request): Record<string, unknown> {
  const query = Object.fromEntries(request.url.searchParams);
  if (request.body === '') return query;
  const type = request.headers['content-type'] ?? '';
  if (type === '') throw new SlackMethodError('missing_post_type');
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { ...query, ...Object.fromEntries(new URLSearchParams(request.body)) };
  }
  if (!type.startsWith('application/json')) throw new SlackMethodError('invalid_post_type');
  const parsed = json(request.body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SlackMethodError('json_not_object');
  }
  return { ...query, ...(parsed as Record<string, unknown>) };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SlackMethodError('invalid_json');
  }
}
