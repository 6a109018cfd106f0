import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../../../functions/connectors/salesforce/adapter/files.ts';
import type { ExternalId } from '../../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../../shared/errors.ts';
import type { RemoteChange, UploadIn, WriteOutcome } from '../../../../../shared/ports/index.ts';
import { type Connected, connected, RECORD } from '../world.ts';

let world: Connected;
let caseId: string;
beforeEach(async () => {
  world = await connected();
  caseId = world.sandbox.human.createCase({ subject: 'a case' }).id;
});
afterEach(() => world.sandbox.close());

const BYTES = Buffer.from('a picture, as far as anybody knows');
const open = () => adapter.open(world.opening, world.grant);
const copyOf = (id: string) => ({ kind: 'attachment' as const, externalId: id as ExternalId });
async function attached(more: object = {}) {
  const file = { name: 'photo.png', content: BYTES.toString(), ...more };
  return await world.sandbox.human.attach(caseId, file);
}
async function bytesOf(id: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await open().download!(copyOf(id))).body) pieces.push(piece);
  return Buffer.concat(pieces);
}
const fault = (effect: string, path = 'VersionData', more: object = {}) =>
  world.sandbox.faults.add({ on: 'call', path, effect, ...more } as never);

describe('salesforce files: a download', () => {
  it('is the bytes of the first version, whatever their number', async () => {
    const { documentId } = await attached();
    const large = await attached({ content: 300_000 });
    await attached({ on: documentId, content: 'another version' });

    expect((await bytesOf(documentId)).equals(BYTES)).toBe(true);
    expect(await bytesOf(large.documentId)).toHaveLength(300_000);
  });

  it('asks for no byte until it is read, and tells what the call cost', async () => {
    const { documentId } = await attached({ content: 2 * 1024 ** 3 });
    fault('fail');

    await open().download!(copyOf(documentId));

    expect(world.sandbox.faults.list()).toHaveLength(1);
    expect(world.usages.at(-1)).toMatchObject({ limit: 'api', max: 15_000 });
  });

  it.each([
    ['login-page', { vendorCode: 'login_page' }],
    ['half', { vendorCode: 'length_mismatch' }],
    ['cut', { code: 'provider_unavailable' }],
    ['drop-before', { code: 'provider_unavailable' }],
    ['fail', { code: 'provider_unavailable' }],
    ['throttle', { code: 'rate_limited' }],
  ])('is not the file where the answer is %s', async (effect, expected) => {
    const { documentId } = await attached({ content: 2_000_000 });
    fault(effect);

    await expect(bytesOf(documentId)).rejects.toMatchObject(expected);
  });

  it('wants a new session where the old one ended meanwhile', async () => {
    const { documentId } = await attached();
    fault('error', 'VersionData', { error: 'INVALID_SESSION_ID', status: 401 });

    await expect(bytesOf(documentId)).rejects.toMatchObject({ code: 'reauthorization_required' });
  });

  it('is refused where the file is gone', async () => {
    const { documentId } = await attached();
    world.sandbox.human.remove(documentId);

    await expect(bytesOf(documentId)).rejects.toMatchObject({ vendorCode: 'no_content' });
  });
});

describe('salesforce files: a read', () => {
  it('shows name, type, size, its case, and whom it is for', async () => {
    const shown = await attached({ visibility: 'AllUsers' });
    const kept = await attached();

    expect(await open().read!(copyOf(shown.documentId))).toMatchObject({
      state: 'present',
      observation: {
        ...copyOf(shown.documentId),
        visibility: 'public',
        authorship: 'other',
        parent: { kind: 'ticket', externalId: caseId },
        fields: { name: 'photo.png', type: 'image/png', size: BYTES.length },
      },
    });
    expect(await open().read!(copyOf(kept.documentId))).toMatchObject({
      observation: { visibility: 'internal' },
    });
  });

  it('tells a deleted file from one that is shared with no case', async () => {
    const gone = await attached();
    const loose = await attached();
    world.sandbox.human.remove(gone.documentId);
    world.sandbox.human.remove(loose.linkId!);

    expect(await open().read!(copyOf(gone.documentId))).toEqual({ state: 'deleted' });
    expect(await open().read!(copyOf(loose.documentId))).toEqual({ state: 'absent' });
  });
});

