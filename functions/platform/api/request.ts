import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ForbiddenError, InvalidInputError, TooLargeError } from '../../../shared/errors.ts';
import { bodyBytes, rawRequest } from '../../../shared/http/gateway.ts';
import { readJson } from '../../../shared/http/json.ts';
import { nothingThere } from './actions/find-ticket.ts';
import { bearerToken, ScopeError } from './bearer.ts';
import { type Call, type Caller, type GuardedRoute, type Schema, scopesOf } from './call.ts';
import type { GateDeps } from './deps.ts';
import { REQUESTS } from './schemas/index.ts';
import { object } from './schemas/parts.ts';
import { validate } from './validation.ts';

/** Far above the longest comment with its escapes; API Gateway itself would take 10 MB. */
const MAX_BODY_BYTES = 256 * 1024;

/** The body is not JSON by its own account; not the same as JSON that cannot be read. */
export class MediaTypeError extends InvalidInputError {}

async function callerOf(
  event: APIGatewayProxyEventV2,
  route: GuardedRoute<never>,
  deps: GateDeps,
): Promise<Caller> {
  const caller = await deps.verify(bearerToken(event.headers.authorization));
  const missing = scopesOf(route).find((scope) => !caller.scopes.has(scope));
  if (missing !== undefined) throw new ScopeError(missing);
  return caller;
}

async function refuseSwitchedOff({ organization }: Caller, { features }: GateDeps): Promise<void> {
  const states = await features.of(organization);
  if (!states['api-writes'])
    throw new ForbiddenError('your organization has switched changes by the API off');
}

/** One object per route, because validators are kept by schema. */
const querySchemas = new Map<GuardedRoute<never>, Schema>();
function querySchema(route: GuardedRoute<never>): Schema {
  const { query = {} } = route;
  const schema = querySchemas.get(route) ?? object(query, Object.keys(query));
  querySchemas.set(route, schema);
  return schema;
}

function queryOf(event: APIGatewayProxyEventV2, route: GuardedRoute<never>): Call['query'] {
  const query: Record<string, unknown> = { ...event.queryStringParameters };
  validate('parameters', querySchema(route), query);
  return query;
}

/** RFC 6901 §5: the empty pointer names the whole body. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return readJson(bytes);
  } catch (cause) {
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new InvalidInputError(cause.message, { pointer: '', cause });
  }
}

function bodyOf(event: APIGatewayProxyEventV2, route: GuardedRoute<never>): Call['body'] {
  if (route.body === undefined) return {};
  if (bodyBytes(event) > MAX_BODY_BYTES) throw new TooLargeError(`the body is over ${MAX_BODY_BYTES} bytes`);
  const type = event.headers['content-type'] ?? 'application/json';
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type))
    throw new MediaTypeError('the body must be JSON');
  const body = parsed(rawRequest(event).body);
  validate('body', REQUESTS[route.body] as Schema, body);
  return body as Call['body'];
}

/** The header is a structured string (RFC 8941 §3.3.3); a bare token is taken as well. */
function idempotencyKeyOf(event: APIGatewayProxyEventV2, route: GuardedRoute<never>): string {
  const sent = event.headers['idempotency-key']?.trim();
  if (!route.isIdempotent && (sent === undefined || !route.takesKey)) return '';
  const key = /^"?([\x21\x23-\x7e]{1,255}?)"?$/.exec(sent ?? '')?.[1];
  if (key !== undefined) return key;
  throw new InvalidInputError('the header Idempotency-Key must hold up to 255 visible characters', {
    pointer: '/Idempotency-Key',
  });
}

/** Far above any id the hub gives out; the store would refuse such a key as malformed. */
const MAX_ID_LENGTH = 256;

function refuseImpossibleIds(path: Call['path']): void {
  if (Object.values(path).some((id) => id.length > MAX_ID_LENGTH)) throw nothingThere();
}

/**
 * Token and scope first: who may not ask learns nothing about the rest.
 * @throws NotAuthenticError, ForbiddenError, NotFoundError, InvalidInputError, TooLargeError
 */
export async function readCall(
  event: APIGatewayProxyEventV2,
  route: GuardedRoute<never>,
  path: Call['path'],
  deps: GateDeps,
): Promise<Call> {
  const caller = await callerOf(event, route, deps);
  if (route.isIdempotent) await refuseSwitchedOff(caller, deps);
  refuseImpossibleIds(path);
  return {
    caller,
    path,
    query: queryOf(event, route),
    body: bodyOf(event, route),
    idempotencyKey: idempotencyKeyOf(event, route),
    correlation: event.requestContext.requestId,
  };
}
