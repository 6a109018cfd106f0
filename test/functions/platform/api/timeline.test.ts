import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const token = tokenOf('acme');
let hub: MemoryHub;
let slack: Connection;
let salesforce: Connection;
let chat: PlainVendor;
let desk: PlainVendor;

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  salesforce = await hub.connect('acme', 'salesforce');
  chat = plainVendor('chat', hub.clock);
  desk = plainVendor('desk', hub.clock);
  chat.has(
    { kind: 'contact', externalId: 'U0MAYA' as ExternalId },
    { name: 'Maya Chen', email: 'maya@example.com' },
  );
});

interface Entry {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

const settleAll = () => settle(hub, { slack: chat, salesforce: desk });

async function timeline(): Promise<readonly Entry[]> {
  const id = await hub.onlyTicket('acme');
  return (await hub.ask({ path: `/v1/tickets/${id}/timeline?limit=100`, token })).body.items;
}

const ofType = async (type: string) => (await timeline()).filter((entry) => entry.type === type);

async function patch(body: object): Promise<void> {
  const id = await hub.onlyTicket('acme');
  const headers = { 'idempotency-key': JSON.stringify(body).replace(/\W/g, '') };
  await hub.ask({ method: 'PATCH', path: `/v1/tickets/${id}`, token, body, headers });
}

describe('the timeline', () => {
  it('names the customer who wrote by their contact', async () => {
    const threadTs = await hub.says(slack, { text: 'The pole snapped' });
    await hub.says(slack, { text: 'Any news?', threadTs });
    await settleAll();

    const [comment] = await ofType('comment');

    expect(comment?.comment).toMatchObject({
      body: 'Any news?',
      author: { role: 'customer', name: 'Maya Chen' },
    });
  });

  it('shows every write with its lag, and the ids it was given', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    await patch({ priority: 'high' });
    await settleAll();

    const effects = await ofType('effect');

    expect(effects.map(({ operation, kind }) => [operation, kind])).toEqual([
      ['create', 'ticket'],
      ['update', 'ticket'],
    ]);
    for (const effect of effects) {
      expect(effect).toMatchObject({
        connection: salesforce.id,
        externalId: expect.stringMatching(/^desk-/),
      });
    }
  });

  it('keeps the value that lost, with what replaced it and why', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    await patch({ subject: 'Pole of the Ridgeline 3' });
    const ticket = [...desk.held.values()].find(({ ref }) => ref.kind === 'ticket');
    hub.clock.advance(1_000);
    desk.has(ticket?.ref as never, { ...ticket?.fields, subject: 'Broken pole' });
    await settleAll();

    const [conflict] = await ofType('conflict');

    expect(conflict).toMatchObject({
      field: 'subject',
      lost: 'Pole of the Ridgeline 3',
      kept: 'Broken pole',
    });
    expect(conflict?.reason).not.toBe('');
  });

  it('shows what was set aside', async () => {
    desk.refuse('REQUIRED_FIELD_MISSING');
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    desk.refuse(undefined);
    const { items } = (await hub.ask({ path: '/v1/parked', token })).body;
    for (const { id } of items) await hub.ask({ method: 'POST', path: `/v1/parked/${id}/replay`, token });
    await settleAll();
    desk.refuse('REQUIRED_FIELD_MISSING');
    await patch({ subject: 'Refused again' });
    await settleAll();

    const parked = await ofType('parked');

    expect(parked.length).toBeGreaterThan(0);
    expect(parked[0]).toMatchObject({ reason: 'the vendor refused it' });
    const [waiting] = (await hub.ask({ path: '/v1/parked', token })).body.items;
    expect(waiting).toMatchObject({
      wouldWrite: { subject: 'Refused again' },
      ticket: await hub.onlyTicket('acme'),
    });
  });

  it('tells each entry once, in the order it happened', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    await patch({ status: 'pending' });
    await settleAll();

    const entries = await timeline();

    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const times = entries.map(({ at }) => String(at));
    expect([...times].sort()).toEqual(times);
    expect(entries.map(({ type }) => type)).toContain('comment');
  });
});
