import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../bin/local/demo/until.ts';
import type { SalesforceRow, World } from '../../bin/local/demo/world.ts';
import { commentsOn, conversation, faultsLeft, type JourneyHub, journeyHub, ticketOf } from './hub.ts';

let journey: JourneyHub;
let world: World;
let thread: { ts: string; caseId: string };
let ticket: string;
beforeAll(async () => {
  journey = await journeyHub();
  world = journey.world;
  thread = await conversation(world, 'The lamp smells of smoke');
  ticket = await ticketOf(world, thread.ts);
}, 180_000);
afterAll(() => journey.close());

const patienceMs = 100_000;
const shaOf = (content: string): string => createHash('sha256').update(content).digest('hex');
const md5Of = (content: string): string => createHash('md5').update(content).digest('hex');

interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly sha256?: string;
  readonly links: readonly { readonly integration: string; readonly state: string }[];
}
interface SlackFile {
  readonly title: string;
  readonly user: string;
  readonly sha256?: string;
  readonly state: string;
  readonly shares: readonly { readonly threadTs?: string }[];
}

async function attachment(name: string): Promise<Attachment | undefined> {
  const { items } = await world.api.get<{ items: Attachment[] }>(
    `/v1/tickets/${ticket}/attachments?limit=100`,
  );
  return items.find((each) => each.name === name);
}

/** In step everywhere, by the hub's own word. */
function untilSettled(name: string): Promise<Attachment> {
  return until(
    `${name} at every system`,
    async () => {
      const found = await attachment(name);
      const isThere = found?.links.length === 2 && found.links.every(({ state }) => state === 'settled');
      return isThere ? found : undefined;
    },
    patienceMs,
  );
}

async function versionsOn(caseId: string): Promise<readonly SalesforceRow[]> {
  const state = await world.salesforce.control<Record<string, SalesforceRow[]>>('GET', 'state');
  const linked = (state.ContentDocumentLink ?? [])
    .filter((row) => row.LinkedEntityId === caseId && row.IsDeleted !== true)
    .map((row) => row.ContentDocumentId);
  return (state.ContentVersion ?? []).filter((row) => linked.includes(row.ContentDocumentId));
}

async function filesInThread(): Promise<readonly SlackFile[]> {
  const { files } = await world.slack.control<{ files: SlackFile[] }>('GET', 'state');
  return files.filter(
    ({ shares, state }) => state === 'complete' && shares.some(({ threadTs }) => threadTs === thread.ts),
  );
}

const attach = (name: string, content: string, visibility: string): Promise<unknown> =>
  world.salesforce.control('POST', `files`, { caseId: thread.caseId, name, content, visibility });

describe('a customer’s photo', () => {
  const photo = 'the bytes of a photo of smoke '.repeat(2_000);

  it(
    'is once at its case, byte for byte, and at hand in the API',
    async () => {
      const files = [{ name: 'smoke.png', type: 'image/png', content: photo }];
      await world.slack.control('POST', 'files', { threadTs: thread.ts, text: 'look', files });

      const { id, sha256 } = await untilSettled('smoke.png');

      expect(sha256).toBe(shaOf(photo));
      const versions = await versionsOn(thread.caseId);
      expect(versions).toMatchObject([{ ContentSize: photo.length, Checksum: md5Of(photo) }]);
      expect((await world.api.getBytes(`/v1/attachments/${id}/content`)).toString()).toBe(photo);
      expect(await commentsOn(world, thread.caseId)).toContain('look\n[file: smoke.png]');
    },
    patienceMs,
  );
});

describe('files of an agent', () => {
  const manual = 'how to put out a lamp '.repeat(3_000);

  it(
    'are in the customer’s thread where they are for everybody, and nowhere else where they are not',
    async () => {
      await attach('secret.txt', 'what the lamp really cost', 'InternalUsers');
      await attach('manual.txt', manual, 'AllUsers');

      await untilSettled('manual.txt');

      const { botUserId } = world.description.sandboxes.slack;
      const fromHub = (await filesInThread()).filter(({ user }) => user === botUserId);
      expect(fromHub).toMatchObject([{ title: 'manual.txt', sha256: shaOf(manual) }]);
      const secret = await until('secret.txt is known', () => attachment('secret.txt'), patienceMs);
      expect(secret.links.map(({ integration }) => integration)).toEqual(['salesforce']);
    },
    patienceMs,
  );
});

