import { describe, expect, it } from 'vitest';
import type { ExternalId, InboxId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { ChangeMessage, Observation, RemoteChange } from '../../../shared/ports/index.ts';
import type { Child } from '../../../shared/sync/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { hubOver, LEFT, RIGHT, rowsOf, type Site, settled } from './hub.ts';
import { caseSeen, seenThread } from './merging.ts';

const [ONE, OTHER, THIRD] = ['case-1', 'case-2', 'case-3'] as [ExternalId, ExternalId, ExternalId];
const LOST = { body: 'nobody hears that this was written' };
const said: Omit<Observation, 'externalId'> = {
  kind: 'comment',
  visibility: 'public',
  authorship: 'unknown',
  fields: { body: 'it still burns' },
  atMs: 1,
  isComplete: true,
};

const error = new ProviderUnavailableError('the answer was lost');

type CommentMade = Extract<RemoteChange, { kind: 'comment'; operation: 'create' }>;
type Hub = ReturnType<typeof hubOver>;

/** Two conversations of three whose cases were merged, at a desk that keeps no mark of ours on comments. */
async function twoThatShare(
  onComment: (hub: Hub, made: CommentMade) => Promise<unknown>,
  beforehand: (hub: Hub) => Promise<unknown> = async () => undefined,
): Promise<
  Hub & {
    merge: (loser: ExternalId, survivor: ExternalId) => Promise<void>;
    unmerge: (loser: ExternalId) => Promise<void>;
  }
> {
  const cases = [ONE, OTHER, THIRD];
  const merged = new Map<ExternalId, ExternalId>();
  const seenAt = (externalId: ExternalId): Observation => {
    const atMs = hub.clock.now();
    if (externalId.startsWith('thread')) return { ...seenThread(atMs), externalId };
    return { ...caseSeen(externalId), authorship: 'other', atMs, isComplete: true };
  };
  const port: Site['port'] = {
    read: async ({ externalId }) => {
      const mergedInto = merged.get(externalId);
      if (mergedInto !== undefined) return { state: 'deleted', mergedInto };
      return { state: 'present', observation: seenAt(externalId) };
    },
    write: async (change) => {
      if (change.operation !== 'create') return settled(change);
      if (change.kind === 'ticket') return { outcome: 'settled', externalId: cases.shift()! };
      if (change.kind === 'comment' && change.rootExternalId === OTHER) await onComment(hub, change);
      const isLost = change.fields.body === LOST.body;
      if (change.kind === 'comment' && (isLost || change.rootExternalId === ONE))
        return { outcome: 'uncertain', error };
      return settled(change);
    },
  };
  const desk: Site = { profile: { ...SALESFORCE_LIKE, merges: true, commentCreation: 'none' }, port };
  const hub = hubOver({ [LEFT]: desk, [RIGHT]: { profile: SLACK_LIKE, port } });
  for (const name of ['thread-1', 'thread-2', 'thread-3'] as ExternalId[]) {
    await hub.hear(seenAt(name), RIGHT);
    await hub.work();
  }
  const merge = async (loser: ExternalId, survivor: ExternalId) => {
    merged.set(loser, survivor);
    await hub.hear({ ...caseSeen(loser), life: 'deleted', fields: {} });
    await hub.work(60_000);
  };
  const unmerge = async (loser: ExternalId) => {
    merged.delete(loser);
    await hub.hear({ ...caseSeen(loser), life: 'undeleted', atMs: hub.clock.now() });
    await hub.work(1_000);
  };
  await beforehand(hub);
  await merge(ONE, OTHER);
  return { ...hub, merge, unmerge };
}

describe('two conversations that share an object since a merge', () => {
  it.each([
    ['whole', said],
    ['that it is there alone', { ...said, fields: {}, isComplete: false, needsRead: true } as const],
  ])('know whose a comment there is that is told of, %s, before it is answered', async (_, told) => {
    const hub = await twoThatShare(async ({ hear }, { record, rootExternalId }) => {
      await hear({ ...told, externalId: `made-${record}` as ExternalId, rootExternalId }, LEFT);
    });
    const before = commentsIn(hub).length;

    const [externalId, rootExternalId] = ['said-1', 'thread-1'] as [ExternalId, ExternalId];
    await hub.hear({ ...said, externalId, rootExternalId }, RIGHT);
    await hub.work(60_000);

    expect(commentsIn(hub)).toHaveLength(before + 1);
  });

  it('know whose a comment is that came of a request of unknown fate, and was moved by whoever merged the two', async () => {
    const [externalId, rootExternalId] = ['said-1', 'thread-1'] as [ExternalId, ExternalId];
    const hub = await twoThatShare(
      async () => undefined,
      async ({ hear, work }) => {
        await hear({ ...said, externalId, rootExternalId }, RIGHT);
        await work(300_000);
      },
    );
    const moved = { externalId: 'note-1' as ExternalId, rootExternalId: OTHER, authorship: 'other' } as const;

    await hub.hear({ ...said, ...moved, atMs: hub.clock.now() });
    await hub.hear({ ...said, ...moved, externalId: 'note-2' as ExternalId, atMs: hub.clock.now() });

    const links = commentsIn(hub).map(({ data }) => (data as Child).links);
    const copies = links.map((of) => [of[RIGHT]?.externalId, of[LEFT]?.externalId]);
    expect(copies.filter(([, note]) => note !== undefined)).toEqual([
      ['said-1', 'note-1'],
      [undefined, 'note-2'],
    ]);
  });

  it('know so of one that is told of late, as of the shared object, when that was merged in turn', async () => {
    const hub = await twoThatShare(async () => undefined);
    const [externalId, rootExternalId] = ['said-1', 'thread-1'] as [ExternalId, ExternalId];
    await hub.hear({ ...said, externalId, rootExternalId, fields: LOST }, RIGHT);
    await hub.work(300_000);
    await hub.merge(OTHER, THIRD);

    await hub.hear({ ...said, externalId: 'note-1' as ExternalId, rootExternalId: OTHER, fields: LOST });

    const links = commentsIn(hub).map(({ data }) => (data as Child).links);
    expect(links.filter((of) => of[LEFT]?.externalId !== undefined)).toMatchObject([
      { [RIGHT]: { externalId: 'said-1' }, [LEFT]: { externalId: 'note-1' } },
    ]);
  });

  it.each([
    ['whose fate nobody knows yet', 1_000],
    ['that people were asked about', 300_000],
  ])(
    'know so of one that was asked for there, and %s, when its own case is back out of the bin',
    async (_, ms) => {
      const hub = await twoThatShare(async () => undefined);
      const [externalId, rootExternalId] = ['said-1', 'thread-1'] as [ExternalId, ExternalId];
      await hub.hear({ ...said, externalId, rootExternalId, fields: LOST }, RIGHT);
      await hub.work(ms);
      await hub.unmerge(ONE);

      await hub.hear({ ...said, externalId: 'note-1' as ExternalId, rootExternalId: OTHER, fields: LOST });

      const links = commentsIn(hub).map(({ data }) => (data as Child).links);
      expect(links.filter((of) => of[LEFT]?.externalId !== undefined)).toMatchObject([
        { [RIGHT]: { externalId: 'said-1' }, [LEFT]: { externalId: 'note-1' } },
      ]);
    },
  );

  it('know none for that of one whose own case is back, which asked for it there', async () => {
    const hub = await twoThatShare(async () => undefined);
    const [externalId, rootExternalId] = ['said-1', 'thread-1'] as [ExternalId, ExternalId];
    await hub.unmerge(ONE);
    await hub.hear({ ...said, externalId, rootExternalId, fields: LOST }, RIGHT);
    await hub.work(300_000);

    await hub.hear({ ...said, externalId: 'note-1' as ExternalId, rootExternalId: OTHER, fields: LOST });

    const links = commentsIn(hub).map(({ data }) => (data as Child).links);
    const copies = links.map((of) => [of[RIGHT]?.externalId, of[LEFT]?.externalId]);
    expect(copies.filter((of) => of.includes(externalId) || of.includes('note-1' as ExternalId))).toEqual([
      ['said-1', undefined],
      [undefined, 'note-1'],
    ]);
  });

  it('let what is told of while one of them speaks go on in the order in which it came, whosever it is', async () => {
    const rows: InboxId[] = [];
    const tell = async (hub: Hub, name: string, rootExternalId: ExternalId) => {
      const fields = { body: name };
      rows.push(await hub.hear({ ...said, externalId: name as ExternalId, rootExternalId, fields }, LEFT));
    };
    const hub = await twoThatShare(async (desk, { rootExternalId }) => {
      for (const name of ['note-1', 'note-2']) await tell(desk, name, rootExternalId);
    });
    await hub.hear(
      { ...said, externalId: 'said-1' as ExternalId, rootExternalId: 'thread-1' as ExternalId },
      RIGHT,
    );
    await hub.work(60_000);
    await tell(hub, 'note-3', OTHER);
    const open = async () =>
      (await rowsOf(hub)).flatMap(({ inbox, state }) => (state === 'open' ? [inbox] : [])).toSorted();

    await hub.observe(rows[1]!, LEFT);
    expect(await open()).toEqual(rows);

    for (const nth of [0, 1, 2]) {
      sentOn(hub);
      await hub.observe(rows[nth]!, LEFT);
      expect(await open()).toEqual(rows.slice(nth + 1));
      expect(sentOn(hub)).toEqual(rows.slice(nth + 1, nth + 2));
    }
  });
});

const sentOn = ({ queues }: Hub): readonly InboxId[] => {
  const inboxes: InboxId[] = [];
  for (;;) {
    const message = queues.changes.receive<ChangeMessage>();
    if (message === undefined) return inboxes;
    inboxes.push(message.body.inbox);
    queues.changes.delete(message.receipt);
  }
};

const commentsIn = ({ deps }: Hub) => deps.store.items().filter(({ sk }) => sk.startsWith('child#'));
