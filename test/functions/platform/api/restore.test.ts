import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId, Fields, RecordKind } from '../../../../shared/domain/index.ts';
import type { Connection, CopyRef } from '../../../../shared/ports/index.ts';
import { type Answered, type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const token = tokenOf('acme', undefined, 'user:grace');
const MAYA = { kind: 'contact', externalId: 'U0MAYA' as ExternalId } as const;
let hub: MemoryHub;
let slack: Connection;
let chat: PlainVendor;
let desk: PlainVendor;
let ticket: string;

const settleAll = () => settle(hub, { slack: chat, salesforce: desk });

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  await hub.connect('acme', 'salesforce');
  chat = plainVendor('chat', hub.clock);
  desk = plainVendor('desk', hub.clock);
  chat.has(MAYA, { name: 'Maya Chen', email: 'maya@example.com' });
  const threadTs = await hub.says(slack, { text: 'The pole snapped' });
  await hub.says(slack, { text: 'Any news?', threadTs });
  await settleAll();
  ticket = await hub.onlyTicket('acme');
  hub.clock.advance(60_000);
});

interface Conflict {
  readonly id: string;
  readonly [field: string]: unknown;
}

async function conflicts(): Promise<readonly Conflict[]> {
  const { items } = (await hub.ask({ path: `/v1/tickets/${ticket}/timeline?limit=100`, token })).body;
  return items.filter(({ type }: { type: string }) => type === 'conflict');
}

function restore(conflict: string, key = 'k', as = token): Promise<Answered> {
  const path = `/v1/tickets/${ticket}/conflicts/${encodeURIComponent(conflict)}/restore`;
  return hub.ask({ method: 'POST', path, token: as, headers: { 'idempotency-key': key } });
}

const heldOf = (kind: RecordKind) => [...desk.held.values()].find(({ ref }) => ref.kind === kind);

/** An edit at the desk that the hub finds only when it comes to write there: what it brought loses. */
async function editsAtDesk(kind: RecordKind, fields: Fields): Promise<Conflict> {
  const held = heldOf(kind);
  if (held === undefined) throw new Error(`the desk holds no ${kind}`);
  hub.clock.advance(1_000);
  desk.has(held.ref, { ...held.fields, ...fields });
  await settleAll();
  const [conflict] = await conflicts();
  return conflict as Conflict;
}

/** The channel changes a value, and nobody has told the desk yet. */
async function changesInChannel(ref: CopyRef, fields: Fields): Promise<void> {
  chat.has(ref, fields);
  const more = ref.kind === 'comment' ? { visibility: 'public' as const } : {};
  await hub.polls(slack, { ...ref, ...more, fields });
  await hub.work('slack', chat);
}

async function loseSubject(): Promise<Conflict> {
  const headers = { 'idempotency-key': 'subject' };
  const path = `/v1/tickets/${ticket}`;
  await hub.ask({ method: 'PATCH', path, token, body: { subject: 'Pole, new' }, headers });
  return editsAtDesk('ticket', { subject: 'Pole of an agent' });
}

describe('a losing value of a ticket', () => {
  it('comes back by its id, to every copy, and the value it replaces is journalled as a change', async () => {
    const conflict = await loseSubject();
    expect(conflict).toMatchObject({ lost: 'Pole, new', kept: 'Pole of an agent', isRestorable: true });

    const { status, body } = await restore(conflict.id);
    await settleAll();

    expect(status).toBe(200);
    expect(body).toMatchObject({
      conflict: conflict.id,
      record: ticket,
      kind: 'ticket',
      field: 'subject',
      value: 'Pole, new',
    });
    expect((await hub.ask({ path: `/v1/tickets/${ticket}`, token })).body.subject).toBe('Pole, new');
    expect(heldOf('ticket')?.fields).toMatchObject({ subject: 'Pole, new' });
    const { items } = (await hub.ask({ path: `/v1/tickets/${ticket}/timeline?limit=100`, token })).body;
    expect(items).toContainEqual(
      expect.objectContaining({
        type: 'change',
        actor: 'user:grace',
        was: { subject: 'Pole of an agent' },
        fields: { subject: 'Pole, new' },
      }),
    );
  });

  it('comes back once, however often the same request comes', async () => {
    const { id } = await loseSubject();
    const first = await restore(id);
    const headers = { 'idempotency-key': 'after' };
    const path = `/v1/tickets/${ticket}`;
    await hub.ask({ method: 'PATCH', path, token, body: { subject: 'Later' }, headers });

    const again = await restore(id);

    expect(again.text).toBe(first.text);
    expect((await hub.ask({ path, token })).body.subject).toBe('Later');
  });

  it('is asked for with a key, and by whoever may change tickets', async () => {
    const { id } = await loseSubject();
    const path = `/v1/tickets/${ticket}/conflicts/${id}/restore`;

    expect((await hub.ask({ method: 'POST', path, token })).body.pointer).toBe('/Idempotency-Key');
    expect((await restore(id, 'k', tokenOf('acme', 'tickets:read'))).status).toBe(403);
  });

  it('is told on the bus by its field, without any value', async () => {
    await loseSubject();

    const told = hub.bus.events.filter(({ type }) => type === 'conflict.noted');

    expect(told).toHaveLength(1);
    expect(told[0]?.data).toMatchObject({ root: ticket, record: ticket, kind: 'ticket', field: 'subject' });
    expect(JSON.stringify(told)).not.toContain('Pole');
  });

  it.each(['nothing', 'conflict.history.000000001.0', 'conflict.'])('is not found by %s', async (id) => {
    await loseSubject();

    expect((await restore(id)).status).toBe(404);
  });
});