describe('files of the agent platform', () => {
  const guide = Buffer.alloc(12 * 1024 * 1024, 'how to put out a lamp, in many words. ');
  const secret = Buffer.from('what the lamp really cost, again');

  async function send(name: string, bytes: Buffer, more: object): Promise<Attachment> {
    const key = (what: string) => ({ 'idempotency-key': `${what} ${name}`.replaceAll(' ', '-') });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const announced = await world.api.post<{ id: string; put: { url: string; headers: object } }>(
      `/v1/tickets/${ticket}/uploads`,
      { name, type: 'text/plain', size: bytes.length, sha256, ...more },
      key('announce'),
    );
    const { url, headers } = announced.put;
    const put = await fetch(url, { method: 'PUT', headers: { ...headers }, body: new Uint8Array(bytes) });
    expect([put.status, await put.text()]).toEqual([200, '']);
    return world.api.post(`/v1/uploads/${announced.id}/complete`, undefined, key('complete'));
  }
  const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

  it(
    'are at the customer and at the case, byte for byte, where they are public',
    async () => {
      const comment = await world.api.post<{ id: string }>(
        `/v1/tickets/${ticket}/comments`,
        { body: 'Here is the guide.', visibility: 'public' },
        { 'idempotency-key': 'guide' },
      );
      await send('guide.txt', guide, { comment: comment.id });

      await untilSettled('guide.txt');

      const { botUserId } = world.description.sandboxes.slack;
      const [sent] = (await filesInThread()).filter(({ title }) => title === 'guide.txt');
      expect(sent).toMatchObject({
        user: botUserId,
        sha256: createHash('sha256').update(guide).digest('hex'),
      });
      const versions = await versionsOn(thread.caseId);
      expect(versions.filter(({ ContentSize }) => ContentSize === guide.length)).toMatchObject([
        { Checksum: md5(guide) },
      ]);
    },
    patienceMs,
  );

  it(
    'are at the case alone where they are internal',
    async () => {
      const { id } = await send('costs.txt', secret, {});

      const settled = await until(
        'costs.txt at the case',
        async () => {
          const found = await world.api.get<Attachment>(`/v1/attachments/${id}`);
          return found.links.find(({ integration }) => integration === 'salesforce')?.state === 'settled'
            ? found
            : undefined;
        },
        patienceMs,
      );

      const versions = await versionsOn(thread.caseId);
      expect(versions).toContainEqual(expect.objectContaining({ Checksum: md5(secret) }));
      expect((await filesInThread()).map(({ title }) => title)).not.toContain('costs.txt');
      expect(settled.links.map(({ integration }) => integration)).toEqual(['salesforce']);
    },
    patienceMs,
  );
});

describe('a page to sign in where a file should be', () => {
  it(
    'is no file: it is set aside, and the team reads so on the case',
    async () => {
      await world.slack.control('POST', 'faults', {
        on: 'call',
        method: 'download',
        effect: 'login-page',
        times: 1,
      });
      const files = [{ name: 'second.png', type: 'image/png', content: 'another photo' }];
      await world.slack.control('POST', 'files', { threadTs: thread.ts, text: 'and this', files });

      const note = await until(
        'the note on the case',
        async () => {
          const comments = await commentsOn(world, thread.caseId);
          return comments.find((body) => String(body).includes('was not fetched'));
        },
        patienceMs,
      );

      expect(note).toMatch(/second\.png \(13 bytes\) was not fetched from .+: slack answered with a page/);
      expect(await faultsLeft(world)).toEqual([]);
      const { items } = await world.api.get<{ items: { kind?: string; ticket?: string; fault: string }[] }>(
        '/v1/parked',
      );
      expect(items).toMatchObject([{ kind: 'attachment', ticket }]);
    },
    patienceMs,
  );
});
