import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { ChangeMessage, Observation } from '../../../shared/ports/index.ts';
import type { Child, InboxRow, Root } from '../../../shared/sync/index.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import { Session } from '../../../shared/sync/session.ts';
import { leaveLines } from '../../../shared/sync/waiting.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { LIMIT_BYTES } from './files.ts';
import { ACME, CASE, hubOver, LEFT, rowsOf, ticketOf } from './hub.ts';

const commentOf = (id: string) =>
  ({ kind: 'comment', externalId: id as ExternalId, rootExternalId: CASE.externalId }) as const;
const told: Partial<Observation> = {
  ...commentOf('told-1'),
  fields: { body: 'hello' },
  visibility: 'public',
};
const fileOf = (parent: string): Partial<Observation> => ({
  kind: 'attachment',
  externalId: 'file-1' as ExternalId,
  parent: commentOf(parent),
  visibility: 'public',
  fields: { name: 'bill.png', type: 'image/png', size: 3 },
});

/** A case whose vendor keeps no mark of ours on comments, and has not answered for one of ours. */
async function creationInDoubt() {
  const hub = hubOver({
    [LEFT]: {
      profile: { ...SALESFORCE_LIKE, commentCreation: 'none', files: LIMIT_BYTES },
      port: {
        read: async () => ({ state: 'absent' }),
        write: async () => ({ outcome: 'uncertain', error: new ProviderUnavailableError('no answer') }),
      },
    },
  });
  await hub.hear(CASE);
  await hub.work();
  const { id: root } = await ticketOf(hub);
  await hub.engine.edit({
    organization: ACME,
    root,
    actor: 'user:1',
    idempotencyKey: 'key-1',
    edit: { edit: 'comment', body: 'on our way', visibility: 'public', authorName: 'Ada' },
  });
  await hub.work();
  const waiting = async () => (await ticketOf(hub)).lanes[LEFT]!.waiting?.map(({ inbox }) => inbox);
  const open = async () => (await rowsOf(hub)).filter(({ state }) => state === 'open').length;
  /** Whoever was sent on, and nobody that a sweep would send. */
  const takeInSent = async () => {
    for (;;) {
      const message = hub.queues.changes.receive<ChangeMessage>();
      if (message === undefined) return;
      await hub.engine.observe(message.body);
      hub.queues.changes.delete(message.receipt);
    }
  };
  return { hub, waiting, open, takeInSent };
}

describe('whoever stood in line for a creation, and has ended', () => {
  it('leaves it, though it was of a file, and the next goes on', async () => {
    const { hub, waiting, open, takeInSent } = await creationInDoubt();
    const rows = [await hub.hear(fileOf('unheard-1')), await hub.hear(told)];
    await takeInSent();
    expect(await waiting()).toEqual(rows);

    await hub.work(400_000);
    await takeInSent();

    expect(await open()).toBe(0);
    expect(await waiting()).toBeUndefined();
  });

  it('leaves it when its message was too often received, and the next goes on', async () => {
    const { hub, waiting, open, takeInSent } = await creationInDoubt();
    const first = await hub.hear(fileOf('unheard-1'));
    await hub.hear(told);
    await takeInSent();
    await hub.work(400_000);

    await hub.engine.deadLetter(
      { type: 'change', organization: ACME, connection: LEFT, inbox: first },
      'died',
    );
    await takeInSent();

    expect(await open()).toBe(0);
    expect(await waiting()).toBeUndefined();
  });

  it('leaves it where its connection was removed meanwhile', async () => {
    const { hub, waiting, open, takeInSent } = await creationInDoubt();
    const first = await hub.hear(fileOf('unheard-1'));
    await hub.hear(told);
    await takeInSent();
    await hub.work(400_000);

    hub.deps.connections.get = async () => undefined;
    hub.deps.connections.ofOrganization = async () => [];
    await hub.observe(first);
    await takeInSent();

    expect(await open()).toBe(0);
    expect(await waiting()).toBeUndefined();
  });

  it('leaves every line that it stood in, of what goes on for those that were folded, and of what it has not taken in', async () => {
    const store = memoryStore({ clock: virtualClock() });
    const at = (id: string) => rootKey(ACME, id as RecordId);
    const rows = ['first', 'second'].map((inbox) => ({ inbox, group: 'case-1', lane: 'changes' }));
    const rootOf = (id: string) => ({ id, lanes: { [LEFT]: { link: {}, waiting: rows } } });
    const folded = { id: 'younger', lanes: {}, foldedInto: 'older' };
    for (const root of [rootOf('older'), folded, rootOf('taken'), { id: 'without', lanes: {} }])
      await store.commit([{ put: { ...at(root.id), data: root }, expect: 0 }]);
    const session = new Session(store);
    const tree = treeOf(rootOf('taken') as unknown as Root);
    const standsIn = ['younger', 'older', 'taken', 'without', 'nobody'];
    const row = { ...rows[0], organization: ACME, connection: LEFT, standsIn } as unknown as InboxRow;

    const next = await leaveLines(session, row, [tree]);
    await session.commit();

    const kept = async (id: string) =>
      (await store.get<Root>(at(id).pk, at(id).sk))?.data.lanes[LEFT]?.waiting?.length;
    expect(next.map(({ inbox }) => inbox)).toEqual(['second', 'second']);
    expect(await kept('older')).toBe(1);
    expect(tree.root.lanes[LEFT]?.waiting).toHaveLength(1);
    expect(await kept('taken')).toBe(2);
  });
});

it('a file of what stands in line stands behind it: what it hangs on is known by its own event first', async () => {
  const { hub, waiting, takeInSent } = await creationInDoubt();
  const saidAtMs = hub.clock.now();
  const first = await hub.hear({ ...told, atMs: saidAtMs });
  await hub.work(400_000);

  const second = await hub.hear(fileOf('told-1'));
  expect(await waiting()).toEqual([first, second]);
  await takeInSent();

  expect(await waiting()).toBeUndefined();
  const children = hub.deps.store
    .items()
    .flatMap(({ sk, data }) => (sk.startsWith('child#') ? [data as Child] : []));
  const made = children.find(({ links }) => links[LEFT]?.externalId === told.externalId);
  expect(made).toMatchObject({ createdAtMs: saidAtMs });
});
