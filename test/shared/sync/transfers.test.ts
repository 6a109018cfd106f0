import { describe, expect, it } from 'vitest';
import type { ExternalId, Fields } from '../../../shared/domain/index.ts';
import {
  ConflictError,
  NotFoundError,
  ProviderRejectedError,
  ProviderUnavailableError,
} from '../../../shared/errors.ts';
import type { Child } from '../../../shared/sync/index.ts';
import { TIMING } from '../../../shared/sync/timing.ts';
import {
  CHAT,
  DESK,
  FILE,
  type FilesHub,
  fileRoot,
  filesHub,
  inPieces,
  LIMIT_BYTES,
  PHOTO,
  THREAD,
} from './files.ts';
import { ACME, FILES_LIVE_MS, parkedOf } from './hub.ts';

const notes = ({ deps }: FilesHub): readonly string[] =>
  deps.store
    .items()
    .filter(({ sk }) => /^child#[^ ]+$/.test(sk))
    .map(({ data }) => data as Child)
    .filter(({ author }) => author.role === 'system')
    .map(({ visibility, fields }) => `${visibility}: ${fields.body}`);

async function withFile(fields: Fields = {}): Promise<FilesHub> {
  const hub = filesHub();
  await hub.hear(THREAD);
  await hub.hear({ ...FILE, fields: { ...FILE.fields, ...fields } });
  return hub;
}

describe('a file that is not carried', () => {
  it('because it is too large is never asked for, and the ticket says so to the team', async () => {
    const hub = await withFile({ name: 'film.mov', size: 2 * 1024 ** 3 });

    await hub.work(60_000);

    expect(hub.chat.calls).not.toContain('download file-1');
    expect(await parkedOf(hub)).toMatchObject([
      { connection: CHAT, kind: 'attachment', fault: 'organization', code: 'file_rule' },
    ]);
    expect(notes(hub)).toEqual([
      'internal: film.mov (2 GB) was not fetched from chat: files of up to 1000 bytes are carried',
    ]);
    expect(hub.desk.written).toMatchObject([
      { kind: 'ticket' },
      { kind: 'comment', comment: { visibility: 'internal' } },
    ]);
  });

  it('because more comes than was said is cut off, and nothing of it is kept', async () => {
    const hub = await withFile();
    hub.chat.download = async () => ({ body: inPieces(Buffer.alloc(LIMIT_BYTES + 1)) });

    await hub.work(60_000);

    expect(hub.contents.keys()).toEqual([]);
    expect(await parkedOf(hub)).toMatchObject([{ connection: CHAT, code: 'file_too_large' }]);
  });

  it('because its vendor answers with something else is set aside with the vendor’s word', async () => {
    const hub = await withFile();
    hub.chat.download = async () => {
      throw new ProviderRejectedError('an HTML page came instead of the file', {
        vendorCode: 'not_the_file',
      });
    };

    await hub.work(60_000);

    expect(notes(hub)).toEqual([
      'internal: photo.png (20 bytes) was not fetched from chat: an HTML page came instead of the file',
    ]);
  });

  it('because its target refuses it is noted once, however often it is tried again', async () => {
    const hub = await withFile();
    hub.desk.upload = async () => {
      throw new ProviderRejectedError('files of this type are blocked', { vendorCode: 'BLOCKED' });
    };
    await hub.work(60_000);

    const [parked] = await parkedOf(hub);
    await hub.engine.replay(ACME, parked!.id, 'user:1');
    await hub.work(60_000);

    expect(hub.desk.calls.filter((call) => call.startsWith('upload'))).toHaveLength(2);
    expect(notes(hub)).toEqual([
      'internal: photo.png (20 bytes) was not sent to desk: files of this type are blocked',
    ]);
    expect(await parkedOf(hub)).toMatchObject([{ connection: DESK, code: 'BLOCKED' }]);
  });
});

describe('a transfer', () => {
  it('that breaks off is made again from the beginning', async () => {
    const hub = await withFile();
    const { download } = hub.chat;
    hub.chat.download = async () => {
      hub.chat.download = download;
      return { body: broken() };
    };

    await hub.work(120_000);

    expect(hub.chat.calls).toEqual(['download file-1', 'download file-1']);
    expect(hub.desk.uploaded.map(({ bytes }) => bytes)).toEqual([PHOTO]);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('of a worker that was killed is left alone until its function is over, then made again and its rest removed', async () => {
    const hub = await withFile();
    hub.chat.download = () => new Promise(() => {});
    const killed = hub.work();
    await untilCalled(hub, 'download file-1');
    void killed;
    const { key } = fileRoot(hub).lanes[CHAT]!.transfer!;
    await hub.contents.put(key!, inPieces(PHOTO), LIMIT_BYTES);
    hub.chat.download = async () => ({ body: inPieces(PHOTO) });

    hub.clock.advance(600_000);
    await hub.engine.sweep();
    await hub.work(1_000);
    expect(hub.chat.calls).toEqual(['download file-1']);
    hub.clock.advance(600_000);
    await hub.engine.sweep();
    await hub.work(60_000);

    expect(hub.chat.calls).toEqual(['download file-1', 'download file-1']);
    expect(hub.contents.keys()).toEqual([fileRoot(hub).file!.content!.key]);
    expect(hub.contents.keys()).not.toContain(key);
  });

  it('of a worker that was killed as it sent the last of them leaves none that land after it', async () => {
    const hub = await withFile();
    hub.chat.download = () => new Promise(() => {});
    void hub.work();
    await untilCalled(hub, 'download file-1');
    const { key } = fileRoot(hub).lanes[CHAT]!.transfer!;
    hub.chat.download = async () => ({ body: inPieces(PHOTO) });

    hub.clock.advance(FILES_LIVE_MS + 1_000);
    await hub.engine.sweep();
    await hub.work(1_000);
    await hub.contents.put(key!, inPieces(PHOTO), LIMIT_BYTES);
    hub.clock.advance(2 * TIMING.landingMs);
    await hub.engine.sweep();
    await hub.work(60_000);

    expect(hub.contents.keys()).toEqual([fileRoot(hub).file!.content!.key]);
    expect(hub.contents.keys()).not.toContain(key);
  });

  it('of a worker that was killed leaves no bytes of a file that was deleted meanwhile', async () => {
    const hub = await withFile();
    hub.chat.download = () => new Promise(() => {});
    void hub.work();
    await untilCalled(hub, 'download file-1');
    const { key } = fileRoot(hub).lanes[CHAT]!.transfer!;
    await hub.contents.put(key!, inPieces(PHOTO), LIMIT_BYTES);

    await hub.hear({ ...FILE, life: 'deleted' });
    await hub.work(60_000);
    expect(hub.contents.keys()).toEqual([key]);
    hub.clock.advance(1_200_000);
    await hub.engine.sweep();
    await hub.work(60_000);

    expect(fileRoot(hub).deleted).toMatchObject({ source: CHAT });
    expect(fileRoot(hub).lanes[CHAT]).not.toHaveProperty('transfer');
    expect(hub.contents.keys()).toEqual([]);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('whose workers are killed one after the other is set aside', async () => {
    const hub = await withFile();
    hub.chat.download = () => new Promise(() => {});
    for (let killed = 1; killed <= 6; killed += 1) {
      void hub.work();
      await untilCalled(hub, 'download file-1', killed);
      hub.clock.advance(1_200_000);
      await hub.engine.sweep();
    }

    await hub.work(60_000);

    expect(hub.chat.calls).toHaveLength(6);
    expect(await parkedOf(hub)).toMatchObject([{ connection: CHAT, fault: 'hub', code: 'transfer_killed' }]);
  });

  it.each([
    ['met another’s', false],
    ['its store calls a conflict with itself, though it was made', true],
  ])('is not made twice for a commit that %s', async (_which, isMade) => {
    const hub = await withFile();
    const { store } = hub.deps;
    hub.chat.download = async () => {
      const commit = store.commit.bind(store);
      Object.assign(store, {
        commit: async (writes: Parameters<typeof commit>[0]) => {
          Object.assign(store, { commit });
          if (isMade) await commit(writes);
          throw new ConflictError('somebody was quicker');
        },
      });
      return { body: inPieces(PHOTO) };
    };

    await hub.work(60_000);
    // What the commit owed was told to nobody.
    hub.clock.advance(TIMING.overdueAfterMs);
    await hub.engine.sweep();
    await hub.work(60_000);

    expect(hub.chat.calls).toEqual(['download file-1']);
    expect(hub.desk.calls).toContain('create attachment');
    expect(hub.desk.uploaded).toMatchObject([{ bytes: PHOTO }]);
  });

  it('whose bytes are gone at their target by the time they are to be shown is made again', async () => {
    const hub = await withFile();
    const { answer } = hub.desk;
    hub.desk.answer = (change) => {
      if (!('staged' in change)) return answer(change);
      hub.desk.answer = answer;
      const error = new ProviderRejectedError('no such file', { vendorCode: 'file_not_found' });
      return { outcome: 'refused', why: 'conflict', error };
    };

    await hub.work(60_000);

    expect(hub.desk.written.at(-1)).toMatchObject({ staged: 'staged-2' as ExternalId });
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('that would outlast its function is given up, and said so', async () => {
    const hub = await withFile();
    hub.chat.download = async () => ({ body: slowly(hub) });

    await hub.work(60_000);

    expect(await parkedOf(hub)).toMatchObject([{ connection: CHAT, code: 'transfer_too_slow' }]);
  });

  it('of a file that is deleted meanwhile is no failure: it is read, and gone', async () => {
    const hub = await withFile();
    hub.chat.download = async () => {
      throw new NotFoundError('no such file');
    };
    hub.chat.isDeleted = true;

    await hub.work(60_000);

    expect(fileRoot(hub).deleted).toMatchObject({ source: CHAT });
    expect(notes(hub)).toEqual([]);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('of other bytes than were kept never passes for whole', async () => {
    const hub = await withFile();
    const { get } = hub.contents;
    Object.assign(hub.contents, { get: () => inPieces(Buffer.from('something else')) });

    await expect(hub.work(60_000)).rejects.toMatchObject({ code: 'invariant' });
    Object.assign(hub.contents, { get });

    expect(hub.desk.calls).not.toContain('create attachment');
  });
});

async function* broken(): AsyncGenerator<Uint8Array> {
  yield PHOTO.subarray(0, 5);
  throw new ProviderUnavailableError('the connection was cut');
}

async function* slowly({ clock }: FilesHub): AsyncGenerator<Uint8Array> {
  for (const byte of PHOTO) {
    clock.advance(60_000);
    yield Uint8Array.of(byte);
  }
}

async function untilCalled({ chat }: FilesHub, call: string, times = 1): Promise<void> {
  while (chat.calls.filter((each) => each === call).length < times)
    await new Promise((resolve) => setImmediate(resolve));
}
