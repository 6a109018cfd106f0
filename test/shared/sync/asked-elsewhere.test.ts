import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange, RemoteState } from '../../../shared/ports/index.ts';
import type { Child } from '../../../shared/sync/index.ts';
import { type Profile, SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { hubOver, LEFT, RIGHT, type Site, settled } from './hub.ts';
import { caseSeen, seenThread } from './merging.ts';

const [ONE, OTHER] = ['case-1', 'case-2'] as [ExternalId, ExternalId];
const error = new ProviderUnavailableError('the answer was lost');
const said: Observation = {
  kind: 'comment',
  externalId: 'said-1' as ExternalId,
  rootExternalId: 'thread-1' as ExternalId,
  visibility: 'public',
  authorship: 'other',
  fields: { body: 'it still burns' },
  atMs: 1,
  isComplete: true,
};

/** A comment whose creation at a case that two share is not answered, before its own case comes back out of the bin. */
async function askedAtShared(commentCreation: Profile['commentCreation'], hasLanded: boolean) {
  const cases = [ONE, OTHER];
  const answers = new Map<ExternalId, RemoteState>();
  const roots: ExternalId[] = [];
  const seenAt = (externalId: ExternalId, atMs: number): Observation =>
    externalId.startsWith('thread')
      ? { ...seenThread(atMs), externalId }
      : { ...caseSeen(externalId), authorship: 'other', atMs, isComplete: true };
  const made = (change: RemoteChange): Observation => ({
    ...said,
    externalId: 'note-1' as ExternalId,
    rootExternalId: OTHER,
    authorship: 'hub',
    marker: change.record,
  });
  let landed: Observation | undefined;
  const port: Site['port'] = {
    read: async ({ externalId }) =>
      answers.get(externalId) ?? { state: 'present', observation: seenAt(externalId, hub.clock.now()) },
    find: async (_record, kind, root) => (kind === 'comment' && root === OTHER ? landed : undefined),
    write: async (change) => {
      if (change.kind === 'ticket' && change.operation === 'create')
        return { outcome: 'settled', externalId: cases.shift()! };
      const isSaid = change.kind === 'comment' && change.operation === 'create';
      if (!isSaid || change.rootExternalId.startsWith('thread')) return settled(change);
      roots.push(change.rootExternalId);
      if (!answers.has(ONE)) return settled(change);
      if (hasLanded) landed = made(change);
      return { outcome: 'uncertain', error };
    },
  };
  const desk: Site = { profile: { ...SALESFORCE_LIKE, merges: true, commentCreation }, port };
  const hub = hubOver({ [LEFT]: desk, [RIGHT]: { profile: SLACK_LIKE, port } });
  for (const name of ['thread-1', 'thread-2'] as ExternalId[]) {
    await hub.hear(seenAt(name, hub.clock.now()), RIGHT);
    await hub.work();
  }
  answers.set(ONE, { state: 'deleted', mergedInto: OTHER });
  await hub.hear({ ...caseSeen(ONE), life: 'deleted', fields: {} });
  await hub.work(60_000);
  await hub.hear({ ...said, atMs: hub.clock.now() }, RIGHT);
  await hub.work(1_000);
  answers.delete(ONE);
  await hub.hear({ ...caseSeen(ONE), life: 'undeleted' });
  await hub.work(600_000);
  const items = hub.deps.store.items().filter(({ sk }) => sk.startsWith('child#'));
  const links = items.map(({ data }) => (data as Child).links);
  return { roots, note: links.find((of) => of[RIGHT]?.externalId === said.externalId)?.[LEFT] };
}

describe('a comment asked for at a shared case, whose own is back out of the bin before anybody knows its fate', () => {
  it.each(['unique', 'find'] as const)('is asked for anew at its own, where it is told by %s', async (by) => {
    const { roots, note } = await askedAtShared(by, false);

    expect([...new Set(roots)]).toEqual([OTHER, ONE]);
    expect(note?.externalId).toMatch(/^made-/);
  });

  it('is not asked for anew where it was made there', async () => {
    const { roots, note } = await askedAtShared('find', true);

    expect(roots).toEqual([OTHER]);
    expect(note).toMatchObject({ externalId: 'note-1' });
  });
});
