import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { ConflictError } from '../../../shared/errors.ts';
import type { Clock, Store, Write } from '../../../shared/ports/index.ts';
import { attachedKey, claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { AttachedFile, Lane, Root } from '../../../shared/sync/state.ts';
import { memoryRecords } from '../../memory/index.ts';
import { CHAT, DESK, FILE, filesHub, inPieces, PHOTO, THREAD } from './files.ts';
import { fold, lane, link, OBJECT, OLD, root, YOUNG } from './fold-scene.ts';
import { ACME } from './hub.ts';

const THIRD = 'third' as RecordId;
const idOf = (at: number) => `file.${String(at).padStart(3, '0')}` as RecordId;
const unmade = (over: Partial<Lane>): Lane => lane(link(undefined, { origin: 'ours' }), over);

interface Given {
  readonly count: number;
  readonly of?: RecordId;
  /** Of their lane to the chat. */
  readonly standing?: Partial<Lane>;
  readonly storeOf?: (clock: Clock) => ReturnType<typeof memoryRecords>;
}

/** A case of the team's with its files, none of which was to go to the chat, and a customer's thread, into which another was just folded. */
async function caseWithFiles({ count, of = OLD, standing = { parent: null }, storeOf }: Given) {
  const hub = filesHub({}, storeOf);
  const content = { key: 'kept', ...(await hub.contents.put('kept', inPieces(PHOTO), PHOTO.length)) };
  const file: AttachedFile = { of: { root: of, record: of, kind: 'ticket' }, visibility: 'public', content };
  const files = Array.from({ length: count }, (_, at) => {
    const lanes = { [DESK]: lane(link(`file-${at}`)), [CHAT]: unmade(standing) };
    return root(idOf(at), lanes, { kind: 'attachment', fields: FILE.fields, file });
  });
  const tickets = [
    root(OLD, { [DESK]: lane(link(OBJECT)) }),
    root(YOUNG, { [CHAT]: lane(link(THREAD.externalId)) }, { givers: [THIRD] }),
    root(THIRD, {}, { foldedInto: YOUNG, looked: attachedKey(ACME, YOUNG, idOf(count)).sk }),
  ];
  const puts = [
    ...[...tickets, ...files].map((data) => ({ ...rootKey(ACME, data.id), data })),
    ...files.map(({ id }) => ({ ...attachedKey(ACME, of, id), data: { id } })),
    { ...claimKey(ACME, CHAT, 'ticket', THREAD.externalId), data: { root: YOUNG, record: YOUNG } },
  ];
  for (const put of puts) await hub.deps.store.commit([{ put, expect: 0 }]);
  hub.chat.present = {};
  hub.desk.present = {};

  const meant = { younger: { root: YOUNG, record: YOUNG }, olderId: OLD, at: CHAT };
  const foldThread = () => fold(hub.deps, { kind: 'ticket', externalId: THREAD.externalId }, meant);
  const standings = () =>
    hub.deps.store
      .items()
      .flatMap(({ data, version }) =>
        Object(data).kind === 'attachment' ? [{ version, lane: (data as Root).lanes[CHAT]! }] : [],
      );
  return { hub, foldThread, standings };
}

describe('the many files of a ticket that two others became', () => {
  it('are looked at a few pages at a time, and at last all of them', async () => {
    const { hub, foldThread, standings } = await caseWithFiles({ count: 150 });

    await foldThread();

    const looked = standings().filter(({ lane }) => lane.parent !== null);
    expect(looked).toHaveLength(120);

    await hub.work(60_000);

    const gone = hub.chat.written.filter(({ kind }) => kind === 'attachment');
    expect(new Set(gone.map(({ record }) => record)).size).toBe(150);
    expect(gone).toHaveLength(150);
  });

  it.each([
    ['the younger', YOUNG],
    ['one that is folded into the younger, looked through there already', THIRD],
  ])('are looked at where they come with %s', async (_whom, of) => {
    const { hub, foldThread } = await caseWithFiles({ count: 30, of });

    await foldThread();
    await hub.work(60_000);

    expect(hub.chat.written.filter(({ kind }) => kind === 'attachment')).toHaveLength(30);
  });

  it('are each looked at once, should somebody write one of them meanwhile', async () => {
    const state = { conflicts: 1 };
    const storeOf = (clock: Clock) => {
      const store = memoryRecords({ clock });
      const keep = store.commit.bind(store);
      const commit: Store['commit'] = async (writes) => {
        const isAnew = ({ expect }: Write) => expect > 0;
        const isTheFile = (write: Write) => 'put' in write && write.put.pk === rootKey(ACME, idOf(25)).pk;
        if (state.conflicts === 0 || !writes.some((write) => isAnew(write) && isTheFile(write)))
          return keep(writes);
        state.conflicts -= 1;
        throw new ConflictError('somebody was quicker');
      };
      return Object.assign(store, { commit });
    };
    const { foldThread, standings } = await caseWithFiles({ count: 50, storeOf });

    await foldThread();

    expect(state.conflicts).toBe(0);
    expect(standings().map(({ version }) => version)).toEqual(Array.from({ length: 50 }, () => 2));
  });

  it('keep their wakes where they are to go anyway, and who has just decided looks again', async () => {
    const wake = { id: 'later' as never, dueAtMs: 600_000 };
    const { foldThread, standings } = await caseWithFiles({ count: 1, standing: { wake, attempts: 3 } });

    await foldThread();

    expect(standings()).toEqual([{ version: 2, lane: unmade({ wake, attempts: 3 }) }]);
  });

  it('are left alone where they wait to be told', async () => {
    const { foldThread, standings } = await caseWithFiles({ count: 1, standing: { waitsFor: OLD } });

    await foldThread();

    expect(standings()).toEqual([{ version: 1, lane: unmade({ waitsFor: OLD }) }]);
  });
});