describe('a losing value of a description, a comment, a customer', () => {
  it('comes back for the description', async () => {
    await changesInChannel(await thread(), { description: 'The pole of the Ridgeline snapped' });
    const { id } = await editsAtDesk('ticket', { description: 'Written by an agent' });

    const { status } = await restore(id);

    expect(status).toBe(200);
    const { body } = await hub.ask({ path: `/v1/tickets/${ticket}`, token });
    expect(body.description).toBe('The pole of the Ridgeline snapped');
  });

  it('comes back for the body of a comment, which it names', async () => {
    await changesInChannel(await message(), { body: 'Any news? Please.' });
    const conflict = await editsAtDesk('comment', { body: 'Any news? Said an agent.' });

    const { status } = await restore(conflict.id);
    await settleAll();

    expect(status).toBe(200);
    const { items } = (await hub.ask({ path: `/v1/tickets/${ticket}/comments`, token })).body;
    expect(conflict).toMatchObject({ kind: 'comment', record: items[0].id, field: 'body' });
    expect(items[0].body).toBe('Any news? Please.');
    expect(heldOf('comment')?.fields).toMatchObject({ body: 'Any news? Please.' });
  });

  it('comes back for the customer who asks', async () => {
    await changesInChannel(MAYA, { name: 'Maya Chen-Ruiz', email: 'maya@example.com' });
    const conflict = await editsAtDesk('contact', { name: 'M. Chen' });
    expect(conflict).toMatchObject({ kind: 'contact', field: 'name', lost: 'Maya Chen-Ruiz' });

    const { status } = await restore(conflict.id);

    expect(status).toBe(200);
    const { body } = await hub.ask({ path: `/v1/tickets/${ticket}`, token });
    expect(body.requester.name).toBe('Maya Chen-Ruiz');
  });

  it('does not come back for a comment that is gone', async () => {
    const at = await message();
    await changesInChannel(at, { body: 'Any news? Please.' });
    const { id } = await editsAtDesk('comment', { body: 'Any news? Said an agent.' });
    await hub.polls(slack, { ...at, life: 'deleted', fields: {}, isComplete: false });
    const [conflict] = await conflicts();

    const { status, body } = await restore(id);

    expect(conflict?.isRestorable).toBe(false);
    expect([status, body.code]).toEqual([409, 'conflict']);
  });
});

/** Where the channel's copies stand: the ids under which it sent them. */
async function thread() {
  const { links } = (await hub.ask({ path: `/v1/tickets/${ticket}`, token })).body;
  const externalId = links.find((link: { connection: string }) => link.connection === slack.id).externalId;
  return { kind: 'ticket', externalId: externalId as ExternalId } as const;
}

async function message() {
  const { externalId: rootExternalId } = await thread();
  const claims = hub.stores.records.items().map(({ pk }) => pk.split('#'));
  const [externalId] = claims.flatMap(([, what, connection, kind, id]) =>
    what === 'claim' && connection === slack.id && kind === 'comment' ? [id] : [],
  );
  return {
    kind: 'comment',
    externalId: externalId as ExternalId,
    rootExternalId,
  } as const;
}
