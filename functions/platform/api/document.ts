import { isGuarded, type Route, SCOPES, type Schema } from './call.ts';
import { routes } from './routes.ts';
import { EVENT_TYPES, eventName } from './schemas/events.ts';
import { COMPONENTS } from './schemas/index.ts';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const REASONS: Readonly<Record<string, string>> = {
  400: 'The request is malformed; `errors` names the field',
  401: 'No valid token (RFC 6750)',
  403: 'The token lacks the scope (RFC 6750)',
  404: 'No such thing in your organization',
  409: 'The request does not fit the present state',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'The idempotency key was used for another request',
  429: 'Too much at once; `Retry-After` says when to come back',
  500: 'The hub failed; its operator can see why',
  503: 'Try again later',
};

function json(name: string): Schema {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function parametersOf(route: Route): readonly Schema[] {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema })),
    ...(isGuarded(route) && route.isIdempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ];
}

function failuresOf(route: Route): readonly string[] {
  if (!isGuarded(route)) return [];
  const hasInput = route.body !== undefined || route.query !== undefined;
  return [
    ...(hasInput ? ['400'] : []),
    '401',
    '403',
    ...(route.path.includes('{') ? ['404'] : []),
    ...(route.method === 'GET' ? [] : ['409']),
    ...(route.body === undefined ? [] : ['413', '415']),
    ...(route.isIdempotent ? ['422', '429'] : []),
    '500',
    '503',
  ];
}

/** `GET /v1/tickets/{ticket}` → `getV1TicketsTicket`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/\W+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

function operationOf(route: Route): Schema {
  const { status, schema } = route.answer;
  const success = { description: route.summary, ...(schema === undefined ? {} : { content: json(schema) }) };
  const body = isGuarded(route) ? route.body : undefined;
  return {
    summary: route.summary,
    operationId: operationId(route),
    security: isGuarded(route) ? [{ issuer: [route.scope] }] : [],
    parameters: parametersOf(route),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      [status]: success,
      ...Object.fromEntries(
        failuresOf(route).map((code) => [code, { description: REASONS[code], content: PROBLEM }]),
      ),
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
      description: 'Conversations, tickets and connections of one organization: the one the token names.',
    },
    servers: [{ url: publicUrl }],
    paths: pathsOf(),
    webhooks: Object.fromEntries(EVENT_TYPES.map((type) => [type, webhookOf(type)])),
    components: {
      schemas: COMPONENTS,
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description: 'draft-ietf-httpapi-idempotency-key-header-07; remembered for 24 hours.',
          schema: { type: 'string', minLength: 1, maxLength: 257 },
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
