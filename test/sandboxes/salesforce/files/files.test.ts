import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../connect.ts';
import { closeAll, start } from '../relay-world.ts';
import { BASE } from '../rest-world.ts';

const BYTES = Buffer.from('a picture, as far as anybody knows');
let world: Awaited<ReturnType<typeof open>>;
async function open() {
  const { sandbox, received } = await start();
  const connection = await connect(sandbox);
  const authorization = { authorization: `Bearer ${connection.accessToken}` };
  const { id: caseId } = sandbox.human.createCase({ subject: 'a case' });
  return { sandbox, received, connection, authorization, caseId };
}
beforeEach(async () => {
  world = await open();
});
afterEach(closeAll);

const versions = (where = '') =>
  world.connection.query(
    `SELECT Id, ContentDocumentId, Title, FileExtension, ContentSize, Checksum, VersionNumber, IsLatest FROM ContentVersion${where}`,
  );
const links = (where: string) =>
  world.connection.query(
    `SELECT Id, LinkedEntityId, ShareType, Visibility FROM ContentDocumentLink WHERE ${where}`,
  );
async function created(fields: object = {}): Promise<string> {
  const made = await world.connection
    .sobject('ContentVersion')
    .create({ PathOnClient: 'photo.png', VersionData: BYTES.toString('base64'), ...fields });
  return made.id ?? '';
}
const documentOf = async (version: string) =>
  String((await versions(` WHERE Id = '${version}'`)).records[0]?.ContentDocumentId);
function sent(parts: readonly [string, string | Blob, string?][]) {
  const form = new FormData();
  for (const [name, value, filename] of parts)
    if (typeof value === 'string') form.append(name, new Blob([value], { type: 'application/json' }));
    else form.append(name, value, filename ?? name);
  return fetch(`${world.sandbox.url}${BASE}/sobjects/ContentVersion`, {
    method: 'POST',
    headers: world.authorization,
    body: form,
  });
}

describe('Salesforce sandbox, a version', () => {
  it('is made of base64 by the official client, and read back by it', async () => {
    const id = await created({ FirstPublishLocationId: world.caseId });

    const [row] = (await versions()).records;
    expect(row).toMatchObject({
      Title: 'photo',
      FileExtension: 'png',
      ContentSize: BYTES.length,
      Checksum: createHash('md5').update(BYTES).digest('hex'),
      VersionNumber: '1',
      IsLatest: true,
    });
    const stream = world.connection.sobject('ContentVersion').record(id).blob('VersionData');
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(Buffer.from(piece));
    expect(Buffer.concat(pieces).equals(BYTES)).toBe(true);
  });

  it('is made of a form: the entity first, then the file', async () => {
    const entity = JSON.stringify({ PathOnClient: 'a.bin', FirstPublishLocationId: world.caseId });

    const answer = await sent([
      ['entity_content', entity],
      ['VersionData', new Blob([BYTES]), 'a.bin'],
    ]);

    expect(answer.status).toBe(201);
    expect((await versions()).records).toMatchObject([{ Title: 'a', ContentSize: BYTES.length }]);
  });

  it.each([
    ['without its entity', [['VersionData', new Blob(['x']), 'a.bin']], 'INVALID_MULTIPART_REQUEST'],
    ['without its file', [['entity_content', '{"PathOnClient":"a.bin"}']], 'REQUIRED_FIELD_MISSING'],
    [
      'without a path',
      [
        ['entity_content', '{}'],
        ['VersionData', new Blob(['x']), 'a.bin'],
      ],
      'REQUIRED_FIELD_MISSING',
    ],
  ] as [string, [string, string | Blob, string?][], string][])(
    'is refused %s',
    async (_, parts, errorCode) => {
      const answer = await sent(parts);

      expect([answer.status, await answer.json()]).toMatchObject([400, [{ errorCode }]]);
    },
  );

  it('is the next of its document where it names one', async () => {
    const first = await created();
    const document = await documentOf(first);

    await created({ ContentDocumentId: document, PathOnClient: 'better.png' });

    const { records } = await versions(` WHERE ContentDocumentId = '${document}' ORDER BY VersionNumber`);
    expect(records).toMatchObject([
      { VersionNumber: '1', IsLatest: false },
      { VersionNumber: '2', IsLatest: true, Title: 'better' },
    ]);
  });

  it('cannot be deleted by itself', async () => {
    const id = await created();

    await expect(world.connection.sobject('ContentVersion').destroy(id)).rejects.toMatchObject({
      errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
    });
  });

  it('may be half of itself, or a page, and say 200', async () => {
    const id = await created();
    const get = () =>
      fetch(`${world.sandbox.url}${BASE}/sobjects/ContentVersion/${id}/VersionData`, {
        headers: world.authorization,
      });
    world.sandbox.faults.add({ on: 'call', path: 'VersionData', effect: 'half' });
    world.sandbox.faults.add({ on: 'call', path: 'VersionData', effect: 'login-page' });

    const [half, page, whole] = [await get(), await get(), await get()];

    expect((await half.arrayBuffer()).byteLength).toBe(BYTES.length / 2);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(whole.headers.get('content-type')).toBe('application/octetstream');
  });
});

