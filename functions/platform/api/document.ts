import { type AnyRoute, isGuarded, SCOPES, type Schema, scopesOf } from './call.ts';
import { routes } from './routes.ts';
import { EVENT_TYPES, eventName } from './schemas/events.ts';
import { COMPONENTS } from './schemas/index.ts';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const REASONS: Readonly<Record<string, string>> = {
  400: 'The request is malformed; `pointer` names the field',
  401: 'No valid token (RFC 6750)',
  403: 'The token lacks the scope (RFC 6750)',
  404: 'No such thing in your organization',
  409: 'The request does not fit the present state',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'The idempotency key was used for another request',
  429: 'Too much at once; `Retry-After` says when to come back',
  500: 'The hub failed; its operator can see why',
  502: 'The vendor refused; `detail` says why',
  503: 'Not now; `Retry-After` says when to come back where the hub knows',
};

interface Header {
  readonly description: string;
  readonly required?: true;
}
const header = ({ description, required }: Header): Schema => ({
  description,
  ...(required === undefined ? {} : { required }),
  schema: { type: 'string' },
});
const CHALLENGE = { 'WWW-Authenticate': header({ description: 'RFC 6750 §3' }) };
const RETRY = { 'Retry-After': header({ description: 'Seconds, RFC 9110 §10.2.3' }) };
const ETAG = { ETag: header({ description: 'Send it back as `If-None-Match`', required: true }) };
const HEADERS: Readonly<Record<string, Schema>> = { 401: CHALLENGE, 403: CHALLENGE, 429: RETRY, 503: RETRY };

function json(name: string): Schema {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function parametersOf(route: AnyRoute): readonly Schema[] {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema })),
    ...(isGuarded(route) && route.isIdempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(isGuarded(route) && route.takesKey ? [{ ...IDEMPOTENCY_KEY, required: false }] : []),
    ...(isTagged(route) ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
  ];
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'draft-ietf-httpapi-idempotency-key-header-07; the caller’s own, remembered for 24 hours. The same key with another request is answered 422.',
  schema: { type: 'string', minLength: 1, maxLength: 257 },
};

/** RFC 9110 §13.1.2: whatever is read with a body can be asked for again at the price of a header. */
const isTagged = ({ method, answer }: AnyRoute): boolean => method === 'GET' && answer.schema !== undefined;

const VENDOR_FAILURES = ['429', '502', '503'];

function failuresOf(route: AnyRoute): readonly string[] {
  const always = ['500', ...(route.asksVendor ? VENDOR_FAILURES : [])];
  if (!isGuarded(route)) return always;
  const isOfField = route.path.includes('{field}');
  const hasInput = route.body !== undefined || route.query !== undefined || route.isIdempotent || isOfField;
  const failures = [
    ...(hasInput ? ['400'] : []),
    '401',
    '403',
    ...(route.path.includes('{') ? ['404'] : []),
    ...(route.method === 'GET' ? [] : ['409']),
    ...(route.body === undefined ? [] : ['413', '415']),
    ...(route.takesKey ? ['422'] : []),
    ...(route.isIdempotent ? ['422', '429'] : []),
    ...always,
    '503',
  ];
  return [...new Set(failures)];
}

/** `GET /v1/tickets/{ticket}` → `getV1TicketsTicket`. */
function operationId({ method, path }: AnyRoute): string {
  const words = path.split(/\W+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

function successOf(route: AnyRoute): Schema {
  const { schema, location } = route.answer;
  const headers = {
    ...(isTagged(route) ? ETAG : {}),
    ...(location === undefined ? {} : { Location: header({ description: location, required: true }) }),
  };
  return {
    description: route.summary,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(schema === undefined ? {} : { content: json(schema) }),
  };
}

function failure(code: string): Schema {
  const headers = HEADERS[code];
  return { description: REASONS[code], content: PROBLEM, ...(headers === undefined ? {} : { headers }) };
}

function operationOf(route: AnyRoute): Schema {
  const body = isGuarded(route) ? route.body : undefined;
  return {
    summary: route.summary,
    operationId: operationId(route),
    security: isGuarded(route) ? [{ issuer: scopesOf(route) }] : [],
    parameters: parametersOf(route),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      [route.answer.status]: successOf(route),
      ...(isTagged(route) ? { 304: { description: 'Nothing has changed', headers: ETAG } } : {}),
      ...Object.fromEntries(failuresOf(route).map((code) => [code, failure(code)])),
    },
  };
}

function pathsOf(): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

function webhookOf(type: string): Schema {
  const content = {
    'application/cloudevents+json': { schema: { $ref: `#/components/schemas/${eventName(type)}` } },
  };
  return {
    post: {
      summary: `The CloudEvent ${type}, as it goes to the event bus`,
      requestBody: { content },
      responses: { 200: { description: 'The bus takes it' } },
    },
  };
}

export function openApiDocument({ publicUrl, issuer }: { publicUrl: string; issuer: string }): Schema {
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Deskbridge',
      version: '1.0.0',
      description: [
        'Conversations, tickets and connections of one organization: the one the token names.',
        'A method that a path does not take is answered 405 with `Allow`, a path that is not here 404;',
        'both with the same problem body as every other refusal.',
      ].join(' '),
    },
    servers: [{ url: publicUrl }],
    paths: pathsOf(),
    webhooks: Object.fromEntries(EVENT_TYPES.map((type) => [type, webhookOf(type)])),
    components: {
      schemas: COMPONENTS,
      parameters: {
        IdempotencyKey: IDEMPOTENCY_KEY,
        IfNoneMatch: {
          name: 'If-None-Match',
          in: 'header',
          description: 'The `ETag` of an earlier answer; 304 without a body where nothing has changed.',
          schema: { type: 'string' },
        },
      },
      securitySchemes: {
        issuer: {
          type: 'openIdConnect',
          openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
          description: Object.entries(SCOPES)
            .map(([scope, meaning]) => `\`${scope}\`: ${meaning}.`)
            .join(' '),
        },
      },
    },
  };
}
