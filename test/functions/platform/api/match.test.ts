import { describe, expect, it } from 'vitest';
import { match } from '../../../../functions/platform/api/match.ts';
import { routes } from '../../../../functions/platform/api/routes.ts';

describe('route table', () => {
  it('finds a route and decodes its parameters', () => {
    const found = match(routes, 'GET', '/v1/tickets/a%2Fb');

    expect(found).toMatchObject({ found: 'route', path: { ticket: 'a/b' } });
  });

  it('prefers no parameter over another: every path has one route per method', () => {
    const names = routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);

    expect(new Set(names).size).toBe(names.length);
  });

  it('names the methods a path takes', () => {
    expect(match(routes, 'DELETE', '/v1/tickets/a')).toEqual({ found: 'path', allow: ['GET', 'PATCH'] });
  });

  it.each([
    '/',
    '/v1',
    '/v1/tickets/',
    '/v1//comments',
    '/v1/tickets/%E0%A4%A',
    '/v1/tickets/a/b/c',
    '/V1/tickets',
  ])('finds nothing at %s', (path) => {
    expect(match(routes, 'GET', path)).toEqual({ found: 'nothing' });
  });
});
