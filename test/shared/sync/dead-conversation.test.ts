import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange, WriteOutcome } from '../../../shared/ports/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { CASE, hubOver, LEFT, NOTE, parkedOf, RIGHT, type Site, settled, ticketOf } from './hub.ts';

const unanswered: WriteOutcome = {
  outcome: 'uncertain',
  error: new ProviderUnavailableError('no answer'),
};

it('a comment of unknown fate is given up where its conversation is known to be dead: nobody waits to see that', async () => {
  const written: RemoteChange[] = [];
  const profile = { ...SALESFORCE_LIKE, commentCreation: 'find', requestLifetimeMs: 20_000 } as const;
  const port = {
    read: async () => ({ state: 'absent' }) as const,
    find: async () => undefined,
    write: async (change: RemoteChange) => {
      written.push(change);
      return change.kind === 'comment' ? unanswered : settled(change);
    },
  };
  const hub = hubOver({ [LEFT]: { profile, port: {} }, [RIGHT]: { profile, port } });
  await hub.hear(CASE);
  await hub.hear({
    kind: 'comment',
    externalId: 'note-1' as ExternalId,
    rootExternalId: CASE.externalId,
    fields: { body: 'it burns' },
  });
  await hub.work(5_000);
  const { externalId } = (await ticketOf(hub)).lanes[RIGHT]!.link;
  expect((await ticketOf(hub)).lanes[RIGHT]).toMatchObject({ pending: { isDoubtful: true } });

  await hub.hear({ kind: 'ticket', externalId: externalId!, fields: {}, life: 'deleted' }, RIGHT);
  await hub.work(120_000);

  const lane = (await ticketOf(hub)).lanes[RIGHT]!;
  expect(lane.link.dead).toBeDefined();
  expect(lane).not.toHaveProperty('pending');
  expect(await parkedOf(hub)).toEqual([]);
  expect(written.map(({ kind }) => kind)).toEqual(['ticket', 'comment']);
});

const [LOSER, NEXT, LAST] = ['loser' as ExternalId, 'next' as ExternalId, 'last' as ExternalId];

/** A comment whose creation was not answered, in what was merged into another since, and that one into the last. */
async function mergedMeanwhile(moved: readonly ExternalId[], isLastSeen = true) {
  const written: RemoteChange[] = [];
  const atMs = () => hub.clock.now();
  const standing = (externalId: ExternalId): Observation => ({
    ...{ kind: 'ticket', externalId, fields: CASE.fields ?? {}, authorship: 'other' },
    ...{ atMs: atMs(), isComplete: true },
  });
  const merged = new Map([
    [LOSER, NEXT],
    [NEXT, LAST],
  ]);
  let isMerged = false;
  const port: Site['port'] = {
    read: async ({ kind, externalId }) => {
      const mergedInto = isMerged ? merged.get(externalId) : undefined;
      if (mergedInto !== undefined) return { state: 'deleted', mergedInto };
      if (kind !== 'ticket' || !isLastSeen) return { state: 'absent' };
      return { state: 'present', observation: standing(externalId) };
    },
    find: async (record, _kind, root) => {
      if (!moved.includes(root!)) return undefined;
      const [kind, externalId, fields] = ['comment', 'made-1' as ExternalId, { body: 'it burns' }] as const;
      const shown = { rootExternalId: root!, marker: record, visibility: 'public' } as const;
      return { kind, externalId, fields, ...shown, authorship: 'hub', atMs: atMs(), isComplete: true };
    },
    write: async (change) => {
      written.push(change);
      if (change.kind === 'ticket') return { outcome: 'settled', externalId: LOSER };
      return isMerged ? settled(change) : unanswered;
    },
  };
  const finding = { commentCreation: 'find', requestLifetimeMs: 20_000, merges: true } as const;
  const hub = hubOver({
    [LEFT]: { profile: SALESFORCE_LIKE, port: {} },
    [RIGHT]: { profile: { ...SALESFORCE_LIKE, ...finding }, port },
  });
  await hub.hear(CASE);
  await hub.hear(NOTE);
  await hub.work(5_000);
  isMerged = true;
  await hub.work(120_000);
  const comments = written.flatMap((change) => (change.kind === 'comment' ? [change] : []));
  return { comments, link: (await ticketOf(hub)).lanes[RIGHT]!.link, parked: await parkedOf(hub) };
}

describe('a comment of unknown fate in what was merged into another meanwhile', () => {
  it('is known for what was made, wherever that has come to hang', async () => {
    const { comments, link, parked } = await mergedMeanwhile([LAST]);

    expect(comments).toHaveLength(1);
    expect(link.externalId).toBe(LAST);
    expect(parked).toEqual([]);
  });

  it('is made in what goes on for that where it is not there', async () => {
    const { comments } = await mergedMeanwhile([]);

    expect(comments).toMatchObject([{ rootExternalId: LOSER }, { rootExternalId: LAST }]);
  });

  it('waits while what goes on for that cannot be seen', async () => {
    const { comments, parked } = await mergedMeanwhile([], false);

    expect(comments).toHaveLength(1);
    expect(parked.map(({ cause }) => cause)).toContain('unseen');
  });
});
