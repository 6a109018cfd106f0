import { expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Child, Lane, Root } from '../../../shared/sync/state.ts';
import { memoryRecords } from '../../memory/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { hubOver, LEFT, RIGHT, type Site, settled } from './hub.ts';
import { seenThread, THREAD } from './merging.ts';

const NOTE = 'note-of-said-1' as ExternalId;
const said = (externalId: string): Partial<Observation> => ({
  kind: 'comment',
  externalId: externalId as ExternalId,
  rootExternalId: THREAD,
  visibility: 'public',
  fields: { body: externalId },
});

it('a look that is asked for while a worker lets who asks out of its line is not forgotten', async () => {
  const reads: ExternalId[] = [];
  const port: Site['port'] = {
    read: async ({ externalId }) => {
      reads.push(externalId);
      return { state: 'absent' };
    },
    write: async (change) =>
      change.kind === 'comment'
        ? { outcome: 'settled', externalId: `note-of-${change.fields.body}` as ExternalId }
        : settled(change),
  };
  const sites = { [LEFT]: { profile: SALESFORCE_LIKE, port }, [RIGHT]: { profile: SLACK_LIKE, port } };
  /** What comes between a worker's decision and its commit, once each. */
  const between: {
    readonly isThen: (left: Lane, id: RecordId) => boolean;
    readonly come: () => Promise<unknown>;
  }[] = [];
  const hub = hubOver(sites, {}, (clock) => {
    const store = memoryRecords({ clock });
    const commit = store.commit.bind(store);
    store.commit = async (writes) => {
      const puts = writes.flatMap((each) => ('put' in each ? [each.put] : []));
      const root = puts.find(({ sk }) => sk === 'root')?.data as Root | undefined;
      const [child] = store
        .items()
        .flatMap(({ sk, data }) => (sk.startsWith('child#') ? [data as Child] : []));
      const left = root?.lanes[LEFT];
      if (left !== undefined && child !== undefined && between[0]?.isThen(left, child.id) === true)
        await between.shift()!.come();
      await commit(writes);
    };
    return store;
  });
  await hub.hear(seenThread(hub.clock.now()), RIGHT);
  await hub.work();
  await hub.hear(said('said-1'), RIGHT);
  between.push(
    // Whoever comes before it goes first: it stands in the line still, once what came of it has been told anew.
    {
      isThen: ({ behind }) => behind.length === 0,
      come: () => hub.hear({ ...said('said-0'), atMs: 1_000 }, RIGHT),
    },
    {
      isThen: ({ behind }, id) => !behind.some((each) => each.id === id),
      come: () => hub.hear({ kind: 'comment', externalId: NOTE, needsRead: true }),
    },
  );

  await hub.work(60_000);

  expect(between).toEqual([]);
  expect(reads).toContain(NOTE);
});
