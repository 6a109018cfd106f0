import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { adapter } from '../../../../../functions/channels/slack/adapter/files.ts';
import { mapping } from '../../../../../functions/channels/slack/mapping.ts';
import type { ExternalId, InternalAttachment, RecordId } from '../../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../../shared/errors.ts';
import type { PublicChange, PublicUpload, UploadIn } from '../../../../../shared/ports/index.ts';
import { type SlackWorld, slackWorld } from '../world.ts';

let world: SlackWorld;
beforeEach(async () => {
  world = await slackWorld();
});
afterEach(() => world.close());

const BYTES = Buffer.from('a picture, as far as anybody knows');
const open = () => adapter.open(world.opening({ connection: world.connection }), world.grant);

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
const shared = async (content: string | number = BYTES.toString(), more: object = {}) => {
  const { files, ...place } = await world.slack.human.upload({
    files: [{ name: 'a.png', content, ...more }],
  });
  return { place, copy: { kind: 'attachment' as const, externalId: files[0] as ExternalId } };
};
const downloaded = async (copy: Awaited<ReturnType<typeof shared>>['copy']) =>
  await bytesOf((await open().download!(copy)).body);

describe('slack files: a download', () => {
  it('is the bytes that were shared, whatever their number', async () => {
    expect((await downloaded((await shared()).copy)).equals(BYTES)).toBe(true);
    expect(await downloaded((await shared(300_000)).copy)).toHaveLength(300_000);
  });

  it('asks for no byte until it is read', async () => {
    const { copy } = await shared(2 * 1024 ** 3);
    world.slack.faults.add({ on: 'call', method: 'download', effect: 'fail' });

    await open().download!(copy);

    expect(world.slack.faults.list()).toHaveLength(1);
  });

  it.each([
    ['login-page', 'login_page'],
    ['short', 'length_mismatch'],
  ] as const)('is refused where the answer is %s, though it says 200', async (effect, vendorCode) => {
    const { copy } = await shared();
    world.slack.faults.add({ on: 'call', method: 'download', effect });

    await expect(downloaded(copy)).rejects.toMatchObject({ code: 'provider_rejected', vendorCode });
  });

  it('takes a page for a file where the file is a page', async () => {
    const { copy } = await shared('<html>report</html>', { name: 'report.html', type: 'text/html' });

    expect((await downloaded(copy)).toString()).toBe('<html>report</html>');
  });

  it('is refused where one is sent to sign in', async () => {
    const { copy } = await shared();
    const { body } = await adapter.open(
      world.opening({
        transfer: (request) =>
          world.opening().transfer({ ...request, headers: { authorization: 'Bearer xoxb-stale' } }),
      }),
      world.grant,
    ).download!(copy);

    await expect(bytesOf(body)).rejects.toMatchObject({ vendorCode: 'login_page' });
  });

  it.each([
    [{ effect: 'cut' }, 'provider_unavailable'],
    [{ effect: 'drop-before' }, 'provider_unavailable'],
    [{ effect: 'fail' }, 'provider_unavailable'],
    [{ effect: 'throttle' }, 'rate_limited'],
  ] as const)('is to be tried again after %o', async (fault, code) => {
    const { copy } = await shared(2_000_000);
    world.slack.faults.add({ on: 'call', method: 'download', ...fault });

    await expect(downloaded(copy)).rejects.toMatchObject({ code });
  });

  it('is refused where the file is gone, or was never here', async () => {
    const { copy } = await shared();
    const { copy: elsewhere } = await shared('x', { from: 'drive' });
    await world.slack.human.removeFile(copy.externalId);

    await expect(open().download!(copy)).rejects.toMatchObject({ vendorCode: 'file_deleted' });
    await expect(open().download!(elsewhere)).rejects.toMatchObject({ vendorCode: 'no_content' });
  });
});

describe('slack files: a read', () => {
  it('shows name, type, size and the message it was shared with', async () => {
    const { place, copy } = await shared();

    expect(await open().read!(copy)).toMatchObject({
      state: 'present',
      observation: {
        ...copy,
        visibility: 'public',
        fields: { name: 'a.png', type: 'image/png', size: BYTES.length },
        parent: { kind: 'ticket', externalId: `${place.channel}:${place.ts}` },
      },
    });
  });

  it('tells a deleted file from one nobody may see', async () => {
    const { copy } = await shared();
    await world.slack.human.removeFile(copy.externalId);
    const unseen = { ...copy, externalId: 'F0NOTTHERE' as ExternalId };

    expect(await open().read!(copy)).toEqual({ state: 'deleted' });
    expect(await open().read!(unseen)).toEqual({ state: 'absent' });
  });
});

const RECORD = 'r1' as RecordId;
async function* content(bytes: Uint8Array = BYTES) {
  yield bytes;
}
async function upload(size = BYTES.length): Promise<UploadIn<PublicChange>> {
  const { channel, ts } = await world.slack.human.post({ text: 'help' });
  const attachment = { visibility: 'public', name: 'a.png', type: 'image/png', size, sha256: '' } as const;
  const parent = { kind: 'ticket', externalId: `${channel}:${ts}` as ExternalId } as const;
  return { record: RECORD, kind: 'attachment', operation: 'create', fields: {}, parent, attachment };
}
async function staged() {
  const file = await upload();
  return { ...file, staged: await open().upload!(file, content()) };
}
const thread = () => world.slack.state().channels[0]!.messages.filter(({ files }) => files !== undefined);

