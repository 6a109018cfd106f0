import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { HubError, NotFoundError } from '../../../shared/errors.ts';
import { gatewayResult } from '../../../shared/http/gateway.ts';
import { json } from '../../../shared/http/respond.ts';
import type { RawResponse } from '../../../shared/ports/index.ts';
import { type Answer, type AnyRoute, isGuarded, type Route } from './call.ts';
import type { GateDeps } from './deps.ts';
import { match } from './match.ts';
import { IdempotencyKeyReusedError, problemOf, refusal } from './problem.ts';
import { MediaTypeError, readCall } from './request.ts';

type Result = APIGatewayProxyStructuredResultV2;

async function perform<Deps extends GateDeps>(
  event: APIGatewayProxyEventV2,
  route: Route<Deps>,
  path: Record<string, string>,
  deps: Deps,
) {
  if (isGuarded(route)) return route.action(await readCall(event, route, path, deps), deps);
  return route.action({ query: event.queryStringParameters ?? {}, cookies: event.cookies ?? [] }, deps);
}

/** RFC 9110 §13.1.2: a console that polls pays for a body only when something changed. */
function respond(event: APIGatewayProxyEventV2, answer: Answer): Result {
  const { status, body, headers, cookies } = answer;
  if (body === undefined) return { statusCode: status, headers: { 'cache-control': 'no-store', ...headers } };
  const response = json(status, body, { 'x-content-type-options': 'nosniff', ...headers });
  const extra = cookies === undefined ? {} : { cookies: [...cookies] };
  if (event.requestContext.http.method !== 'GET') return { ...gatewayResult(response), ...extra };
  return gatewayResult(withTag(response, event.headers['if-none-match']));
}

function withTag(response: RawResponse, known: string | undefined): RawResponse {
  const etag = `"${createHash('sha256').update(response.body).digest('base64url').slice(0, 22)}"`;
  const headers = { ...response.headers, etag };
  return known === etag ? { status: 304, headers, body: '' } : { ...response, headers };
}

/** Where it was thrown: a message may hold content and is never logged, a place in our code may. */
function placeOf(error: unknown): { readonly place?: string } {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = /^\s+at .*?([\w.-]+:\d+:\d+)\)?$/m.exec(stack)?.[1];
  return place === undefined ? {} : { place };
}

function refuse(error: unknown, event: APIGatewayProxyEventV2, deps: GateDeps): Result {
  if (error instanceof MediaTypeError) return gatewayResult(refusal('unsupported_media_type', error.message));
  if (error instanceof IdempotencyKeyReusedError) {
    return gatewayResult(refusal('idempotency_key_reused', error.message));
  }
  const response = problemOf(error);
  if (response.status >= 500) {
    const { requestId: correlation } = event.requestContext;
    const code = error instanceof HubError ? error.code : 'unexpected';
    deps.telemetry.log('error', 'api request failed', { correlation }, { code, ...placeOf(error) });
  }
  return gatewayResult(response);
}

/** `own`: what this function carries out; `all`: what else is at its paths, for whoever uses another method. */
export function api<Deps extends GateDeps>(
  deps: Deps,
  own: readonly Route<Deps>[],
  all: readonly AnyRoute[] = own,
) {
  return middy<APIGatewayProxyEventV2, Result>().handler(
    async (event: APIGatewayProxyEventV2): Promise<Result> => {
      const { method } = event.requestContext.http;
      const matched = match(own, method, event.rawPath);
      try {
        if (matched.found === 'route') {
          return respond(event, await perform(event, matched.route, matched.path, deps));
        }
        const known = match(all, method, event.rawPath);
        if (known.found !== 'path') throw new NotFoundError('there is no such route');
        const allow = known.allow.join(', ');
        return gatewayResult(refusal('method_not_allowed', `use ${allow}`, { allow }));
      } catch (error) {
        return refuse(error, event, deps);
      }
    },
  );
}
