import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpFront, startHttpFront } from '../../../../bin/local/http-api/front.ts';
import type { InvocationResult } from '../../../../bin/local/lambda/function-spec.ts';

let front: HttpFront;
let url: string;
let lastEvent: Record<string, unknown> & { headers: Record<string, string> };
let next: unknown = { statusCode: 204 };

beforeAll(async () => {
  front = await startHttpFront(0);
  url = `http://127.0.0.1:${front.port}`;
});
afterAll(() => front.close());

async function target(event: string): Promise<InvocationResult> {
  lastEvent = JSON.parse(event);
  if (next === 'failure') {
    return { outcome: 'failed', how: 'handler', errorType: 'Error', errorMessage: 'secret inner workings' };
  }
  return { outcome: 'answered', payload: typeof next === 'string' ? next : JSON.stringify(next) };
}

function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
  path = '/in/x',
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers,
  });
}

describe('before anything is deployed', () => {
  it('says that it cannot serve yet', async () => {
    const answer = await fetch(url);

    expect(answer.status).toBe(503);
    front.serve([{ key: 'ANY /in/{name}', target }]);
  });
});

describe('the event of a request, payload format 2.0', () => {
  it('carries path, query, headers and cookies as API Gateway does', async () => {
    const path = '/in/a%20b?tag=x&tag=y&empty=';
    await fetch(url + path, { headers: { 'X-Mixed-Case': 'Kept', cookie: 'a=1; b=2' } });

    expect(lastEvent).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /in/{name}',
      rawPath: '/in/a b',
      rawQueryString: 'tag=x&tag=y&empty=',
      queryStringParameters: { tag: 'x,y', empty: '' },
      pathParameters: { name: 'a b' },
      cookies: ['a=1', 'b=2'],
      isBase64Encoded: false,
      requestContext: { http: { method: 'GET', path: '/in/a b', sourceIp: '127.0.0.1' }, stage: '$default' },
    });
    expect(lastEvent.requestContext).toMatchObject({
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
    });
    expect(lastEvent.headers).toMatchObject({ 'x-mixed-case': 'Kept' });
    expect(lastEvent.headers).not.toHaveProperty('cookie');
    expect(lastEvent).not.toHaveProperty('body');
  });

  it('joins a repeated header by a comma', async () => {
    await new Promise((resolve) => {
      request(`${url}/in/x`, { headers: { 'X-Many': ['1', '2'] } }, (response) => {
        response.resume().on('end', resolve);
      }).end();
    });

    expect(lastEvent.headers['x-many']).toBe('1,2');
  });

  it.each([
    ['application/json', '{"a":"ü"}', '{"a":"ü"}', false],
    ['text/plain; charset=utf-8', 'hello', 'hello', false],
    ['application/vnd.api+json', '{}', '{}', false],
    ['application/x-www-form-urlencoded', 'a=1', Buffer.from('a=1').toString('base64'), true],
    ['application/json', gzipSync('x'), gzipSync('x').toString('base64'), true],
  ])('encodes a body of %s only where it must', async (type, sent, body, isBase64Encoded) => {
    await post(sent, { 'content-type': type });

    expect(lastEvent).toMatchObject({ body, isBase64Encoded });
  });
});

describe('the answer to a request', () => {
  it('is what the function returned, cookies and binary bodies included', async () => {
    const body = Buffer.from([0, 255, 1]);
    next = {
      statusCode: 201,
      headers: { 'X-Answer': 'yes' },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: body.toString('base64'),
      isBase64Encoded: true,
    };

    const answer = await post('{}');

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-answer')).toBe('yes');
    expect(answer.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(body);
  });

  it('is JSON with status 200 where the function returned no status', async () => {
    next = { plain: true };

    const answer = await post('{}');

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ plain: true });
  });

  it.each([['failure'], ['not json'], [{ statusCode: 'many' }]])('is a bare 500 for %j', async (returned) => {
    next = returned;

    const answer = await post('{}');

    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('{"message":"Internal Server Error"}');
  });

  it('is 404 where there is no route', async () => {
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });

  it.each([
    ["the API's own limit of 10 MB", 10 * 1024 * 1024 + 1],
    ["Lambda's limit of 6 MB, once encoded", 5 * 1024 * 1024],
  ])('is 413 past %s', async (_which, bytes) => {
    next = { statusCode: 204 };

    const answer = await post(Buffer.alloc(bytes, 255), { 'content-type': 'application/octet-stream' });

    expect(answer.status).toBe(413);
  });
});