async function* content(bytes: Uint8Array = BYTES) {
  yield bytes;
}
function file(more: Partial<UploadIn<RemoteChange>['attachment']> = {}): UploadIn<RemoteChange> {
  return {
    record: RECORD,
    kind: 'attachment',
    operation: 'create',
    fields: {},
    parent: {
      kind: 'comment',
      externalId: '00a000000000001AAA' as ExternalId,
      rootExternalId: caseId as ExternalId,
    },
    attachment: {
      visibility: 'public',
      name: 'Grüße "1".png',
      type: 'image/png',
      size: BYTES.length,
      sha256: '',
      ...more,
    } as never,
  };
}
async function staged(given = file()) {
  return { ...given, staged: await open().upload!(given, content()) };
}
const links = () =>
  world.sandbox.human.find(
    `SELECT ContentDocumentId, Visibility FROM ContentDocumentLink WHERE LinkedEntityId = '${caseId}' AND IsDeleted = false`,
  );
const versions = () =>
  world.sandbox.human.find('SELECT Title, ContentSize, Deskbridge_Id__c FROM ContentVersion');
const why = (outcome: WriteOutcome) => (outcome.outcome === 'refused' ? outcome.why : outcome.outcome);

describe('salesforce files: an upload', () => {
  it('lies in the hub’s own library with its mark, and once it is written on the case', async () => {
    const change = await staged();
    expect(links()).toEqual([]);
    expect(versions()).toMatchObject([
      { Title: 'Grüße "1"', ContentSize: BYTES.length, Deskbridge_Id__c: RECORD },
    ]);

    const outcome = await open().write!(change);

    expect(outcome).toEqual({ outcome: 'settled', externalId: change.staged });
    expect(links()).toMatchObject([{ ContentDocumentId: change.staged, Visibility: 'AllUsers' }]);
    expect((await bytesOf(change.staged)).equals(BYTES)).toBe(true);
  });

  it('is for the team alone where it is internal, whatever the org’s default', async () => {
    world.sandbox.settings({ hasSites: false });

    await open().write!(await staged(file({ visibility: 'internal' } as never)));

    expect(links()).toMatchObject([{ Visibility: 'InternalUsers' }]);
  });

  it('is made once, though its answer is lost, and shared once, though written twice', async () => {
    fault('drop-after', '/sobjects/ContentVersion');
    await expect(staged()).rejects.toMatchObject({ code: 'provider_unavailable' });
    const change = await staged();
    fault('drop-after', '/composite');

    const outcomes = [await open().write!(change), await open().write!(change), await open().write!(change)];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['uncertain', 'settled', 'settled']);
    expect([versions().length, links().length]).toEqual([1, 1]);
  });

  it('is a conflict where what was staged is gone, and gone where the case is', async () => {
    const [first, second] = [await staged(), await staged(file({ size: BYTES.length }))];
    world.sandbox.human.remove(caseId);
    const caseGone = await open().write!(second);
    world.sandbox.human.undelete(caseId);
    world.sandbox.human.remove(first.staged);

    expect([why(caseGone), why(await open().write!(first))]).toEqual(['gone', 'conflict']);
  });

  it('is shown by a read as the hub’s own', async () => {
    const change = await staged();
    await open().write!(change);

    expect(await open().read!(copyOf(change.staged))).toMatchObject({
      observation: { authorship: 'hub', marker: RECORD, fields: {}, visibility: 'public' },
    });
  });

  it.each([
    ['throttle', { code: 'rate_limited' }],
    ['fail', { code: 'provider_unavailable' }],
    ['drop-before', { code: 'provider_unavailable' }],
    ['login-page', { code: 'provider_unavailable' }],
  ])('fails as the vendor means it: %s', async (effect, expected) => {
    fault(effect, '/sobjects/ContentVersion');

    await expect(staged()).rejects.toMatchObject(expected);
  });

  it('fails as its source does', async () => {
    const lost = new ProviderUnavailableError('s3 is away');
    const broken = (async function* () {
      yield BYTES.subarray(0, 5);
      throw lost;
    })();

    await expect(open().upload!(file(), broken)).rejects.toBe(lost);
    expect(versions()).toEqual([]);
  });

  it('is refused in the vendor’s words where its user may not', async () => {
    world.sandbox.settings({ denied: { ContentVersion: ['create'] } });

    await expect(staged()).rejects.toMatchObject({ vendorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' });
  });

  it('is deleted by its document', async () => {
    const change = await staged();
    await open().write!(change);
    const gone = { record: RECORD, kind: 'attachment', operation: 'delete', fields: {} } as const;
    const deletion = { ...gone, externalId: change.staged as ExternalId };

    expect([why(await open().write!(deletion)), why(await open().write!(deletion))]).toEqual([
      'settled',
      'gone',
    ]);
    expect(links()).toEqual([]);
  });
});
