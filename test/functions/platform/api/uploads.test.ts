import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OrganizationId, RecordId } from '../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { contentReading } from '../../../../shared/sync/read/index.ts';
import { createUploads, forsaken } from '../../../../shared/uploads/index.ts';
import { type Answered, type MemoryHub, memoryHub, tokenOf } from '../hub.ts';
import { type PlainVendor, plainVendor, settle } from '../vendor.ts';

const ACME = 'acme';
const token = tokenOf(ACME, undefined, 'agent:one');
const BYTES = Buffer.from('how to put out a lamp');
const FILE = {
  name: 'manual.txt',
  type: 'text/plain',
  size: BYTES.length,
  sha256: createHash('sha256').update(BYTES).digest('hex'),
};
const DAY_MS = 86_400_000;

let hub: MemoryHub;
let salesforce: Connection;
let vendors: { readonly slack: PlainVendor; readonly salesforce: PlainVendor };
let ticket: string;

beforeEach(async () => {
  hub = await memoryHub();
  const slack = await hub.connect(ACME, 'slack');
  salesforce = await hub.connect(ACME, 'salesforce', { settings: { deniedFileTypes: '.exe' } });
  vendors = { slack: plainVendor('chat', hub.clock), salesforce: plainVendor('desk', hub.clock) };
  await hub.says(slack, { text: 'it burns' });
  await settle(hub, vendors);
  ticket = await hub.onlyTicket(ACME);
});

const post = (path: string, key: string, body?: object): Promise<Answered> =>
  hub.ask({ method: 'POST', path, token, headers: { 'idempotency-key': key }, ...(body && { body }) });
const announce = (more: object = {}, key = 'first') =>
  post(`/v1/tickets/${ticket}/uploads`, key, { ...FILE, ...more });
const complete = (id: string, key = 'done') => post(`/v1/uploads/${id}/complete`, key);
const put = ({ body }: Answered, bytes = BYTES) => hub.door.put(body.put.url, body.put.headers, bytes);
const filesAt = (vendor: PlainVendor) =>
  [...vendor.held.values()].filter(({ ref }) => ref.kind === 'attachment').length;
const sweep = () => forsaken(hub.platform, hub.door, contentReading({ store: hub.stores.records })).run();

describe('POST /v1/tickets/{ticket}/uploads', () => {
  it('tells where to put the bytes, and until when', async () => {
    const { status, body } = await announce();

    expect(status).toBe(201);
    expect(body).toMatchObject({ ...FILE, ticket, visibility: 'internal', put: { headers: {} } });
    expect(Date.parse(body.put.expiresAt)).toBeGreaterThan(hub.clock.now());
    expect(Date.parse(body.completeBy)).toBe(hub.clock.now() + DAY_MS);
    expect(await put({ body } as Answered)).toBe(200);
  });

  it('is the same upload under the same key, at a new address', async () => {
    const first = await announce();
    hub.clock.advance(3_600_000);

    const again = await announce();

    expect(again.body.id).toBe(first.body.id);
    expect(again.body.completeBy).toBe(first.body.completeBy);
    expect(await put(first)).toBe(403);
    expect(await put(again)).toBe(200);
    expect((await announce({ name: 'other.txt' })).status).toBe(422);
  });

  it('is the same upload where two ask at once', async () => {
    const uploads = createUploads({ store: hub.stores.records, clock: hub.clock, door: hub.door });
    const announced = { ticket: ticket as RecordId, file: FILE };
    const ask = () => uploads.announce(ACME as OrganizationId, 'upload' as RecordId, announced);

    const [one, other] = await Promise.all([ask(), ask()]);

    expect(other).toEqual(one);
  });

  it('takes names of all the world, dots and all', async () => {
    const names = ['.htaccess', '...', 'Ünïcødé 文件 👩‍🚒.txt', `a"b'c;*.txt`, '%2e%2e%2f'];

    const answers = await Promise.all(names.map((name, nth) => announce({ name }, `${nth}`)));

    expect(answers.map(({ body }) => body.name)).toEqual(names);
  });

  it.each([
    ['nothing', { size: 0 }, '/size'],
    ['more than the hub carries', { size: 1024 ** 3 + 1 }, '/size'],
    ['no checksum', { sha256: 'abc' }, '/sha256'],
    ['a path', { name: '../manual.txt' }, '/name'],
    ['a blank name', { name: '  ' }, '/name'],
    ['a line in its name', { name: 'a\nb' }, '/name'],
    ['another kind of line in its name', { name: 'a\u2028b' }, '/name'],
    ['a control character that is none of ASCII’s', { name: 'a\u009bb' }, '/name'],
    ['the name of a folder', { name: '..' }, '/name'],
    ['half a character in its name', { name: 'a\ud83d.txt' }, '/name'],
    ['no media type', { type: 'text' }, '/type'],
    ['a header in its type', { type: 'text/plain\r\nx: y' }, '/type'],
    ['another visibility', { visibility: 'secret' }, '/visibility'],
    ['what else there is', { path: '/etc' }, '/path'],
  ])('refuses %s', async (_what, more, pointer) => {
    const { status, body } = await announce(more);

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_input', pointer });
  });

  it('refuses what a connection of the ticket does not carry, and says which', async () => {
    const { status, body } = await announce({ name: 'setup.exe' });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'invalid_input',
      pointer: '/type',
      detail: `${salesforce.name} does not take it: files of this type are not carried`,
    });
  });

  it('is nothing for a comment that is not the ticket’s', async () => {
    expect((await announce({ comment: `${ticket}.never` })).status).toBe(404);
    expect((await announce({ comment: ticket })).status).toBe(404);
  });

  it('keeps a file with its comment, and its visibility', async () => {
    const note = { body: 'see the manual', visibility: 'internal' };
    const { body: comment } = await post(`/v1/tickets/${ticket}/comments`, 'note', note);

    const refused = await announce({ comment: comment.id, visibility: 'public' }, 'loud');
    const announced = await announce({ comment: comment.id });
    await put(announced);
    const { body } = await complete(announced.body.id);

    expect(refused.body).toMatchObject({ pointer: '/visibility' });
    expect(body).toMatchObject({ comment: comment.id, visibility: 'internal' });
  });
});

