import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ConflictError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Clock, Observation, RemoteChange, Store } from '../../../shared/ports/index.ts';
import { childKey, claimKey, rootKey } from '../../../shared/sync/keys.ts';
import { newLane, newLink } from '../../../shared/sync/scene.ts';
import type { Child, Claim, Lane, Link, Root } from '../../../shared/sync/state.ts';
import { memoryRecords } from '../../memory/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { foldTickets, OBJECT, OLD, YOUNG } from './fold-scene.ts';
import { ACME, hubOver, LEFT, parkedOf, RIGHT, settled } from './hub.ts';

const COMMENTS = 45;

const link = (externalId: string): Link => ({ ...newLink('theirs'), externalId: externalId as ExternalId });
const lane = (externalId: string): Lane => ({ ...newLane('theirs'), link: link(externalId) });
const base = { provenance: {}, revision: 1, createdAtMs: 0, updatedAtMs: 0 };
const root = (id: RecordId, lanes: Record<string, Lane>): Root => ({
  ...base,
  id,
  kind: 'ticket',
  fields: {},
  childCount: 0,
  isFannedOut: true,
  lanes,
});
const shown: Observation = {
  kind: 'ticket',
  externalId: OBJECT,
  authorship: 'other',
  atMs: 0,
  fields: {},
  isComplete: true,
};
/** Under ids that sort otherwise than they were said. */
const idOf = (at: number) => `young.${(at * 7) % COMMENTS}` as RecordId;
const note = (at: number): Child => ({
  ...base,
  id: idOf(at),
  kind: 'comment',
  root: YOUNG,
  fields: { body: `note ${at}` },
  visibility: 'public',
  author: { role: 'customer' },
  position: String(at).padStart(3, '0'),
  source: RIGHT,
  links: { [RIGHT]: { ...link(`note-${at}`), got: { body: `note ${at}` }, sent: { body: `note ${at}` } } },
});

/** A store that is away at one commit, before it holds or with it. */
function failing(at: number, isDone: boolean) {
  const state = { commits: 0, isOn: false };
  const storeOf = (clock: Clock) => {
    const store = memoryRecords({ clock });
    const keep = store.commit.bind(store);
    const commit: Store['commit'] = async (writes) => {
      if (state.isOn) state.commits += 1;
      if (!state.isOn || state.commits !== at) return keep(writes);
      if (isDone) await keep(writes);
      throw new ProviderUnavailableError('the store is away');
    };
    return Object.assign(store, { commit });
  };
  return { state, storeOf };
}

/** The older record’s ticket stands at the left one, the younger’s with all that was said at the right one. */
async function twoTickets(at: number, isDone: boolean) {
  const { state, storeOf } = failing(at, isDone);
  const written: RemoteChange[] = [];
  const write = async (change: RemoteChange) => {
    written.push(change);
    return settled(change);
  };
  const port = { write, read: async () => ({ state: 'present', observation: shown }) as const };
  const site = { profile: { ...SALESFORCE_LIKE, creation: 'none' as const }, port };
  const hub = hubOver({ [LEFT]: site, [RIGHT]: site }, {}, storeOf);
  const puts = [
    { ...rootKey(ACME, OLD), data: root(OLD, { [LEFT]: lane('case-1') }) },
    { ...rootKey(ACME, YOUNG), data: root(YOUNG, { [RIGHT]: lane(OBJECT) }) },
    ...Array.from({ length: COMMENTS }, (_, each) => [
      { ...childKey(ACME, YOUNG, idOf(each)), data: note(each) },
      { ...claimOf(each), data: { root: YOUNG, record: idOf(each) } satisfies Claim },
    ]).flat(),
  ];
  for (const put of puts) await hub.deps.store.commit([{ put, expect: 0 }]);
  state.isOn = true;
  return { hub, written, state };
}
const claimOf = (at: number) => claimKey(ACME, RIGHT, 'comment', `note-${at}` as ExternalId);

/** The fold, tried until it holds as its callers do, and whatever is left of it by those who come later. */
async function foldAtLast(hub: ReturnType<typeof hubOver>): Promise<void> {
  await unlessAway(foldTickets(hub.deps));
  await unlessAway(foldTickets(hub.deps));
  for (let minute = 0; minute < 5; minute += 1) {
    await unlessAway(hub.work());
    hub.clock.advance(61_000);
    await unlessAway(hub.engine.sweep());
  }
}

/** A second fold finds both under one id. */
async function unlessAway(done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    if (!(error instanceof ProviderUnavailableError) && !(error instanceof ConflictError)) throw error;
  });
}

const COMMITS_OF_A_FOLD = 8;
const everyMoment = Array.from({ length: COMMITS_OF_A_FOLD }, (_, at) => [at + 1, at + 1]).flat();

describe('a conversation that is folded into another, page by page', () => {
  it.each(everyMoment.map((at, index) => [at, index % 2 === 1] as const))(
    'is neither lost nor doubled, and goes on in order, should the store fail at commit %i (done: %s)',
    async (at, isDone) => {
      const { hub, written, state } = await twoTickets(at, isDone);

      await foldAtLast(hub);

      expect(state.commits).toBeGreaterThan(COMMITS_OF_A_FOLD);
      const bodies = written.flatMap(({ kind, fields }) => (kind === 'comment' ? [fields.body] : []));
      expect(bodies).toEqual(Array.from({ length: COMMENTS }, (_, each) => `note ${each}`));
      const comments = hub.deps.store.items().filter(({ sk }) => sk.startsWith('child#'));
      expect(new Set(comments.map(({ pk }) => pk))).toEqual(new Set([rootKey(ACME, OLD).pk]));
      expect(comments).toHaveLength(COMMENTS);
      const claim = await hub.deps.store.get<Claim>(claimOf(3).pk, claimOf(3).sk);
      expect(claim?.data).toEqual({ root: OLD, record: idOf(3) });
      expect(await parkedOf(hub)).toEqual([]);
    },
  );

  it('takes what is heard of a comment that is still on its way for the comment it is', async () => {
    // After the fold itself nothing is brought over: whoever did is gone.
    const { hub } = await twoTickets(2, false);
    await unlessAway(foldTickets(hub.deps));
    const last = COMMENTS - 1;
    expect(await childAt(hub, YOUNG, idOf(last))).toBeDefined();

    const seen = {
      externalId: `note-${last}` as ExternalId,
      rootExternalId: OBJECT,
      fields: { body: 'edited' },
    };
    await hub.hear(
      { kind: 'comment', version: { source: 'any', value: 2 }, visibility: 'public', ...seen },
      RIGHT,
    );

    expect(await childAt(hub, YOUNG, idOf(last))).toBeUndefined();
    expect(await childAt(hub, OLD, idOf(last))).toMatchObject({
      root: OLD,
      links: { [RIGHT]: { needsRead: true } },
    });
    expect(hub.deps.store.items().filter(({ sk }) => sk.startsWith('child#'))).toHaveLength(COMMENTS);
  });
});

async function childAt({ deps }: ReturnType<typeof hubOver>, of: RecordId, id: RecordId) {
  const { pk, sk } = childKey(ACME, of, id);
  return (await deps.store.get<Child>(pk, sk))?.data;
}
