import { beforeEach, describe, expect, it } from 'vitest';
import { standard } from '../../../../functions/connectors/salesforce/mapping/standard.ts';
import type { ExternalId, Fields, RecordId } from '../../../../shared/domain/index.ts';
import type { Connection, CopyRef, MappingDocument } from '../../../../shared/ports/index.ts';
import type { Root } from '../../../../shared/sync/state.ts';
import { type Answered, type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { folded, loses } from '../losses.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const token = tokenOf('acme', undefined, 'user:grace');
const CONTACT = { kind: 'contact', externalId: '003-kai' as ExternalId } as const;
const ACCOUNT = { kind: 'account', externalId: '001-lamps' as ExternalId } as const;
const mapping: MappingDocument = { ...standard, version: 0, custom: { severity: { type: 'text' } } };
let hub: MemoryHub;
let slack: Connection;
let salesforce: Connection;
let chat: PlainVendor;
let desk: PlainVendor;
let ticket: string;

const get = (path: string, as = token) => hub.ask({ path, token: as });
const why = (record: string, field: string) => get(`/v1/records/${encodeURIComponent(record)}/why/${field}`);
const settled = () => settle(hub, { slack: chat, salesforce: desk });

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  salesforce = await hub.connect('acme', 'salesforce', { mapping });
  chat = plainVendor('chat', hub.clock);
  desk = plainVendor('desk', hub.clock);
  chat.has({ kind: 'contact', externalId: 'U0MAYA' as ExternalId }, { name: 'Maya Chen' });
  const threadTs = await hub.says(slack, { text: 'The pole snapped' });
  await hub.says(slack, { text: 'Any news?', threadTs });
  await settled();
  ticket = await hub.onlyTicket('acme');
});

/** A customer, or a company, of whom the desk alone has told, and no ticket. */
async function lone(of: CopyRef, fields: Fields): Promise<RecordId> {
  desk.has(of, fields);
  await hub.polls(salesforce, { ...of, fields });
  await settled();
  const item = hub.stores.records
    .items()
    .find(({ sk, data }) => sk === 'root' && (data as Root).fields.name === fields.name);
  if (item === undefined) throw new Error(`no ${of.kind} was made`);
  return (item.data as Root).id;
}

describe('why a field of any record has its value', () => {
  it('is told of a ticket and of its comments, as under the ticket itself', async () => {
    const [comment] = (await get(`/v1/tickets/${ticket}/comments`)).body.items;

    const answers = await Promise.all([why(ticket, 'description'), why(comment.id, 'body')]);

    expect(answers.map(({ body }) => body)).toMatchObject([
      { record: ticket, kind: 'ticket', value: 'The pole snapped' },
      { record: comment.id, kind: 'comment', value: 'Any news?' },
    ]);
    const underTicket = await get(`/v1/tickets/${ticket}/why/description`);
    expect(answers[0]?.body).toEqual(underTicket.body);
  });

  it('is told of a customer and of a company without any ticket', async () => {
    const company = await lone(ACCOUNT, { name: 'Lamps & Light' });
    const customer = await lone(CONTACT, { name: 'Kai Berg', email: 'kai@example.com' });

    expect((await why(customer, 'email')).body).toMatchObject({
      kind: 'contact',
      value: 'kai@example.com',
      steps: [{ type: 'begun', value: 'kai@example.com', source: salesforce.id }],
    });
    expect((await why(company, 'name')).body).toMatchObject({ kind: 'account', value: 'Lamps & Light' });
  });

  it('is told of a file, who may see it included', async () => {
    const { links } = (await get(`/v1/tickets/${ticket}`)).body;
    const thread = links.find(({ connection }: { connection: string }) => connection === slack.id);
    await hub.polls(slack, {
      kind: 'attachment',
      externalId: 'F0FILM' as ExternalId,
      parent: { kind: 'ticket', externalId: thread.externalId },
      fields: { name: 'film.mp4', type: 'video/mp4', size: 7 },
      visibility: 'public',
    });
    await settled();
    const [file] = (await get(`/v1/tickets/${ticket}/attachments`)).body.items;

    expect((await why(file.id, 'name')).body).toMatchObject({ kind: 'attachment', value: 'film.mp4' });
    expect((await why(file.id, 'visibility')).body).toMatchObject({ value: 'public' });
  });

  it('is told of a declared field that the record does not hold yet', async () => {
    const { status, body } = await why(ticket, 'custom.severity');

    expect(status).toBe(200);
    expect(body).toMatchObject({ value: null, steps: [{ type: 'begun', value: null }] });
    expect((await get(`/v1/tickets/${ticket}/why/custom.severity`)).status).toBe(200);
  });

  it('is not told of what is no field of such a record, nor of what never was', async () => {
    const [comment] = (await get(`/v1/tickets/${ticket}/comments`)).body.items;

    expect((await why(ticket, 'custom.colour')).status).toBe(400);
    expect((await why(comment.id, 'custom.severity')).status).toBe(400);
    expect((await why(ticket, 'visibility')).status).toBe(400);
    expect((await why(`${ticket}.never`, 'body')).status).toBe(404);
    expect((await why('never', 'subject')).status).toBe(404);
  });

  it('follows a record to the one that it was folded into', async () => {
    const kept = await lone(CONTACT, { name: 'Kai Berg' });
    const gone = await lone({ ...CONTACT, externalId: '003-twin' as ExternalId }, { name: 'K. B.' });
    await folded(hub, gone, kept);

    expect((await why(gone, 'name')).body).toMatchObject({ record: kept, value: 'Kai Berg' });
  });
});