describe('POST /v1/uploads/{upload}/complete', () => {
  it('makes the file, which then is everywhere it may be', async () => {
    const announced = await announce({ visibility: 'public' });
    await put(announced);

    const { status, body, headers } = await complete(announced.body.id);
    await settle(hub, vendors);

    expect(status).toBe(201);
    expect(body).toMatchObject({ ...FILE, ticket, visibility: 'public', id: announced.body.id });
    const read = await hub.ask({ path: headers.location!, token });
    expect(read.body.links.map(({ state }: { state: string }) => state)).toEqual(['settled', 'settled']);
    expect([filesAt(vendors.slack), filesAt(vendors.salesforce)]).toEqual([1, 1]);
  });

  it('makes it once, and the customer gets none that is not public', async () => {
    const announced = await announce();
    await put(announced);

    const first = await complete(announced.body.id);
    const again = await complete(announced.body.id);
    const other = await complete(announced.body.id, 'another-key');
    await settle(hub, vendors);

    expect([first.status, again.status, other.status]).toEqual([201, 201, 201]);
    expect([again.body.id, other.body.id]).toEqual([first.body.id, first.body.id]);
    expect([filesAt(vendors.slack), filesAt(vendors.salesforce)]).toEqual([0, 1]);
  });

  it('waits for the bytes', async () => {
    const announced = await announce();

    const early = await complete(announced.body.id);
    await put(announced);

    expect(early.status).toBe(409);
    expect((await complete(announced.body.id)).status).toBe(201);
  });

  it('makes nothing of other bytes, however they got there', async () => {
    const { id } = (await announce()).body;
    await hub.content.put(`${hub.door.prefix}${ACME}/${id}`, once(Buffer.from('other')), 100);

    expect((await complete(id)).status).toBe(409);
    expect((await hub.ask({ path: `/v1/attachments/${id}`, token })).status).toBe(404);
  });

  it('is refused once a connection stopped carrying such', async () => {
    const announced = await announce({ name: 'manual.txt' });
    await put(announced);
    const store = hub.stores.connections;
    const item = store.items().find(({ data }) => JSON.stringify(data).includes('deniedFileTypes'))!;
    const data = JSON.parse(JSON.stringify(item.data).replace('.exe', '.txt'));
    await store.commit([{ put: { ...item, data }, expect: item.version }]);
    hub.clock.advance(120_000);

    expect((await complete(announced.body.id)).status).toBe(409);
  });

  it('comes too late after a day', async () => {
    const announced = await announce();
    await put(announced);
    hub.clock.advance(DAY_MS + 1);

    expect((await complete(announced.body.id)).status).toBe(404);
  });
});

describe('what was announced', () => {
  it('and never completed is swept away, its bytes with it', async () => {
    await put(await announce());
    expect(await sweep()).toBe(0);
    hub.clock.advance(2 * DAY_MS);

    expect(await sweep()).toBe(1);

    expect(hub.content.keys()).toEqual([]);
    expect(await sweep()).toBe(0);
  });

  it('and cannot be swept away now keeps nothing else from it', async () => {
    const stuck = await announce();
    const other = await announce({}, 'second');
    await put(stuck);
    await put(other);
    hub.clock.advance(2 * DAY_MS);
    const door = {
      ...hub.door,
      delete: async (key: string) => {
        if (key.endsWith(stuck.body.id)) throw new ProviderUnavailableError('s3 is away');
        await hub.door.delete(key);
      },
    };
    const chore = forsaken(hub.platform, door, contentReading({ store: hub.stores.records }));

    await expect(chore.run()).rejects.toThrow('not swept');

    expect(hub.content.keys()).toEqual([`uploads/${ACME}/${stuck.body.id}`]);
    expect(await sweep()).toBe(1);
    expect(hub.content.keys()).toEqual([]);
  });

  it('and completed stays', async () => {
    const announced = await announce();
    await put(announced);
    await complete(announced.body.id);
    await settle(hub, vendors);
    hub.clock.advance(2 * DAY_MS);

    expect(await sweep()).toBe(1);

    const { location } = (await hub.ask({ path: `/v1/attachments/${announced.body.id}/content`, token }))
      .headers;
    expect(Buffer.from(location!.split('base64,')[1]!, 'base64')).toEqual(BYTES);
  });
});

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
