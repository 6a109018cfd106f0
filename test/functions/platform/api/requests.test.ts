import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';

const token = tokenOf('acme');
let hub: MemoryHub;
let id: string;

beforeEach(async () => {
  hub = await memoryHub();
  await hub.says(await hub.connect('acme', 'slack'), { text: 'hello' });
  id = await hub.onlyTicket('acme');
});

const commented = (raw: string, headers: Record<string, string> = {}) =>
  hub.ask({
    method: 'POST',
    path: `/v1/tickets/${id}/comments`,
    token,
    raw,
    headers: { 'idempotency-key': 'k', ...headers },
  });

describe('who is calling (RFC 6750 §3)', () => {
  it('says only that a token is needed when there is none', async () => {
    const { status, headers, body } = await hub.ask({ path: '/v1/tickets' });

    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="deskbridge"');
    expect(body).toMatchObject({ code: 'not_authentic', status: 401 });
  });

  it('says that a token is not valid', async () => {
    const { status, headers } = await hub.ask({ path: '/v1/tickets', token: 'rubbish' });

    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="deskbridge", error="invalid_token", error_description="the token is not valid here"',
    );
  });

  it('names the scope that is missing, before it looks at anything else', async () => {
    const poor = tokenOf('acme', 'tickets:read');
    const { status, headers } = await hub.ask({
      method: 'PATCH',
      path: `/v1/tickets/${id}`,
      token: poor,
      raw: '{',
    });

    expect(status).toBe(403);
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="deskbridge", error="insufficient_scope", scope="tickets:write"',
    );
  });

  it('never takes the organization from the request', async () => {
    const { body } = await hub.ask({
      path: '/v1/tickets',
      token: tokenOf('globex'),
      headers: { 'x-org': 'acme' },
    });

    expect(body.items).toEqual([]);
  });
});

describe('malformed requests (RFC 9457)', () => {
  it.each([
    ['{', ''],
    ['', ''],
    ['"text"', ''],
    ['[]', ''],
    ['null', ''],
    ['{"body":1}', '/body'],
    ['{"body":"x","visibility":"Public"}', '/visibility'],
    ['{"body":"x","organization":"globex"}', '/organization'],
    ['{"visibility":"public"}', '/body'],
  ])('answers 400 to %s and names the field', async (raw, pointer) => {
    const { status, headers, body } = await commented(raw);

    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', code: 'invalid_input', status: 400 });
    expect(body.pointer).toBe(pointer);
  });

  it('names a wrong field before a missing header', async () => {
    const path = `/v1/tickets/${id}/comments`;

    const { body } = await hub.ask({ method: 'POST', path, token, body: { body: 7 } });

    expect(body.pointer).toBe('/body');
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=many', '/limit'],
    ['status=done', '/status'],
    ['cursor=', '/cursor'],
    ['cursor=rubbish', '/cursor'],
    ['cursor=WyJnbG9iZXgjdGlja2V0cyIsIngiXQ', '/cursor'],
    ['stauts=open', '/stauts'],
  ])('answers 400 to the query %s and names the parameter', async (query, pointer) => {
    const { status, body } = await hub.ask({ path: `/v1/tickets?${query}`, token });

    expect(status).toBe(400);
    expect(body.pointer).toBe(pointer);
  });

  it.each(['tickets', 'conversations', 'parked', 'audit'])(
    'refuses a cursor /v1/%s never gave',
    async (list) => {
      const { status, body } = await hub.ask({ path: `/v1/${list}?cursor=rubbish`, token });

      expect(status).toBe(400);
      expect(body.pointer).toBe('/cursor');
    },
  );

  it('refuses a body that is not JSON by its own account', async () => {
    expect(await commented('body=x', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await commented('{"body":"x"}', { 'content-type': 'application/vnd.api+json' })).toMatchObject({
      status: 201,
    });
  });

  it('refuses a body that is too large, before it reads it', async () => {
    const { status, body } = await commented(`{"body":"${'x'.repeat(300_000)}"}`);

    expect(status).toBe(413);
    expect(body.code).toBe('too_large');
  });

  it('refuses JSON nested deeper than anybody needs', async () => {
    const { status } = await commented(`{"body":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);

    expect(status).toBe(400);
  });
});

describe('addresses', () => {
  it('answers 405 with the methods a path takes', async () => {
    const { status, headers, body } = await hub.ask({ method: 'DELETE', path: `/v1/tickets/${id}`, token });

    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, PATCH');
    expect(body.code).toBe('method_not_allowed');
  });

  it('answers 404 where there is no route', async () => {
    expect(await hub.ask({ path: '/v1/users', token })).toMatchObject({ status: 404 });
  });

  it.each([
    ['/v1/tickets/', ''],
    ['/v1/connections/', ''],
    ['/v1/tickets/', '/timeline'],
    ['/v1/parked/', '/replay'],
  ])(
    'answers an id under %s…%s that is longer than any with 404, not as a failure',
    async (before, after) => {
      const method = after === '/replay' ? 'POST' : 'GET';
      const { status } = await hub.ask({ method, path: `${before}${'x'.repeat(3_000)}${after}`, token });

      expect(status).toBe(404);
    },
  );

  it('serves its own document and the schemas of its events to anybody', async () => {
    const document = await hub.ask({ path: '/openapi.json' });
    const schemas = await hub.ask({ path: '/v1/events/schemas' });

    expect(document.body.openapi).toBe('3.1.0');
    expect(Object.keys(schemas.body)).toEqual(Object.keys(document.body.webhooks));
  });
});

describe('failures of the hub itself', () => {
  it('say nothing of the reason, which is logged without content', async () => {
    const broken = await memoryHub();
    broken.platform.stores.records.page = async () => {
      throw new Error('secret-table-name is gone');
    };

    const { status, text } = await broken.ask({ path: '/v1/tickets', token });

    expect(status).toBe(500);
    expect(text).not.toContain('secret-table-name');
    expect(broken.telemetry.logs).toContainEqual(
      expect.objectContaining({
        level: 'error',
        subject: { correlation: 'r1' },
        facts: { code: 'unexpected', place: expect.stringMatching(/^requests\.test\.ts:\d+:\d+$/) },
      }),
    );
    expect(JSON.stringify(broken.telemetry.logs)).not.toContain('secret-table-name');
  });
});
