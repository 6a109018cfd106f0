import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { HubError, NotFoundError } from '../../../shared/errors.ts';
import { gatewayResult } from '../../../shared/http/gateway.ts';
import { json } from '../../../shared/http/respond.ts';
import type { RawResponse } from '../../../shared/ports/index.ts';
import { type Answer, isGuarded, type Route } from './call.ts';
import type { ApiDeps } from './deps.ts';
import { match } from './match.ts';
import { IdempotencyKeyReusedError, problemOf, refusal } from './problem.ts';
import { MediaTypeError, readCall } from './request.ts';
import { routes } from './routes.ts';

type Result = APIGatewayProxyStructuredResultV2;

async function perform(
  event: APIGatewayProxyEventV2,
  route: Route,
  path: Record<string, string>,
  deps: ApiDeps,
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

function refuse(error: unknown, event: APIGatewayProxyEventV2, deps: ApiDeps): Result {
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

export function api(deps: ApiDeps) {
  return middy<APIGatewayProxyEventV2, Result>().handler(
    async (event: APIGatewayProxyEventV2): Promise<Result> => {
      const { method } = event.requestContext.http;
      const matched = match(routes, method, event.rawPath);
      if (matched.found === 'path') {
        const allow = matched.allow.join(', ');
        return gatewayResult(refusal('method_not_allowed', `use ${allow}`, { allow }));
      }
      try {
        if (matched.found === 'nothing') throw new NotFoundError('there is no such route');
        return respond(event, await perform(event, matched.route, matched.path, deps));
      } catch (error) {
        return refuse(error, event, deps);
      }
    },
  );
}
