import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { HubEdit, NewFile } from '../../../shared/ports/index.ts';
import {
  CHAT,
  DESK,
  type FilesHub,
  fileRoot,
  filesHub,
  inPieces,
  LIMIT_BYTES,
  MESSAGE,
  rootsOf,
  THREAD,
} from './files.ts';
import { ACME } from './hub.ts';

const MANUAL = Buffer.from('how to put out a lamp');
const FILE_ID = 'file-of-the-hub' as RecordId;
const KEY = 'uploads/acme/file-of-the-hub';

let hub: FilesHub;
let ticket: RecordId;

beforeEach(async () => {
  hub = filesHub();
  await hub.hear(THREAD);
  await hub.work(10_000);
  ticket = rootsOf(hub, 'ticket')[0]!.id;
});

async function send(file: Partial<NewFile & { id: RecordId }> = {}, key = 'once') {
  const stored = await hub.contents.put(KEY, inPieces(MANUAL), LIMIT_BYTES);
  const edit: HubEdit = {
    edit: 'attachment',
    id: FILE_ID,
    name: 'manual.txt',
    type: 'text/plain',
    content: { key: KEY, ...stored },
    ...file,
  };
  return hub.engine.edit({ organization: ACME, root: ticket, actor: 'agent:one', idempotencyKey: key, edit });
}
const sentTo = ({ uploaded }: FilesHub['chat']) => uploaded.map(({ bytes }) => bytes.toString());
const commentId = (): RecordId =>
  hub.deps.store
    .items()
    .find(({ sk }) => /^child#[^ ]+$/.test(sk))!
    .sk.slice('child#'.length) as RecordId;

describe('a file sent through the hub', () => {
  it('goes to every place, under its ticket’s copy there, without being fetched from anywhere', async () => {
    await send({ visibility: 'public' });

    await hub.work(60_000);

    expect(sentTo(hub.chat)).toEqual([MANUAL.toString()]);
    expect(sentTo(hub.desk)).toEqual([MANUAL.toString()]);
    expect(hub.chat.written).toMatchObject([
      {
        kind: 'attachment',
        operation: 'create',
        parent: { kind: 'ticket', externalId: THREAD.externalId },
        attachment: {
          visibility: 'public',
          name: 'manual.txt',
          type: 'text/plain',
          size: MANUAL.length,
          sha256: createHash('sha256').update(MANUAL).digest('hex'),
        },
      },
    ]);
    expect([...hub.chat.calls, ...hub.desk.calls].filter((call) => call.startsWith('download'))).toEqual([]);
    expect(hub.bus.events.filter(({ type }) => type === 'attachment.created')).toMatchObject([
      { data: { record: FILE_ID, source: 'hub' } },
    ]);
  });

  it.each([undefined, 'internal'] as const)(
    'that is told to be seen by %s reaches the team alone',
    async (visibility) => {
      await send(visibility === undefined ? {} : { visibility });

      await hub.work(60_000);

      expect(sentTo(hub.desk)).toEqual([MANUAL.toString()]);
      expect(hub.chat.calls).toEqual([]);
    },
  );

  it('of a comment is seen by whoever sees the comment, after it', async () => {
    await hub.hear(MESSAGE);
    await hub.work(10_000);

    await send({ comment: commentId() });
    await hub.work(60_000);

    expect(hub.chat.written).toMatchObject([
      {
        attachment: { visibility: 'public' },
        parent: { kind: 'comment', externalId: MESSAGE.externalId, rootExternalId: THREAD.externalId },
      },
    ]);
    expect(hub.desk.written.at(-1)).toMatchObject({ kind: 'attachment', parent: { kind: 'comment' } });
  });

  it('of a note goes where the note goes, and cannot be made public', async () => {
    const note = { edit: 'comment', visibility: 'internal', body: 'psst', authorName: 'Ada' } as const;
    const asked = { organization: ACME, root: ticket, actor: 'agent:one' };
    const { comment } = await hub.engine.edit({ ...asked, idempotencyKey: 'note', edit: note });

    await expect(send({ comment: comment!, visibility: 'public' })).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/visibility',
    });
    await send({ comment: comment! });
    await hub.work(60_000);

    expect(hub.chat.calls).toEqual([]);
    expect(sentTo(hub.desk)).toEqual([MANUAL.toString()]);
  });

  it('is made once, whoever asks again and under whatever key', async () => {
    const [first, again, other] = [await send(), await send(), await send({}, 'another key')];
    await hub.work(60_000);

    expect(again).toEqual(first);
    expect(other).toEqual(first);
    expect(rootsOf(hub, 'attachment')).toHaveLength(1);
    expect(sentTo(hub.desk)).toHaveLength(1);
  });

  it('hangs on nothing that is not there', async () => {
    const root = 'never-was' as RecordId;
    const file = { name: 'a', type: 'text/plain', size: 1 };

    await expect(send({ comment: `${ticket}.never` as RecordId })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(hub.engine.admit({ organization: ACME, root, file })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      hub.engine.admit({ organization: ACME, root: ticket, file: { ...file, comment: root } }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(rootsOf(hub, 'attachment')).toEqual([]);
  });
});

describe('what a place does not carry', () => {
  const admit = (file: Partial<NewFile & { size: number }>) =>
    hub.engine.admit({
      organization: ACME,
      root: ticket,
      file: { name: 'a.txt', type: 'text/plain', size: LIMIT_BYTES, ...file },
    });

  it('is refused before a byte of it is sent, with the name of the place and the limit', async () => {
    expect(await admit({})).toEqual({ visibility: 'internal' });

    await expect(admit({ size: LIMIT_BYTES + 1 })).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/size',
      message: `desk does not take it: files of up to ${LIMIT_BYTES} bytes are carried`,
    });
  });
});

describe('the bytes of a file sent through the hub', () => {
  const dies = (connection: ConnectionId) =>
    hub.hear(
      { kind: 'attachment', externalId: 'staged-1' as ExternalId, life: 'deleted', fields: {} },
      connection,
    );

  it.each([CHAT, DESK])('go once it is deleted at %s, and so do its other copies', async (connection) => {
    await send({ visibility: 'public' });
    await hub.work(60_000);
    const other = connection === CHAT ? hub.desk : hub.chat;
    other.present = { visibility: 'public' };
    other.answer = () => ({ outcome: 'settled', externalId: 'staged-1' as ExternalId });

    await dies(connection);
    await hub.work(60_000);

    expect(hub.contents.keys()).toEqual([]);
    expect(fileRoot(hub).file?.content).toBeUndefined();
    expect(other.calls.at(-1)).toBe('delete attachment');
  });

  it('come back from the copy that does', async () => {
    await send({ visibility: 'internal' });
    await hub.work(60_000);
    await dies(DESK);
    await hub.work(60_000);
    hub.desk.present = { fields: {}, visibility: 'internal', atMs: hub.clock.now() + 1_000 };
    hub.desk.download = async () => ({ body: inPieces(MANUAL) });

    hub.clock.advance(5_000);
    await hub.hear(
      { kind: 'attachment', externalId: 'staged-1' as ExternalId, life: 'undeleted', fields: {} },
      DESK,
    );
    await hub.work(60_000);

    expect(fileRoot(hub).deleted).toBeUndefined();
    expect(fileRoot(hub).file?.content).toMatchObject({ size: MANUAL.length });
    expect(hub.contents.keys()).toEqual([fileRoot(hub).file?.content?.key]);
  });
});
