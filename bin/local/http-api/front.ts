import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { TooLargeError } from '../../../shared/errors.ts';
import { answerJson, closeServer, listenOnLoopback, readBody } from '../http-server.ts';
import type { InvocationResult } from '../lambda/function-spec.ts';
import { answerOf, requestEvent } from './payload.ts';
import { matchRoute, type Route } from './routes.ts';

export type RouteTarget = (event: string) => Promise<InvocationResult>;

export interface HttpFront {
  readonly port: number;
  /** Until routes are set, everything is 503: the port must be known before the templates can be read. */
  serve(routes: readonly Route<RouteTarget>[]): void;
  close(): Promise<void>;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxBodyBytes = 10 * 1024 * 1024;
const integrationTimeoutMs = 30_000;
/** Lambda's synchronous payload limit, which an encoded body meets before the API's own. */
const maxPayloadBytes = 6 * 1024 * 1024;

export async function startHttpFront(port: number): Promise<HttpFront> {
  let routes: readonly Route<RouteTarget>[] | undefined;
  const server = createServer((request, response) => {
    serve(request, response, routes).catch((error: unknown) => {
      if (error instanceof TooLargeError) refuse(response, 413, 'Request Entity Too Large');
      else refuse(response, 500, 'Internal Server Error');
    });
  });
  const actualPort = await listenOnLoopback(server, port);
  return {
    port: actualPort,
    serve: (given) => {
      routes = given;
    },
    close: () => closeServer(server),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route<RouteTarget>[] | undefined,
): Promise<void> {
  if (routes === undefined) return refuse(response, 503, 'Service Unavailable');
  const body = await readBody(request, maxBodyBytes);
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const match = matchRoute(routes, request.method ?? 'GET', path);
  if (match === undefined) return refuse(response, 404, 'Not Found');
  const event = requestEvent(request, body, match);
  if (Buffer.byteLength(event) > maxPayloadBytes) return refuse(response, 413, 'Request Entity Too Large');
  const result = await orTimeout(match.route.target(event));
  if (result === 'timeout') return refuse(response, 503, 'Service Unavailable');
  const answer = result.outcome === 'answered' ? answerOf(result.payload) : undefined;
  if (answer === undefined) return refuse(response, 500, 'Internal Server Error');
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.writeHead(answer.status, { 'content-length': answer.body.length });
  // As text, so that it leaves with the head in one write.
  response.end(answer.body.toString('latin1'), 'latin1');
}

function orTimeout(invocation: Promise<InvocationResult>): Promise<InvocationResult | 'timeout'> {
  const { promise, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), integrationTimeoutMs);
  return Promise.race([invocation, promise]).finally(() => clearTimeout(timer));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (!response.headersSent) answerJson(response, status, { message });
}
