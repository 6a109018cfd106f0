import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import { isMeant, isReplayed } from '../../../shared/sync/parked-filter.ts';
import type { ParkedWork } from '../../../shared/sync/state.ts';
import { ACME, CASE, hubOf, parkedOf, settled } from './hub.ts';

const SWEEP_MS = 60_000;

/** Cases that the right-hand vendor refuses until it is told not to. */
async function refusing(cases: number) {
  let isStrict = true;
  const error = new ProviderRejectedError('a rule of theirs refuses it', { vendorCode: 'RULE' });
  const hub = hubOf((change) =>
    isStrict ? { outcome: 'refused', why: 'rejected', error } : settled(change),
  );
  for (let at = 1; at <= cases; at += 1) {
    const externalId = `case-${at}` as ExternalId;
    await hub.hear({ ...CASE, externalId, fields: { ...CASE.fields, subject: `case ${at}` } });
    await hub.work();
    hub.clock.advance(1_000);
  }
  hub.written.length = 0;
  return {
    hub,
    relent: () => {
      isStrict = false;
    },
    sweep: async () => {
      hub.clock.advance(SWEEP_MS);
      return hub.engine.advanceReplays();
    },
  };
}

describe('replay in bulk', () => {
  it('puts back all that is meant, oldest first, and says how it went', async () => {
    const { hub, relent } = await refusing(3);
    relent();

    const job = await hub.engine.startReplay(ACME, { cause: 'rejected' }, 'user:ada');
    await hub.work();

    expect(job).toMatchObject({
      state: 'done',
      total: 3,
      replayed: 3,
      gone: 0,
      failed: 0,
      actor: 'user:ada',
    });
    expect(hub.written.map(({ fields }) => fields.subject)).toEqual(['case 1', 'case 2', 'case 3']);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('leaves alone what is not meant', async () => {
    const { hub } = await refusing(2);

    const job = await hub.engine.startReplay(ACME, { text: 'something else' }, 'user:ada');

    expect(job).toMatchObject({ state: 'done', total: 0 });
    expect(await parkedOf(hub)).toHaveLength(2);
  });

  it('goes on at the sweeper’s pace, and each sweep begins where the last one stood', async () => {
    const { hub, relent, sweep } = await refusing(230);
    relent();

    const job = await hub.engine.startReplay(ACME, {}, 'user:ada');
    expect(job).toMatchObject({ state: 'running', total: 230, replayed: 100 });
    expect(await sweep()).toBe(100);
    expect(await sweep()).toBe(30);

    expect(await sweep()).toBe(0);
  });

  it('cancelled goes no further; what has gone back stays back', async () => {
    const { hub, relent, sweep } = await refusing(120);
    relent();
    const { id } = await hub.engine.startReplay(ACME, {}, 'user:ada');

    const cancelled = await hub.engine.cancelReplay(ACME, id);

    expect(cancelled).toMatchObject({ state: 'cancelled', total: 120, replayed: 100 });
    expect(await sweep()).toBe(0);
    expect(await hub.engine.cancelReplay(ACME, id)).toEqual(cancelled);
    await expect(hub.engine.cancelReplay(ACME, 'never')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is one at a time: another waits until it is done or cancelled', async () => {
    const { hub, relent, sweep } = await refusing(230);
    relent();
    const first = await hub.engine.startReplay(ACME, {}, 'user:ada');

    const another = () => hub.engine.startReplay(ACME, {}, 'user:bob');
    await expect(another()).rejects.toMatchObject({ code: 'conflict' });
    await hub.engine.cancelReplay(ACME, first.id);
    expect(await another()).toMatchObject({ state: 'running', total: 130, replayed: 100 });
    await expect(another()).rejects.toMatchObject({ code: 'conflict' });
    expect(await sweep()).toBe(30);
    expect(await another()).toMatchObject({ state: 'done', total: 0 });
  });

  it('is one at a time also for two who begin at the same moment', async () => {
    const { hub, relent } = await refusing(120);
    relent();

    const begun = await Promise.allSettled([
      hub.engine.startReplay(ACME, {}, 'user:ada'),
      hub.engine.startReplay(ACME, {}, 'user:bob'),
    ]);

    expect(begun.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { items } = await hub.deps.store.page(`${ACME}#replays`, { limit: 10 });
    expect(items).toHaveLength(1);
  });

  it('comes to its end past a piece that fails every time, and says so', async () => {
    const { hub, relent } = await refusing(3);
    relent();
    const [, broken] = await parkedOf(hub);
    const { store } = hub.deps;
    const get = store.get.bind(store);
    store.get = async (pk, sk) => {
      if (pk.endsWith(broken!.id)) throw new TypeError('a bug of ours');
      return get(pk, sk);
    };

    const job = await hub.engine.startReplay(ACME, {}, 'user:ada');

    expect(job).toMatchObject({ state: 'done', replayed: 2, failed: 1 });
    expect(hub.telemetry.logs).toContainEqual(expect.objectContaining({ level: 'error' }));
  });

  it('counts apart what had gone on by itself', async () => {
    const { hub, relent, sweep } = await refusing(101);
    relent();
    const [newest] = await parkedOf(hub);
    await hub.engine.startReplay(ACME, {}, 'user:ada');
    await hub.engine.replay(ACME, newest!.id, 'user:ada');

    expect(await sweep()).toBe(0);

    const { items } = await hub.deps.store.page(`${ACME}#replays`, { limit: 1 });
    expect(items[0]?.data).toMatchObject({ state: 'done', replayed: 100, gone: 1, left: [] });
  });
});

describe('a filter of parked work', () => {
  const work: ParkedWork = {
    id: 'p1',
    organization: ACME,
    connection: 'right' as ConnectionId,
    integration: 'right',
    root: 'r1' as RecordId,
    kind: 'comment',
    cause: 'rejected',
    reason: 'The vendor requires a field',
    code: 'REQUIRED_FIELD_MISSING',
    fault: 'organization',
    atMs: 1_000,
    attempts: 1,
  };

  it.each([
    [{}],
    [{ connection: 'right' as ConnectionId }],
    [{ cause: 'rejected', fault: 'organization', kind: 'comment' }],
    [{ sinceMs: 1_000, untilMs: 1_001 }],
    [{ text: 'vendor REQUIRES' }],
    [{ text: 'field_missing' }],
  ] as const)('means it by %j', (filter) => {
    expect(isMeant(work, filter)).toBe(true);
  });

  it.each([
    [{ connection: 'left' as ConnectionId }],
    [{ cause: 'unseen', fault: 'organization' }],
    [{ fault: 'hub' }],
    [{ kind: 'ticket' }],
    [{ sinceMs: 1_001 }],
    [{ untilMs: 1_000 }],
    [{ text: 'p1' }],
    [{ text: 'fieldrequired' }],
  ] as const)('does not by %j', (filter) => {
    expect(isMeant(work, filter)).toBe(false);
  });

  it.each(['asked', 'doubtful'] as const)(
    'leaves what is %s to people, unless it means that by name',
    (cause) => {
      const question: ParkedWork = { ...work, cause };

      expect(isMeant(question, { fault: 'organization' })).toBe(true);
      expect(isReplayed(question, {})).toBe(false);
      expect(isReplayed(question, { fault: 'organization' })).toBe(false);
      expect(isReplayed(question, { cause })).toBe(true);
      expect(isReplayed(work, {})).toBe(true);
    },
  );
});