const lossesOf = (record: string, more = '', as = token) =>
  get(`/v1/records/${encodeURIComponent(record)}/conflicts${more}`, as);

function restore(record: string, conflict: string, as = token): Promise<Answered> {
  const path = `/v1/records/${encodeURIComponent(record)}/conflicts/${encodeURIComponent(conflict)}/restore`;
  return hub.ask({ method: 'POST', path, token: as, headers: { 'idempotency-key': conflict } });
}

describe('what lost in any record', () => {
  it('is listed and comes back for a customer without any ticket', async () => {
    const customer = await lone(CONTACT, { name: 'Kai Berg' });
    await loses(hub, { record: customer, field: 'name', lost: 'Kai Bergström', kept: 'Kai Berg' });

    const { status, body } = await lossesOf(customer);
    const restored = await restore(customer, body.items[0].id);
    await settled();

    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { record: customer, kind: 'contact', field: 'name', lost: 'Kai Bergström', isRestorable: true },
    ]);
    expect(restored.body).toMatchObject({ record: customer, field: 'name', value: 'Kai Bergström' });
    expect((await why(customer, 'name')).body).toMatchObject({ value: 'Kai Bergström' });
  });

  it('is listed newest first, by pages, of that record alone', async () => {
    const [comment] = (await get(`/v1/tickets/${ticket}/comments`)).body.items;
    for (const lost of ['one', 'two', 'three']) {
      hub.clock.advance(10);
      await loses(hub, { record: ticket as RecordId, field: 'subject', lost, kept: 'x' });
    }
    await loses(hub, { record: comment.id, field: 'body', lost: 'said otherwise', kept: 'Any news?' });

    const first = (await lossesOf(ticket, '?limit=2')).body;
    const second = (await lossesOf(ticket, `?limit=2&cursor=${first.next}`)).body;

    const values = [...first.items, ...second.items].map(({ lost }) => lost);
    expect(values).toEqual(['three', 'two', 'one']);
    expect((await lossesOf(comment.id)).body.items).toMatchObject([{ lost: 'said otherwise' }]);
  });

  it('is found by that record’s conflicts alone, and asks for the right to change', async () => {
    const customer = await lone(CONTACT, { name: 'Kai Berg' });
    await loses(hub, { record: customer, field: 'name', lost: 'Kai Bergström', kept: 'Kai Berg' });
    const [{ id }] = (await lossesOf(customer)).body.items;

    expect((await restore(ticket, id)).status).toBe(404);
    expect((await restore('never', id)).status).toBe(404);
    expect((await restore(customer, id, tokenOf('acme', 'tickets:read'))).status).toBe(403);
    expect((await lossesOf(customer, '', tokenOf('globex'))).status).toBe(404);
  });
});
