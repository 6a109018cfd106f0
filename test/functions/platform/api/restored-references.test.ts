import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId, FieldValue, RecordId } from '../../../../shared/domain/index.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import type { Root } from '../../../../shared/sync/state.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { folded, loses } from '../losses.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const token = tokenOf('acme', undefined, 'user:grace');
let hub: MemoryHub;
let slack: Connection;
let salesforce: Connection;
let chat: PlainVendor;
let desk: PlainVendor;
let ticket: RecordId;

const get = (path: string) => hub.ask({ path, token });
const settled = () => settle(hub, { slack: chat, salesforce: desk });

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  salesforce = await hub.connect('acme', 'salesforce');
  chat = plainVendor('chat', hub.clock);
  desk = plainVendor('desk', hub.clock);
  chat.has({ kind: 'contact', externalId: 'U0MAYA' as ExternalId }, { name: 'Maya Chen' });
  const threadTs = await hub.says(slack, { text: 'The pole snapped' });
  await hub.says(slack, { text: 'Any news?', threadTs });
  await settled();
  ticket = (await hub.onlyTicket('acme')) as RecordId;
});

async function known(kind: 'contact' | 'account', name: string): Promise<RecordId> {
  const seen = { kind, externalId: `00-${name}` as ExternalId, fields: { name } };
  desk.has(seen, seen.fields);
  await hub.polls(salesforce, seen);
  await settled();
  const item = hub.stores.records
    .items()
    .find(({ sk, data }) => sk === 'root' && (data as Root).fields.name === name);
  if (item === undefined) throw new Error(`no ${kind} was made`);
  return (item.data as Root).id;
}

/** The value loses, and is restored by its id: the conflict as it is told, and what became of it. */
async function restored(record: RecordId, field: string, lost: FieldValue, kept: FieldValue = 'x') {
  await loses(hub, { record, field, lost, kept });
  const at = `/v1/records/${encodeURIComponent(record)}/conflicts`;
  const [conflict] = (await get(at)).body.items;
  const path = `${at}/${encodeURIComponent(conflict.id)}/restore`;
  const headers = { 'idempotency-key': 'k' };
  const { status, body } = await hub.ask({ method: 'POST', path, token, headers });
  return { conflict, status, body };
}

/** The desk says that it is no more, and says so again when asked. */
async function deletes(name: string): Promise<void> {
  const externalId = `00-${name}` as ExternalId;
  const holding = desk;
  desk = {
    ...holding,
    read: async (ref) => (ref.externalId === externalId ? { state: 'deleted' } : holding.read!(ref)),
  };
  const fields = {};
  await hub.polls(salesforce, { kind: 'contact', externalId, life: 'deleted', fields, isComplete: false });
  await settled();
}

