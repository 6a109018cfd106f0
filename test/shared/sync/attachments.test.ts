import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Root } from '../../../shared/sync/index.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { CHAT, DESK, FILE, fileRoot, filesHub, MESSAGE, PHOTO, rootsOf, THREAD } from './files.ts';
import { ACME, FILES_LIVE_MS, parkedOf, settled } from './hub.ts';

const rejected = (message: string) => new ProviderRejectedError(message, { vendorCode: 'NO' });
const unavailable = (message: string) => new ProviderUnavailableError(message);
const SHA256 = createHash('sha256').update(PHOTO).digest('hex');

describe('a file', () => {
  it('reaches every other system once, after what it hangs on, with the same bytes', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.hear(FILE);

    await hub.work(60_000);

    expect(hub.chat.calls).toEqual(['download file-1']);
    expect(hub.desk.calls).toEqual(['create ticket', 'upload photo.png', 'create attachment']);
    expect(hub.desk.uploaded[0]?.bytes).toEqual(PHOTO);
    expect(hub.desk.written.at(-1)).toMatchObject({
      parent: { kind: 'ticket', externalId: hub.desk.written[0] && `made-${hub.desk.written[0].record}` },
      attachment: {
        name: 'photo.png',
        type: 'image/png',
        size: PHOTO.length,
        sha256: SHA256,
        visibility: 'public',
      },
      staged: 'staged-1',
    });
    expect(fileRoot(hub).lanes[DESK]).toMatchObject({ link: { externalId: 'staged-1' } });
    expect(fileRoot(hub).lanes[DESK]).not.toHaveProperty('staged');
    expect(hub.contents.keys()).toHaveLength(1);
  });

  it('of a comment waits for the comment’s copy', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.hear(MESSAGE);
    await hub.hear({ ...FILE, parent: { ...MESSAGE, kind: 'comment' } });

    await hub.work(60_000);

    expect(hub.desk.calls).toEqual([
      'create ticket',
      'create comment',
      'upload photo.png',
      'create attachment',
    ]);
    expect(hub.desk.written.at(-1)).toMatchObject({
      parent: {
        kind: 'comment',
        externalId: `made-${hub.desk.written[1]?.record}`,
        rootExternalId: `made-${hub.desk.written[0]?.record}`,
      },
    });
  });

  it('waits while what it hangs on is set aside, and follows it', async () => {
    const hub = filesHub();
    const take = hub.desk.answer;
    hub.desk.answer = (change) =>
      change.kind === 'ticket'
        ? { outcome: 'refused', why: 'rejected', error: rejected('no such queue') }
        : take(change);
    await hub.hear(THREAD);
    await hub.hear(FILE);
    await hub.work(60_000);
    expect(hub.desk.calls).toEqual(['create ticket']);
    hub.desk.answer = take;

    const [parked] = await parkedOf(hub);
    await hub.engine.replay(ACME, parked!.id, 'user:1');
    await hub.work(60_000);

    expect(hub.desk.calls).toEqual([
      'create ticket',
      'create ticket',
      'upload photo.png',
      'create attachment',
    ]);
    expect(rootsOf(hub, 'ticket')[0]?.dependents).toEqual([]);
  });

  it('of a comment that was deleted and is back goes where that one has stood all the while', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.work(60_000);
    const rootExternalId = rootsOf(hub, 'ticket')[0]!.lanes[DESK]!.link.externalId!;
    await hub.hear({ ...MESSAGE, externalId: 'note-1' as ExternalId, rootExternalId }, DESK);
    await hub.work(60_000);
    const said = {
      kind: 'comment',
      externalId: `made-${hub.chat.written[0]!.record}` as ExternalId,
    } as const;
    await hub.hear({ ...said, fields: {}, life: 'deleted' });
    await hub.hear({ ...FILE, parent: said });
    await hub.work(60_000);
    expect(hub.desk.calls).toEqual(['create ticket']);

    hub.chat.present = { ...MESSAGE, externalId: said.externalId };
    await hub.hear({ ...said, fields: {}, life: 'undeleted' });
    await hub.work(60_000);

    expect(hub.desk.calls).toEqual(['create ticket', 'upload photo.png', 'create attachment']);
    expect(hub.desk.written.at(-1)).toMatchObject({ parent: { kind: 'comment', externalId: 'note-1' } });
  });

  it('of a message nobody has seen yet makes it known, to be read before it goes anywhere', async () => {
    const hub = filesHub();
    hub.chat.present = THREAD;

    await hub.hear(FILE);
    await hub.work(60_000);

    expect(hub.desk.calls).toEqual(['create ticket', 'upload photo.png', 'create attachment']);
    expect(rootsOf(hub, 'ticket')[0]?.fields).toMatchObject({ description: 'it burns' });
  });

  it('that hangs on nothing is nobody’s', async () => {
    const hub = filesHub();
    const { parent: _none, ...alone } = FILE;

    await hub.hear(alone);

    expect(rootsOf(hub, 'attachment')).toEqual([]);
  });

  it('of the team alone stays away from where customers read, until it is made public', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.work(60_000);
    const parent = {
      kind: 'ticket',
      externalId: rootsOf(hub, 'ticket')[0]!.lanes[DESK]!.link.externalId!,
    } as const;
    const { visibility: _absent, ...silent } = { ...FILE, parent };

    await hub.hear({ ...silent, version: { source: 'any', value: 1 } }, DESK);
    await hub.work(60_000);
    expect(hub.chat.calls).toEqual([]);
    await hub.hear({ ...silent, visibility: 'public', version: { source: 'any', value: 2 } }, DESK);
    hub.desk.present = { ...silent, visibility: 'public', version: { source: 'any', value: 2 } };
    await hub.work(60_000);

    expect(hub.chat.calls).toEqual(['upload photo.png', 'create attachment']);
    expect(hub.chat.written[0]).toMatchObject({ parent: { externalId: THREAD.externalId } });
  });

  it('of our own making is known for ours before its creation is answered', async () => {
    const hub = filesHub();
    hub.desk.answer = (change) => {
      if ('staged' in change) void heard.push(change.staged);
      return 'staged' in change
        ? { outcome: 'uncertain', error: unavailable('no answer') }
        : { outcome: 'settled', externalId: 'case-1' as ExternalId };
    };
    const heard: ExternalId[] = [];
    await hub.hear(THREAD);
    await hub.hear(FILE);
    await hub.work(20_000);

    const parent = { kind: 'ticket', externalId: 'case-1' as ExternalId } as const;
    await hub.hear({ ...FILE, parent, externalId: heard[0]!, authorship: 'hub' }, DESK);

    expect(rootsOf(hub, 'attachment')).toHaveLength(1);
    expect(fileRoot(hub).lanes[DESK]?.link).toMatchObject({ externalId: 'staged-1', origin: 'ours' });
    expect(fileRoot(hub).lanes[CHAT]?.link).toMatchObject({ externalId: 'file-1', origin: 'theirs' });
  });

  it('whose creation was never answered goes where its ticket is by then', async () => {
    const hub = filesHub();
    const goOnAs = async (externalId: ExternalId) => {
      const { pk, sk } = rootKey(ACME, rootsOf(hub, 'ticket')[0]!.id);
      const { data, version } = (await hub.deps.store.get<Root>(pk, sk))!;
      const { [DESK]: lane, ...lanes } = data.lanes;
      const moved = { ...lanes, [DESK]: { ...lane!, link: { ...lane!.link, externalId } } };
      await hub.deps.store.commit([{ put: { pk, sk, data: { ...data, lanes: moved } }, expect: version }]);
    };
    const parents: ExternalId[] = [];
    hub.desk.answer = (change) => {
      if (!('staged' in change)) return settled(change);
      if (parents.push(change.parent.externalId) > 1)
        return { outcome: 'settled', externalId: change.staged };
      void goOnAs('case-9' as ExternalId);
      return { outcome: 'uncertain', error: unavailable('no answer') };
    };
    await hub.hear(THREAD);
    await hub.hear(FILE);

    await hub.work(FILES_LIVE_MS + 3_600_000);

    expect(parents).toEqual([hub.desk.written[0] && `made-${hub.desk.written[0].record}`, 'case-9']);
    expect(hub.desk.uploaded).toHaveLength(1);
    expect(fileRoot(hub).lanes[DESK]?.link.externalId).toBe('staged-1');
  });

  it('deleted where it came from is deleted everywhere, its bytes here too', async () => {
    const hub = filesHub();
    await hub.hear(THREAD);
    await hub.hear(FILE);
    await hub.work(60_000);

    hub.desk.present = { visibility: 'public' };
    await hub.hear({ ...FILE, life: 'deleted' });
    await hub.work(60_000);

    expect(hub.desk.calls.at(-1)).toBe('delete attachment');
    expect(hub.contents.keys()).toEqual([]);
    expect(fileRoot(hub).file).not.toHaveProperty('content');
  });
});
