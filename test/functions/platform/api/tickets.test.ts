import { beforeEach, describe, expect, it } from 'vitest';
import { ConflictError } from '../../../../shared/errors.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';

const token = tokenOf('acme');
const keyed = { 'idempotency-key': '"k-1"' };
let hub: MemoryHub;
let slack: Connection;
let salesforce: Connection;

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  salesforce = await hub.connect('acme', 'salesforce');
});

const get = (path: string) => hub.ask({ path, token });
const post = (path: string, body: unknown, headers: Record<string, string> = keyed) =>
  hub.ask({ method: 'POST', path, token, body, headers });
const patch = (path: string, body: unknown, headers: Record<string, string> = keyed) =>
  hub.ask({ method: 'PATCH', path, token, body, headers });

describe('reading tickets and conversations', () => {
  it('shows what a customer wrote as a ticket and as a conversation', async () => {
    await hub.says(slack, { text: 'The pole snapped\nCan you help?' });

    const { body: tickets } = await get('/v1/tickets');
    const { body: conversations } = await get('/v1/conversations');

    expect(tickets).toEqual(conversations);
    expect(tickets.items).toHaveLength(1);
    expect(tickets.items[0]).toMatchObject({ subject: 'The pole snapped', status: 'new', isDeleted: false });
    expect(tickets.items[0].links).toContainEqual(
      expect.objectContaining({ connection: slack.id, facet: 'conversation', integration: 'slack' }),
    );
    expect((await get(`/v1/tickets/${tickets.items[0].id}`)).body).toEqual(tickets.items[0]);
    expect((await get(`/v1/conversations/${tickets.items[0].id}`)).body).toEqual(tickets.items[0]);
  });

  it('lists the messages of a conversation in the order they were said', async () => {
    const threadTs = await hub.says(slack, { text: 'first' });
    await hub.says(slack, { text: 'second', threadTs });
    await hub.says(slack, { text: 'third', threadTs });
    const id = await hub.onlyTicket('acme');

    const { body } = await get(`/v1/conversations/${id}/messages`);

    expect(body.items.map((each: { body: string }) => each.body)).toEqual(['second', 'third']);
    expect(body.items[0]).toMatchObject({ visibility: 'public', author: { role: 'customer' } });
  });

  it('pages with a cursor until nothing is left, each item once', async () => {
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      hub.clock.advance(1_000);
      await hub.says(slack, { text });
    }

    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/v1/tickets?limit=2${cursor}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map((each: { subject: string }) => each.subject));
      cursor = body.next === undefined ? '' : `&cursor=${encodeURIComponent(body.next)}`;
    } while (cursor !== '');

    expect(seen).toEqual(['five', 'four', 'three', 'two', 'one']);
  });

  it.each(['', '&order=asc', '&order=desc'])(
    'pages through comments and through the timeline alike, the first or the last first: %s',
    async (order) => {
      const threadTs = await hub.says(slack, { text: 'first' });
      for (const text of ['a', 'b', 'c']) await hub.says(slack, { text, threadTs });
      const id = await hub.onlyTicket('acme');
      for (const list of ['comments', 'timeline']) {
        const said = (await get(`/v1/tickets/${id}/${list}`)).body.items;
        const first = (await get(`/v1/tickets/${id}/${list}?limit=2${order}`)).body;

        const rest = (await get(`/v1/tickets/${id}/${list}?cursor=${first.next}${order}`)).body;

        expect(first.items).toHaveLength(2);
        expect([...first.items, ...rest.items]).toEqual(order === '&order=desc' ? said.toReversed() : said);
      }
    },
  );

  it('refuses the cursor of one order in the other', async () => {
    const threadTs = await hub.says(slack, { text: 'first' });
    for (const text of ['a', 'b']) await hub.says(slack, { text, threadTs });
    const id = await hub.onlyTicket('acme');
    const { next } = (await get(`/v1/tickets/${id}/comments?limit=1`)).body;

    const { status, body } = await get(`/v1/tickets/${id}/comments?order=desc&cursor=${next}`);

    expect(status).toBe(400);
    expect(body.pointer).toBe('/cursor');
  });

  it('filters by status, filling the page from as many as it takes', async () => {
    for (const text of ['one', 'two', 'three']) await hub.says(slack, { text });
    const { items } = (await get('/v1/tickets')).body;
    await patch(`/v1/tickets/${items[2].id}`, { status: 'solved' });

    const { body } = await get('/v1/tickets?status=solved&limit=1');

    expect(body.items.map((each: { id: string }) => each.id)).toEqual([items[2].id]);
  });

  it('answers 304 to who has seen it already', async () => {
    await hub.says(slack, { text: 'hello' });
    const { headers } = await get('/v1/tickets');

    const again = await hub.ask({
      path: '/v1/tickets',
      token,
      headers: { 'if-none-match': headers.etag as string },
    });

    expect(again).toMatchObject({ status: 304, text: '' });
  });
});

