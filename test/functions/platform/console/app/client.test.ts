import { describe, expect, it } from 'vitest';
import {
  apiClient,
  nameBook,
  readAll,
  readPages,
} from '../../../../../functions/platform/console/app/src/client.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function hub(answers: readonly Response[]) {
  const seen: Seen[] = [];
  let signedOut = 0;
  const ask: typeof fetch = async (path, init) => {
    seen.push({
      path: String(path),
      body: init?.body,
      method: init?.method ?? '',
      headers: init?.headers as Record<string, string>,
    });
    return answers[seen.length - 1] as Response;
  };
  const client = apiClient('token', ask, () => {
    signedOut += 1;
  });
  return { client, seen, signedOut: () => signedOut };
}

describe('console client of /v1', () => {
  it('sends the token in the header', async () => {
    const { client, seen } = hub([Response.json({ id: 1 })]);

    expect(await client.get('/v1/tickets')).toEqual({ id: 1 });
    expect(seen[0]).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer token' } });
  });

  it('asks only for what changed since it last looked', async () => {
    const first = Response.json({ id: 1 }, { headers: { etag: '"a"' } });
    const { client, seen } = hub([first, new Response(null, { status: 304 })]);

    await client.get('/v1/tickets');

    expect(await client.get('/v1/tickets')).toEqual({ id: 1 });
    expect(seen[1]?.headers['if-none-match']).toBe('"a"');
  });

  it('throws the detail of a problem', async () => {
    const { client } = hub([
      Response.json({ title: 'Conflict', detail: 'it was replayed' }, { status: 409 }),
    ]);

    await expect(client.post('/v1/parked/1/replay')).rejects.toMatchObject({
      status: 409,
      message: 'it was replayed',
    });
  });

  it('throws the title where there is no detail', async () => {
    const { client } = hub([Response.json({ title: 'Internal Server Error' }, { status: 500 })]);

    await expect(client.get('/v1/tickets')).rejects.toThrow('Internal Server Error');
  });

  it('sends a deed with its key', async () => {
    const { client, seen } = hub([Response.json({ id: 't1' })]);

    expect(await client.post('/v1/tickets/t1/conflicts/c1/restore', 'k')).toEqual({ id: 't1' });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      headers: { 'idempotency-key': 'k', authorization: 'Bearer token' },
    });
  });

  it('signs out when the hub no longer takes the token', async () => {
    const { client, signedOut } = hub([Response.json({ title: 'Unauthorized' }, { status: 401 })]);

    await expect(client.get('/v1/tickets')).rejects.toMatchObject({ status: 401 });
    expect(signedOut()).toBe(1);
  });

  it('reads as many pages as somebody asked for, and says whether there are more', async () => {
    const { client } = hub([
      Response.json({ items: [1, 2], next: 'n' }),
      Response.json({ items: [3, 4], next: 'm' }),
      Response.json({ items: [5] }),
    ]);

    expect(await readPages(client, '/v1/x', { limit: 2, pages: 2 })).toEqual({
      items: [1, 2, 3, 4],
      hasMore: true,
    });
    expect(await readPages(client, '/v1/x', { limit: 2, pages: 2 })).toEqual({ items: [5], hasMore: false });
  });

  it('reads a list page by page', async () => {
    const { client, seen } = hub([
      Response.json({ items: [1, 2], next: 'n' }),
      Response.json({ items: [3] }),
    ]);

    expect(await readAll(client, '/v1/parked')).toEqual([1, 2, 3]);
    expect(seen.map(({ path }) => path)).toEqual(['/v1/parked?limit=100', '/v1/parked?limit=100&cursor=n']);
  });
});

describe('console names of connections', () => {
  const list = () => Response.json({ items: [{ id: 'c1', name: 'Support' }] });

  it('are asked for again only after half a minute', async () => {
    let nowMs = 0;
    const { client, seen } = hub([list(), list()]);
    const names = nameBook(client, () => nowMs);

    expect((await names()).get('c1')).toBe('Support');
    nowMs = 29_999;
    await names();
    expect(seen).toHaveLength(1);
    nowMs = 30_000;
    await names();

    expect(seen).toHaveLength(2);
  });

  it('are asked for again after a failure', async () => {
    const { client } = hub([Response.json({ title: 'Service Unavailable' }, { status: 503 }), list()]);
    const names = nameBook(client, () => 0);

    await expect(names()).rejects.toMatchObject({ status: 503 });
    expect((await names()).get('c1')).toBe('Support');
  });
});
