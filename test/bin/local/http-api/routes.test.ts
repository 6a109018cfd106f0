import { describe, expect, it } from 'vitest';
import { matchRoute } from '../../../../bin/local/http-api/routes.ts';

const routes = [
  '$default',
  'ANY /v1/{proxy+}',
  'GET /v1/tickets',
  'GET /v1/tickets/{ticket}',
  'ANY /v1/tickets/{ticket}',
  'POST /webhooks/slack/{connection}',
  'GET /console',
  'GET /console/{proxy+}',
].map((key) => ({ key, target: key }));

describe('the route an HTTP API picks', () => {
  it.each([
    ['GET', '/v1/tickets', 'GET /v1/tickets', {}],
    ['GET', '/v1/tickets/7', 'GET /v1/tickets/{ticket}', { ticket: '7' }],
    ['PATCH', '/v1/tickets/7', 'ANY /v1/tickets/{ticket}', { ticket: '7' }],
    ['GET', '/v1/tickets/7/comments', 'ANY /v1/{proxy+}', { proxy: 'tickets/7/comments' }],
    ['POST', '/v1/tickets', 'ANY /v1/{proxy+}', { proxy: 'tickets' }],
    ['POST', '/webhooks/slack/a%20b', 'POST /webhooks/slack/{connection}', { connection: 'a b' }],
    ['POST', '/webhooks/slack/%zz', 'POST /webhooks/slack/{connection}', { connection: '%zz' }],
    ['GET', '/console', 'GET /console', {}],
    ['GET', '/console/assets/app.js', 'GET /console/{proxy+}', { proxy: 'assets/app.js' }],
    ['GET', '/console/', 'GET /console/{proxy+}', { proxy: '' }],
    ['POST', '/webhooks/slack/', '$default', {}],
    ['GET', '/elsewhere', '$default', {}],
  ])('for %s %s is %s', (method, path, key, pathParameters) => {
    expect(matchRoute(routes, method, path)).toMatchObject({ route: { key, target: key }, pathParameters });
  });

  it('is none where nothing fits', () => {
    expect(matchRoute(routes.slice(2), 'DELETE', '/elsewhere')).toBeUndefined();
  });
});