describe('a customer of a ticket who lost', () => {
  it('comes back, in every copy', async () => {
    const kai = await known('contact', 'Kai Berg');

    const { conflict, status, body } = await restored(ticket, 'requester', kai);
    await settled();

    expect(conflict.isRestorable).toBe(true);
    expect([status, body.value]).toEqual([200, kai]);
    expect((await get(`/v1/tickets/${ticket}`)).body.requester).toMatchObject({ id: kai, name: 'Kai Berg' });
    const held = [...desk.held.values()].find(({ ref }) => ref.kind === 'ticket');
    expect(Object.values(held?.fields ?? {})).toContain('00-Kai Berg');
  });

  it('is told of by name', async () => {
    const kai = await known('contact', 'Kai Berg');
    const maya = (await get(`/v1/tickets/${ticket}`)).body.requester.id;

    const { conflict } = await restored(ticket, 'requester', kai, maya);

    expect(conflict.names).toEqual({ [kai]: 'Kai Berg', [maya]: 'Maya Chen' });
    const { body } = await get(`/v1/records/${ticket}/why/requester`);
    expect(body).toMatchObject({ value: kai, names: { [kai]: 'Kai Berg', [maya]: 'Maya Chen' } });
    expect((await get(`/v1/records/${ticket}/why/subject`)).body).not.toHaveProperty('names');
  });

  it('comes back as whom it was folded into since', async () => {
    const [kai, twin] = [await known('contact', 'Kai Berg'), await known('contact', 'K. B.')];
    await folded(hub, twin, kai);

    expect((await restored(ticket, 'requester', twin)).status).toBe(200);
    const story = (await get(`/v1/records/${ticket}/why/requester`)).body;
    expect(story.value).toBe(kai);
  });

  it('comes back as nobody, where there was nobody', async () => {
    expect(await restored(ticket, 'requester', null)).toMatchObject({ status: 200 });
    expect((await get(`/v1/tickets/${ticket}`)).body.requester).toBeNull();
  });

  it('does not come back once deleted, and the answer says why', async () => {
    const kai = await known('contact', 'Kai Berg');
    await deletes('Kai Berg');

    const { conflict, status, body } = await restored(ticket, 'requester', kai);

    const refusal = 'the contact it names has been deleted';
    expect(conflict).toMatchObject({ isRestorable: false, refusal });
    expect([status, body.detail]).toEqual([409, refusal]);
  });

  it.each(['another', 'of-globex'])('does not come back for what is not here: %s', async (id) => {
    const { status, body } = await restored(ticket, 'requester', id);

    expect([status, body.detail]).toEqual([409, 'the contact it names is not here']);
  });

  it('is no company', async () => {
    const company = await known('account', 'Lamps & Light');

    expect((await restored(ticket, 'requester', company)).status).toBe(409);
  });
});

describe('a company of a customer that lost', () => {
  it('comes back', async () => {
    const kai = await known('contact', 'Kai Berg');
    const company = await known('account', 'Lamps & Light');

    const { status } = await restored(kai, 'account', company);
    await settled();

    expect(status).toBe(200);
    expect(desk.held.get('00-Kai Berg')?.fields).toMatchObject({ name: 'Kai Berg' });
    const { body } = await get(`/v1/records/${kai}/why/account`);
    expect(body.value).toBe(company);
  });
});

describe('who may see a comment', () => {
  const comment = async () =>
    (await get(`/v1/tickets/${ticket}/comments`)).body.items[0] as { id: RecordId; visibility: string };

  it('is the team alone again, whoever lost it', async () => {
    const { id } = await comment();

    expect((await restored(id, 'visibility', 'internal', 'public')).status).toBe(200);
    expect((await comment()).visibility).toBe('internal');
  });

  it('is not the customer again: what is internal at its desk is not sent out from here', async () => {
    const { id } = await comment();
    await restored(id, 'visibility', 'internal', 'public');
    hub.clock.advance(10);
    await loses(hub, { record: id, field: 'visibility', lost: 'public', kept: 'internal' });
    const at = `/v1/records/${encodeURIComponent(id)}/conflicts`;
    const [conflict] = (await get(at)).body.items;

    const path = `${at}/${encodeURIComponent(conflict.id)}/restore`;
    const headers = { 'idempotency-key': 'again' };
    const { status, body } = await hub.ask({ method: 'POST', path, token, headers });

    expect(conflict).toMatchObject({ lost: 'public', isRestorable: false });
    expect(status).toBe(409);
    expect(body.detail).toContain('made public only where it was written');
    expect((await comment()).visibility).toBe('internal');
  });
});

describe('no value', () => {
  it('comes back as a subject, as a vendor may have left it', async () => {
    expect((await restored(ticket, 'subject', null)).status).toBe(200);
    expect((await get(`/v1/tickets/${ticket}`)).body.subject).toBeNull();
  });

  it('does not come back as a status, and the answer says why', async () => {
    const { status, body } = await restored(ticket, 'status', null);

    expect([status, body.detail]).toEqual([409, 'a ticket is never without a status']);
  });

  it('does not come back in a field that no mapping declares any more', async () => {
    const { conflict, status, body } = await restored(ticket, 'custom.gone', 'S1');

    expect(conflict.isRestorable).toBe(false);
    expect([status, body.detail]).toEqual([409, 'no connection’s mapping declares such a field']);
  });
});