describe('answering and changing tickets', () => {
  let id: string;

  beforeEach(async () => {
    await hub.says(slack, { text: 'hello' });
    id = await hub.onlyTicket('acme');
  });

  it('posts a public reply under its name, for both sides', async () => {
    const { status, body } = await post(`/v1/tickets/${id}/comments`, {
      body: 'On its way',
      visibility: 'public',
      authorName: 'Ada Bot',
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      body: 'On its way',
      visibility: 'public',
      author: { role: 'agent', name: 'Ada Bot' },
    });
    expect(hub.queues.work('slack').size).toBeGreaterThan(0);
  });

  it('makes what says nothing of its visibility an internal note, by the caller', async () => {
    const { body } = await post(`/v1/conversations/${id}/messages`, { body: 'Check the stock' });

    expect(body).toMatchObject({ visibility: 'internal', author: { role: 'agent', name: 'ada' } });
    expect((await get(`/v1/tickets/${id}/comments`)).body.items).toEqual([body]);
  });

  it('changes status, priority and subject', async () => {
    const { status, body } = await patch(`/v1/tickets/${id}`, {
      status: 'solved',
      priority: 'high',
      subject: 'Pole',
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'solved', priority: 'high', subject: 'Pole' });
  });

  it('does the same request once, and answers it the same', async () => {
    const first = await post(`/v1/tickets/${id}/comments`, { body: 'once' });
    const second = await post(`/v1/tickets/${id}/comments`, { body: 'once' });

    expect(second.text).toBe(first.text);
    expect((await get(`/v1/tickets/${id}/comments`)).body.items).toHaveLength(1);
  });

  it('takes a bare key for the same as a quoted one', async () => {
    await post(`/v1/tickets/${id}/comments`, { body: 'once' });
    await post(`/v1/tickets/${id}/comments`, { body: 'once' }, { 'idempotency-key': 'k-1' });

    expect((await get(`/v1/tickets/${id}/comments`)).body.items).toHaveLength(1);
  });

  it('answers 422 to another request under the same key', async () => {
    await post(`/v1/tickets/${id}/comments`, { body: 'one' });

    const { status, body } = await post(`/v1/tickets/${id}/comments`, { body: 'another' });

    expect(status).toBe(422);
    expect(body.code).toBe('idempotency_key_reused');
  });

  it('does not call a key used that was not, when the ticket never stood still', async () => {
    hub.platform.stores.records.commit = async () => {
      throw new ConflictError('somebody else was faster');
    };

    const { status, headers, body } = await post(`/v1/tickets/${id}/comments`, { body: 'one' });

    expect([status, body.code]).toEqual([429, 'rate_limited']);
    expect(headers['retry-after']).toBe('1');
  });

  it('forgets a key after a day', async () => {
    await post(`/v1/tickets/${id}/comments`, { body: 'one' });
    hub.clock.advance(24 * 3_600_000 + 1_000);

    expect((await post(`/v1/tickets/${id}/comments`, { body: 'another' })).status).toBe(201);
  });

  it('keeps the keys of two organizations apart', async () => {
    const other = await hub.connect('globex', 'slack');
    await hub.says(other, { text: 'ours' });
    const theirs = await hub.onlyTicket('globex');
    await post(`/v1/tickets/${id}/comments`, { body: 'one' });

    const path = `/v1/tickets/${theirs}/comments`;
    const { status } = await hub.ask({
      method: 'POST',
      path,
      token: tokenOf('globex'),
      body: { body: 'two' },
      headers: keyed,
    });

    expect(status).toBe(201);
  });

  it.each(['', '"', 'a b', 'x'.repeat(256), '"a","b"'])(
    'demands a usable idempotency key: %j',
    async (key) => {
      const { status, body } = await post(
        `/v1/tickets/${id}/comments`,
        { body: 'x' },
        { 'idempotency-key': key },
      );

      expect(status).toBe(400);
      expect(body.pointer).toBe('/Idempotency-Key');
    },
  );

  it('refuses a change of a deleted ticket like one that never was', async () => {
    const nothing = await patch('/v1/tickets/nope', { status: 'open' });

    expect(nothing.status).toBe(404);
  });
});

describe('the timeline of a ticket', () => {
  it('tells what was said, changed and written, in order', async () => {
    const threadTs = await hub.says(slack, { text: 'The pole snapped' });
    hub.clock.advance(5_000);
    await hub.says(slack, { text: 'Any news?', threadTs });
    const id = await hub.onlyTicket('acme');
    hub.clock.advance(5_000);
    await patch(`/v1/tickets/${id}`, { status: 'open' });

    const { items } = (await get(`/v1/conversations/${id}/timeline`)).body;

    expect(items.map((each: { type: string }) => each.type)).toEqual(
      expect.arrayContaining(['change', 'comment', 'change']),
    );
    const [made] = items;
    expect(made).toMatchObject({ type: 'change', what: 'created', source: slack.id });
    const opened = items.find((each: { fields?: { status?: string } }) => each.fields?.status === 'open');
    expect(opened).toMatchObject({ source: 'hub', actor: 'user:ada', what: 'updated' });
    expect([...items].sort((a, b) => a.at.localeCompare(b.at))).toEqual(items);
    expect(new Set(items.map((each: { id: string }) => each.id)).size).toBe(items.length);
    expect(salesforce.id).toBeDefined();
  });
});