describe('Salesforce sandbox, where a file is shared', () => {
  it('is its author’s library, and the record it was published to, internally where the org has a site', async () => {
    const document = await documentOf(await created({ FirstPublishLocationId: world.caseId }));
    world.sandbox.settings({ hasSites: false });
    const other = await documentOf(await created({ FirstPublishLocationId: world.caseId }));

    const { records } = await links(
      `ContentDocumentId IN ('${document}', '${other}') AND LinkedEntityId = '${world.caseId}'`,
    );

    expect(records).toMatchObject([
      { ShareType: 'V', Visibility: 'InternalUsers' },
      { ShareType: 'V', Visibility: 'AllUsers' },
    ]);
    expect((await links(`ContentDocumentId = '${document}'`)).totalSize).toBe(2);
  });

  it('is said by a link, once for each record', async () => {
    const ContentDocumentId = await documentOf(await created());
    const link = { ContentDocumentId, LinkedEntityId: world.caseId, ShareType: 'V', Visibility: 'AllUsers' };
    await world.connection.sobject('ContentDocumentLink').create(link);

    await expect(world.connection.sobject('ContentDocumentLink').create(link)).rejects.toMatchObject({
      errorCode: 'DUPLICATE_VALUE',
    });
  });

  it.each([
    ['nothing', ''],
    ['its visibility', " WHERE Visibility = 'AllUsers'"],
    ['one or the other', " WHERE ContentDocumentId = '069000000000001AAA' OR Visibility = 'AllUsers'"],
  ])('is not listed by %s', async (_, where) => {
    const query = `SELECT Id FROM ContentDocumentLink${where}`;
    const refusal = { errorCode: 'MALFORMED_QUERY' };

    await expect(world.connection.query(query)).rejects.toMatchObject(refusal);
    const job = {
      method: 'POST',
      url: '/jobs/query',
      body: JSON.stringify({ operation: 'query', query }),
    } as const;
    await expect(world.connection.request(job)).rejects.toMatchObject(refusal);
  });

  it('hides others’ files from queries without an id, unless one may query all', async () => {
    const { documentId } = await world.sandbox.human.attach(world.caseId, { name: 'a.txt', content: 'a' });
    world.sandbox.settings({ mayQueryAllFiles: false });

    const listed = await world.connection.query('SELECT Id FROM ContentDocument');
    const named = await world.connection.query(`SELECT Id FROM ContentDocument WHERE Id = '${documentId}'`);

    expect([listed.totalSize, named.totalSize]).toEqual([0, 1]);
  });
});

describe('Salesforce sandbox, a document', () => {
  it('takes versions and links into the bin, and says so to whoever asks', async () => {
    const { documentId, versionId } = await world.sandbox.human.attach(world.caseId, {
      name: 'a.txt',
      content: 'a',
    });

    await world.connection.sobject('ContentDocument').destroy(documentId);

    const all = await world.connection.request<{ records: unknown[] }>(
      `${BASE}/queryAll?q=${encodeURIComponent(`SELECT Id, IsDeleted FROM ContentVersion WHERE Id = '${versionId}'`)}`,
    );
    expect(all.records).toMatchObject([{ IsDeleted: true }]);
    const { deletedRecords } = await world.connection
      .sobject('ContentDocument')
      .deleted(new Date(Date.now() - 600_000), new Date(Date.now() + 120_000));
    expect(deletedRecords.map(({ id }) => id)).toEqual([documentId]);
    world.sandbox.human.undelete(documentId);
    expect((await versions()).totalSize).toBe(1);
  });

  it('is renamed with its latest version', async () => {
    const { documentId, versionId } = await world.sandbox.human.attach(world.caseId, {
      name: 'a.txt',
      content: 'a',
    });

    world.sandbox.human.edit(versionId, { Title: 'renamed' });

    const { records } = await world.connection.query(
      `SELECT Title, LatestPublishedVersionId FROM ContentDocument WHERE Id = '${documentId}'`,
    );
    expect(records).toMatchObject([{ Title: 'renamed', LatestPublishedVersionId: versionId }]);
  });

  it('and its links make change events; versions are on no channel of the package', async () => {
    const { documentId } = await world.sandbox.human.attach(world.caseId, { name: 'a.txt', content: 'a' });
    world.sandbox.human.remove(documentId);

    const told = (await world.received()).filter(({ type }) => type.startsWith('Content'));

    expect(told.map(({ type, header }) => [type, header.changeType])).toEqual([
      ['ContentDocumentChangeEvent', 'CREATE'],
      ['ContentDocumentLinkChangeEvent', 'CREATE'],
      ['ContentDocumentLinkChangeEvent', 'CREATE'],
      ['ContentDocumentLinkChangeEvent', 'DELETE'],
      ['ContentDocumentChangeEvent', 'DELETE'],
    ]);
    expect(told[2]?.payload).toMatchObject({
      ContentDocumentId: documentId,
      LinkedEntityId: world.caseId,
      Visibility: 'InternalUsers',
    });
  });

  it('describes what a version has', async () => {
    const { fields } = await world.connection.sobject('ContentVersion').describe();

    expect(fields.find(({ name }) => name === 'VersionData')).toMatchObject({
      type: 'base64',
      createable: true,
    });
  });
});
