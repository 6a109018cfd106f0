import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { plainVendor, settle } from '../vendor.ts';

const ACME = 'acme';
const token = tokenOf(ACME);
const BYTES = 'bytes of F0PHOTO';

let hub: MemoryHub;
let slack: Connection;
let ticket: string;

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect(ACME, 'slack');
  const salesforce = await hub.connect(ACME, 'salesforce');
  const vendors = { slack: plainVendor('chat', hub.clock), salesforce: plainVendor('desk', hub.clock) };
  const ts = await hub.says(slack, { text: 'it burns' });
  await settle(hub, vendors);
  ticket = await hub.onlyTicket(ACME);
  await hub.polls(slack, {
    kind: 'attachment',
    externalId: 'F0PHOTO' as ExternalId,
    parent: { kind: 'ticket', externalId: `C0SUPPORT:${ts}` as ExternalId },
    fields: { name: 'photo.png', type: 'image/png', size: BYTES.length },
    visibility: 'public',
  });
  await settle(hub, vendors);
  void salesforce;
});

const files = async () => (await hub.ask({ path: `/v1/tickets/${ticket}/attachments`, token })).body.items;

describe('GET /v1/tickets/{ticket}/attachments', () => {
  it('shows each file with where it stands, and the checksum of its bytes', async () => {
    expect(await files()).toMatchObject([
      {
        ticket,
        name: 'photo.png',
        type: 'image/png',
        size: BYTES.length,
        visibility: 'public',
        sha256: createHash('sha256').update(BYTES).digest('hex'),
        isDeleted: false,
        links: [
          { connection: slack.id, facet: 'file', externalId: 'F0PHOTO', state: 'settled' },
          { integration: 'salesforce', facet: 'file', state: 'settled' },
        ],
      },
    ]);
  });
});

describe('GET /v1/attachments/{attachment}/content', () => {
  it('leads to the bytes themselves, as a file of that name', async () => {
    const [{ id }] = await files();

    const answered = await hub.ask({ path: `/v1/attachments/${id}/content`, token });

    expect(answered.status).toBe(302);
    const { location = '' } = answered.headers;
    expect(location).toContain('photo.png');
    expect(Buffer.from(location.split('base64,')[1] ?? '', 'base64').toString()).toBe(BYTES);
  });

  it('is nothing for a ticket’s id, nor for a file whose bytes are gone', async () => {
    const [{ id }] = await files();
    await hub.polls(slack, { kind: 'attachment', externalId: 'F0PHOTO' as ExternalId, life: 'deleted' });

    for (const path of [`/v1/attachments/${ticket}/content`, `/v1/attachments/${id}/content`]) {
      expect((await hub.ask({ path, token })).status).toBe(404);
    }
  });
});

describe('GET /v1/attachments/{attachment}/address', () => {
  it('tells the same address to a page, which cannot follow a redirect without its token', async () => {
    const [{ id }] = await files();

    const answered = await hub.ask({ path: `/v1/attachments/${id}/address`, token });
    const followed = await hub.ask({ path: `/v1/attachments/${id}/content`, token });

    expect(answered.status).toBe(200);
    expect(answered.body).toEqual({ url: followed.headers.location });
    expect(answered.headers['cache-control']).toBe('no-store');
  });

  it('is nothing for what has no bytes here', async () => {
    expect((await hub.ask({ path: `/v1/attachments/${ticket}/address`, token })).status).toBe(404);
  });
});

describe('a timeline', () => {
  it('shows files among what was said', async () => {
    const { body } = await hub.ask({ path: `/v1/tickets/${ticket}/timeline?limit=100`, token });

    const shown = body.items.filter(({ type }: { type: string }) => type === 'attachment');
    expect(shown).toMatchObject([{ attachment: { name: 'photo.png', ticket } }]);
  });
});
