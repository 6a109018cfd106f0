import { expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ConflictError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { RemoteChange, Store, WorkMessage } from '../../../shared/ports/index.ts';
import { createEngine, type Root } from '../../../shared/sync/index.ts';
import { storeOver } from '../../memory/index.ts';
import { ACME, CASE, hubOf, RIGHT } from './hub.ts';

/** Tells of a conflict, once; where it was done all the same, the first answer was lost and the client tried again. */
function contested(store: Store, isMeant: (root: Root) => boolean, isDone: boolean): Store {
  let hasTold = false;
  return storeOver(store, {
    commit: async (writes) => {
      const isIt = writes.some(
        (write) => 'put' in write && write.put.sk === 'root' && isMeant(write.put.data as Root),
      );
      if (hasTold || !isIt) return store.commit(writes);
      hasTold = true;
      if (isDone) await store.commit(writes);
      throw new ConflictError('another write is there');
    },
  });
}

const SAID = {
  kind: 'comment',
  externalId: 'said-1' as ExternalId,
  rootExternalId: CASE.externalId,
  fields: { body: 'hello' },
  visibility: 'public',
} as const;
const idOf = ({ kind }: RemoteChange) => `${kind}-copy` as ExternalId;

async function workedThrough(isMeant: (root: Root) => boolean, isDone = true) {
  const hub = hubOf((change) => ({ outcome: 'settled', externalId: idOf(change) }));
  await hub.hear(CASE);
  await hub.hear(SAID);
  const wake = hub.queues.work(RIGHT).receive<WorkMessage>()!;
  const sent: RemoteChange[] = [];
  const engine = createEngine({ ...hub.deps, store: contested(hub.deps.store, isMeant, isDone) });

  await engine.reconcile(
    wake.body,
    {
      check: async () => ({ state: 'healthy', account: 'a' }),
      write: async (change) => {
        sent.push(change);
        return { outcome: 'settled', externalId: idOf(change) };
      },
    },
    hub.clock.now() + 30_000,
  );

  const root = await hub.deps.store.get<Root>(`${ACME}#root#${wake.body.root}`, 'root');
  return { sent, lane: root!.data.lanes[RIGHT]! };
}

const ONCE_EACH = [
  { operation: 'create', kind: 'ticket' },
  { operation: 'create', kind: 'comment' },
];
const underWay = ({ lanes }: Root) => lanes[RIGHT]?.pending?.change.kind;

it.each([
  ['the first request', (root: Root) => underWay(root) === 'ticket'],
  ['the next, with the outcome before it', (root: Root) => underWay(root) === 'comment'],
])(
  'sends what it noted, although the noting of %s was called a conflict: nobody else would',
  async (_what, isMeant) => {
    const { sent, lane } = await workedThrough(isMeant);

    expect(sent).toMatchObject(ONCE_EACH);
    expect(lane).toMatchObject({ link: { externalId: 'ticket-copy' } });
    expect(lane).not.toHaveProperty('pending');
  },
);

it('sends nothing twice when saving the outcome was called a conflict', async () => {
  const isSaved = (root: Root) =>
    underWay(root) === undefined && root.lanes[RIGHT]?.link.externalId !== undefined;

  const { sent } = await workedThrough(isSaved);

  expect(sent).toMatchObject(ONCE_EACH);
});

it('keeps an outcome when another was quicker to the commit that would have held it and the next request', async () => {
  const { sent, lane } = await workedThrough((root) => underWay(root) === 'comment', false);

  expect(sent).toMatchObject(ONCE_EACH);
  expect(lane).toMatchObject({ link: { externalId: 'ticket-copy' } });
  expect(lane).not.toHaveProperty('pending');
});

it('leaves a creation that is sent again to the worker that noted it so first, although its id is known', async () => {
  const error = new ProviderUnavailableError('no answer');
  const hub = hubOf(() => ({ outcome: 'uncertain', error }));
  await hub.hear(CASE);
  await hub.work();
  hub.clock.advance(120_000);
  const wake = hub.queues.work(RIGHT).receive<WorkMessage>()!;
  const sent: RemoteChange[] = [];
  const write = async (change: RemoteChange) => {
    sent.push(change);
    await new Promise(setImmediate);
    return { outcome: 'settled', externalId: idOf(change) } as const;
  };
  const work = () =>
    hub.engine.reconcile(
      wake.body,
      { check: async () => ({ state: 'healthy', account: 'a' }), write },
      hub.clock.now() + 30_000,
    );

  await Promise.all([work(), work()]);

  expect(sent).toMatchObject([{ operation: 'create', kind: 'ticket' }]);
});
