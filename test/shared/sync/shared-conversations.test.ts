import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation, RemoteChange } from '../../../shared/ports/index.ts';
import type { Root } from '../../../shared/sync/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { inPieces, LIMIT_BYTES, PHOTO } from './files.ts';
import { hubOver, LEFT, RIGHT, type Site, settled } from './hub.ts';
import { caseSeen, rootsOf, seenThread } from './merging.ts';

const [ONE, TWO, THREE] = ['case-1', 'case-2', 'case-3'] as [ExternalId, ExternalId, ExternalId];
const THREADS = ['thread-1', 'thread-2'] as ExternalId[];
const said: Partial<Observation> = {
  kind: 'comment',
  externalId: 'note-1' as ExternalId,
  rootExternalId: ONE,
  visibility: 'public',
  atMs: 1,
  fields: { body: 'for the first customer alone' },
};
const file: Partial<Observation> = {
  kind: 'attachment',
  externalId: 'file-1' as ExternalId,
  parent: { kind: 'ticket', externalId: ONE },
  visibility: 'public',
  atMs: 1,
  fields: { name: 'bill.png', type: 'image/png', size: PHOTO.length },
};

/** The cases of two customers' conversations are merged at the desk, as heard; each of these keeps what is said in it. */
async function mergedCases(merges: readonly (readonly [ExternalId, ExternalId])[] = [[ONE, TWO]]) {
  const toChat: RemoteChange[] = [];
  const cases = [ONE, TWO];
  const seenAt = (externalId: ExternalId): Observation => {
    const atMs = hub.clock.now();
    if (THREADS.includes(externalId)) return { ...seenThread(atMs), externalId };
    return { ...caseSeen(externalId), authorship: 'other', atMs, isComplete: true };
  };
  let isMerged = false;
  const portOf = (name: string): Site['port'] => ({
    read: async ({ kind, externalId }) => {
      const mergedInto = isMerged ? new Map(merges).get(externalId) : undefined;
      if (mergedInto !== undefined) return { state: 'deleted', mergedInto };
      return kind === 'ticket' ? { state: 'present', observation: seenAt(externalId) } : { state: 'absent' };
    },
    download: async () => ({ body: inPieces(PHOTO) }),
    upload: async () => 'staged-1' as ExternalId,
    write: async (change) => {
      if (name === RIGHT) toChat.push(change);
      if (change.kind === 'ticket' && change.operation === 'create')
        return { outcome: 'settled', externalId: cases.shift()! };
      return 'staged' in change ? { outcome: 'settled', externalId: change.staged } : settled(change);
    },
  });
  const files = LIMIT_BYTES;
  const hub = hubOver({
    [LEFT]: { profile: { ...SALESFORCE_LIKE, files, merges: true }, port: portOf(LEFT) },
    [RIGHT]: { profile: { ...SLACK_LIKE, files }, port: portOf(RIGHT) },
  });
  for (const thread of THREADS) {
    await hub.hear(seenAt(thread), RIGHT);
    await hub.work();
  }
  isMerged = true;
  for (const [gone] of merges) {
    await hub.hear({ ...caseSeen(gone), life: 'deleted', fields: {} });
    await hub.work(60_000);
  }
  toChat.length = 0;
  const bringBack = () => {
    isMerged = false;
  };
  const takeOut = async (each: ExternalId, marker: RecordId) => {
    bringBack();
    await hub.hear({ ...caseSeen(each), marker, life: 'undeleted' });
  };
  const whose = async (thread: string) =>
    (await rootsOf(hub)).find(({ lanes }: Root) => lanes[RIGHT]?.link.externalId === thread)!;
  return { hub, toChat, whose, bringBack, takeOut };
}

describe('two customers’ conversations whose cases were merged', () => {
  it('keep each to itself a file of the one that is taken in only then', async () => {
    const { hub, toChat } = await mergedCases();

    await hub.hear(file);
    await hub.work(60_000);

    expect(toChat).toMatchObject([{ kind: 'attachment', parent: { externalId: 'thread-1' } }]);
  });

  it('keep each to itself what was said in the one before, and heard only then', async () => {
    const { hub, toChat } = await mergedCases();

    await hub.hear(said);
    await hub.work(60_000);

    expect(toChat).toMatchObject([{ kind: 'comment', rootExternalId: 'thread-1' }]);
  });

  it('keep each to itself what is said in the merged case later than that: it is back, though nobody has told so yet', async () => {
    const { hub, toChat, whose, bringBack } = await mergedCases();

    bringBack();
    await hub.hear({ ...said, atMs: hub.clock.now() });
    await hub.work(60_000);

    expect(toChat).toMatchObject([
      { rootExternalId: 'thread-1', fields: { body: 'Status changed to new' } },
      { rootExternalId: 'thread-1', fields: said.fields },
    ]);
    expect((await whose('thread-1')).lanes[LEFT]?.link).toMatchObject({ externalId: ONE });
  });

  it.each([
    { of: 'first', inCase: ONE, thread: 'thread-1' },
    { of: 'second', inCase: TWO, thread: 'thread-2' },
  ])('keep each to itself what the $of was told before a chain of merges, heard backwards', async (each) => {
    const { hub, toChat } = await mergedCases([
      [TWO, THREE],
      [ONE, TWO],
    ]);

    await hub.hear({ ...said, rootExternalId: each.inCase });
    await hub.work(60_000);

    expect(toChat).toMatchObject([{ kind: 'comment', rootExternalId: each.thread }]);
  });

  it('keep each to itself what is said in the merged case once somebody has taken it out of the bin', async () => {
    const { hub, toChat, whose, takeOut } = await mergedCases();
    const { id: marker } = await whose('thread-1');

    await takeOut(ONE, marker);
    await hub.hear({ ...said, atMs: hub.clock.now() });
    await hub.work(60_000);

    expect(toChat).toMatchObject([
      { rootExternalId: 'thread-1', fields: { body: 'Status changed to new' } },
      { rootExternalId: 'thread-1', fields: said.fields },
    ]);
  });
});
