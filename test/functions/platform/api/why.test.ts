import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const token = tokenOf('acme');
let hub: MemoryHub;
let slack: Connection;
let chat: PlainVendor;
let desk: PlainVendor;
let ticket: string;

const settleAll = () => settle(hub, { slack: chat, salesforce: desk });
const ask = (path: string) => hub.ask({ path: `/v1/tickets/${ticket}${path}`, token });

async function patch(body: object): Promise<void> {
  const headers = { 'idempotency-key': JSON.stringify(body).replace(/\W/g, '') };
  await hub.ask({ method: 'PATCH', path: `/v1/tickets/${ticket}`, token, body, headers });
}

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  await hub.connect('acme', 'salesforce');
  chat = plainVendor('chat', hub.clock);
  desk = plainVendor('desk', hub.clock);
  chat.has(
    { kind: 'contact', externalId: 'U0MAYA' as ExternalId },
    { name: 'Maya Chen', email: 'maya@example.com' },
  );
  const threadTs = await hub.says(slack, { text: 'The pole snapped' });
  await hub.says(slack, { text: 'Any news?', threadTs });
  await settleAll();
  ticket = await hub.onlyTicket('acme');
});

describe('why a field has its value', () => {
  it('tells every change behind it, newest first, down to what the record began with', async () => {
    await patch({ priority: 'high' });
    hub.clock.advance(1_000);
    await patch({ priority: 'urgent' });
    await settleAll();

    const { status, body } = await ask('/why/priority');

    expect(status).toBe(200);
    expect(body).toMatchObject({ record: ticket, kind: 'ticket', field: 'priority', value: 'urgent' });
    expect(body.steps).toMatchObject([
      { type: 'set', from: 'high', to: 'urgent', source: 'hub' },
      { type: 'set', from: 'normal', to: 'high', source: 'hub' },
      { type: 'begun', value: 'normal' },
    ]);
  });

  it('tells who set a value that nobody has changed', async () => {
    const { body } = await ask('/why/description');

    expect(body.steps).toMatchObject([
      { type: 'begun', value: 'The pole snapped', source: slack.id, actor: 'vendor:slack' },
    ]);
  });

  it('tells what lost against it and by which policy, and can be restored from there', async () => {
    await patch({ subject: 'Pole of the Ridgeline 3' });
    const held = [...desk.held.values()].find(({ ref }) => ref.kind === 'ticket');
    hub.clock.advance(1_000);
    desk.has(held?.ref as never, { ...held?.fields, subject: 'Broken pole' });
    await settleAll();

    const { body } = await ask('/why/subject');

    const lost = body.steps.find(({ type }: { type: string }) => type === 'lost');
    expect(lost).toMatchObject({ policy: 'newest', isRestorable: true });
    const restored = await hub.ask({
      method: 'POST',
      path: `/v1/tickets/${ticket}/conflicts/${lost.id}/restore`,
      token,
      headers: { 'idempotency-key': 'restore' },
    });
    expect(restored).toMatchObject({ status: 200, body: { value: lost.lost } });
    expect((await ask('/why/subject')).body).toMatchObject({ value: lost.lost });
  });

  it('tells of a comment and of the customer as well', async () => {
    const [comment] = (await ask('/comments')).body.items;
    const { requester } = (await ask('')).body;

    expect((await ask(`/why/body?record=${comment.id}`)).body).toMatchObject({
      kind: 'comment',
      value: 'Any news?',
    });
    expect((await ask(`/why/visibility?record=${comment.id}`)).body).toMatchObject({ value: 'public' });
    expect((await ask(`/why/name?record=${requester.id}`)).body).toMatchObject({
      kind: 'contact',
      value: 'Maya Chen',
    });
  });

  it('refuses a field such a record does not have, and knows no record of another ticket', async () => {
    expect((await ask('/why/colour')).status).toBe(400);
    expect((await ask('/why/constructor')).status).toBe(400);
    expect((await ask('/why/subject?record=another')).status).toBe(404);
  });
});