describe('slack files: an upload', () => {
  it('takes no internal file: the compiler refuses it', () => {
    type Upload = NonNullable<ReturnType<typeof adapter.open>['upload']>;
    const attachment: InternalAttachment = {
      visibility: 'internal',
      name: 'a',
      type: 'b',
      size: 1,
      sha256: '',
    };

    expectTypeOf<PublicUpload>().toExtend<Parameters<Upload>[0]>();
    expectTypeOf<{ attachment: typeof attachment }>().not.toExtend<
      Pick<Parameters<Upload>[0], 'attachment'>
    >();
  });

  it('is seen by nobody, and once it is written stands in the thread', async () => {
    const change = await staged();
    expect(thread()).toEqual([]);

    const outcome = await open().write!(change);

    expect(outcome).toEqual({ outcome: 'settled', externalId: change.staged });
    expect(thread()).toMatchObject([
      { files: [change.staged], threadTs: change.parent.externalId.split(':')[1] },
    ]);
    expect(
      (await downloaded({ kind: 'attachment', externalId: change.staged as ExternalId })).equals(BYTES),
    ).toBe(true);
  });

  it('comes back as the hub’s own file, and as nothing anybody said', async () => {
    const change = await staged();
    await open().write!(change);
    await world.slack.flush();
    const context = { hubUserId: world.slack.botUserId, settings: {}, receivedAtMs: 0 };

    const decoded = world.app.received
      .slice(-2)
      .map(({ envelope }) =>
        mapping.decode(Buffer.from(JSON.stringify(envelope)), 'application/json', context),
      );

    expect(decoded).toMatchObject([
      {
        outcome: 'observations',
        observations: [{ kind: 'attachment', externalId: change.staged, authorship: 'hub', fields: {} }],
      },
      { outcome: 'filtered' },
    ]);
  });

  it('is shared once, though written twice, and though the first answer is lost', async () => {
    const change = await staged();
    world.slack.faults.add({ on: 'call', method: 'files.completeUploadExternal', effect: 'drop-after' });

    const first = await open().write!(change);
    const second = await open().write!(change);
    await open().write!(change);

    expect([first.outcome, second.outcome]).toEqual(['uncertain', 'settled']);
    expect(thread()).toHaveLength(1);
  });

  it('is a conflict where what was staged is no longer there', async () => {
    const change = await staged();
    await world.slack.human.removeFile(change.staged);

    expect(await open().write!(change)).toMatchObject({ outcome: 'refused', why: 'conflict' });
  });

  it('is shown to nobody where the conversation is gone', async () => {
    const change = await staged();
    const [channel = '', ts = ''] = change.parent.externalId.split(':');
    await world.slack.human.remove({ channel, ts });

    expect(await open().write!(change)).toMatchObject({ outcome: 'refused', why: 'gone' });
    expect(thread()).toEqual([]);
  });

  it.each([
    [{ method: 'upload', effect: 'drop-after' }, 'provider_unavailable'],
    [{ method: 'upload', effect: 'fail' }, 'provider_unavailable'],
    [{ method: 'upload', effect: 'throttle' }, 'rate_limited'],
    [{ method: 'files.getUploadURLExternal', effect: 'throttle' }, 'rate_limited'],
    [
      { method: 'files.getUploadURLExternal', effect: 'error', error: 'file_uploads_disabled' },
      'provider_rejected',
    ],
    [
      { method: 'files.getUploadURLExternal', effect: 'error', error: 'invalid_auth' },
      'reauthorization_required',
    ],
  ] as const)('fails as the vendor means it: %o', async (fault, code) => {
    world.slack.faults.add({ on: 'call', ...fault });

    await expect(staged()).rejects.toMatchObject({ code });
  });

  it('fails as its source does, and is refused beyond a gigabyte', async () => {
    const lost = new ProviderUnavailableError('s3 is away');
    const broken = (async function* () {
      yield BYTES.subarray(0, 5);
      throw lost;
    })();

    await expect(open().upload!(await upload(), broken)).rejects.toBe(lost);
    await expect(open().upload!(await upload(1024 ** 3 + 1), content())).rejects.toMatchObject({
      vendorCode: 'file_upload_size_restricted',
    });
  });

  it('deletes the hub’s own, and nobody else’s', async () => {
    const change = await staged();
    await open().write!(change);
    const { copy } = await shared();
    const gone = { record: RECORD, kind: 'attachment', operation: 'delete', fields: {} } as const;

    const own = await open().write!({ ...gone, externalId: change.staged as ExternalId });
    const again = await open().write!({ ...gone, externalId: change.staged as ExternalId });
    const other = await open().write!({ ...gone, externalId: copy.externalId });

    expect([own, again, other]).toMatchObject([
      { outcome: 'settled' },
      { outcome: 'refused', why: 'gone' },
      { outcome: 'refused', why: 'rejected' },
    ]);
  });
});
