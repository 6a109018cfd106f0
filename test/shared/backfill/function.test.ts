import { describe, expect, it } from 'vitest';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { AuditEntry, Platform } from '../../../shared/ports/index.ts';
import type { InboxRow } from '../../../shared/sync/index.ts';
import { acme } from '../connections/model.ts';
import { type BackfillWorld, backfillWorld, settle, source } from './world.ts';

const ROWS = 10;

async function started(world: BackfillWorld) {
  const connection = await world.connection();
  return world.backfills.start({ connection, manifest: source, actor: 'user:ann' });
}
const jobOf = async ({ backfills }: BackfillWorld, id: string) => backfills.get(acme, id as never);
const inbox = ({ platform }: BackfillWorld) =>
  platform.stores.records
    .items()
    .filter(({ pk, sk }) => pk.includes('#inbox#') && sk === 'row')
    .map(({ data }) => data as InboxRow);
const tickets = ({ platform }: BackfillWorld) =>
  platform.stores.records.items().filter(({ pk, sk }) => pk.includes('#root#') && sk === 'root');
const audited = ({ platform }: BackfillWorld) =>
  platform.stores.audit
    .items()
    .map(({ data }) => data as AuditEntry)
    .filter(({ action }) => action.startsWith('backfill.'));

describe('a backfill', () => {
  it('takes every row in by the door of events, on a lane of its own, and says so', async () => {
    const world = await backfillWorld(ROWS);
    const { id } = await started(world);

    await settle(world);

    const job = await jobOf(world, id);
    expect(job).toMatchObject({ state: 'done', outstanding: [], leftOpen: 0 });
    expect(job.ends.applied).toBe(ROWS);
    expect(inbox(world).map(({ lane, state }) => [lane, state])).toEqual(
      Array(ROWS).fill(['backfill', 'applied']),
    );
    expect(tickets(world)).toHaveLength(ROWS);
    expect(audited(world).map(({ action, actor }) => [action, actor])).toEqual([
      ['backfill.started', 'user:ann'],
      ['backfill.done', 'hub'],
    ]);
  });

  it('asks the vendor for a page at a time, and takes its export down', async () => {
    const world = await backfillWorld(ROWS);
    await started(world);

    await settle(world);

    expect(world.exports.calls).toEqual([
      'begin ticket',
      'state',
      'state',
      'page 0',
      'page 4',
      'page 8',
      'discard',
    ]);
  });

  it('finds a vendor empty of which another has brought nothing, whatever was to be brought out to it', async () => {
    const world = await backfillWorld(0);
    const { stores } = world.platform;
    const ended = await jobOf(world, (await started(world)).id);
    await settle(world);
    const outwards = [{ kind: 'ticket', read: 3, records: 3, isRead: true }];
    const out = { ...ended, id: 'out', direction: 'out', state: 'done', exports: outwards };
    await stores.connections.commit([{ put: { pk: `${acme}#backfills`, sk: 'out', data: out }, expect: 0 }]);

    const { id } = await started(world);
    await settle(world);

    expect(await jobOf(world, id)).toMatchObject({ state: 'done', exports: [{ records: 0 }] });
  });

  it('made again takes in nothing twice', async () => {
    const world = await backfillWorld(ROWS);
    await started(world);
    await settle(world);
    const { id } = await started(world);

    await settle(world);

    expect((await jobOf(world, id)).ends).toMatchObject({ applied: 0, echo: ROWS });
    expect(inbox(world)).toHaveLength(ROWS);
    expect(tickets(world)).toHaveLength(ROWS);
  });

  it('runs once at a time for a connection', async () => {
    const world = await backfillWorld(ROWS);
    await started(world);

    await expect(started(world)).rejects.toMatchObject({ code: 'conflict' });
    const [one, other] = await Promise.allSettled([settle(world).then(() => started(world)), started(world)]);
    expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is refused where none is offered, for a kind nobody has, and before the authorization', async () => {
    const world = await backfillWorld(ROWS);
    const connection = await world.connection();
    const { backfill: _none, ...without } = source;
    const start = (over: object) =>
      world.backfills.start({ connection, manifest: source, actor: 'user:ann', ...over });

    await expect(start({ manifest: without })).rejects.toMatchObject({ code: 'conflict' });
    await expect(start({ kinds: ['contact'] })).rejects.toMatchObject({ pointer: '/kinds' });
    await expect(start({ connection: { ...connection, state: { kind: 'pending' } } })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('cancelled stops enqueuing, takes its export down, and lets what is enqueued end', async () => {
    const world = await backfillWorld(600);
    const { id } = await started(world);
    world.exports.page = async () => {
      await world.backfills.cancel(acme, id, 'user:bob');
      return { observations: [], next: '1' };
    };

    await settle(world);

    expect(await jobOf(world, id)).toMatchObject({ state: 'cancelled', outstanding: [] });
    expect(world.exports.made.size).toBe(0);
    expect(audited(world).at(-1)).toMatchObject({ action: 'backfill.cancelled', actor: 'user:bob' });
    expect(await world.backfills.cancel(acme, id, 'user:bob')).toMatchObject({ state: 'cancelled' });
  });

  it('of a connection taken out ends as cancelled', async () => {
    const world = await backfillWorld(ROWS);
    const { id } = await started(world);
    await world.opener.register.remove(await world.connection(), { actor: 'user:ann', facts: {} });

    await settle(world);

    expect((await jobOf(world, id)).state).toBe('cancelled');
  });

  it('waits while its connection is set aside, and goes on when it is back', async () => {
    const world = await backfillWorld(ROWS);
    const { id } = await started(world);
    const connection = await world.connection();
    await world.opener.register.park(connection, { reason: 'revoked', fault: 'organization' }, []);
    await settle(world, world.platform, 10);
    expect(await jobOf(world, id)).toMatchObject({
      state: 'running',
      trouble: { code: 'reauthorization_required' },
    });
    const grant = world.vendor.issue(world.platform.clock.now());
    const stored = await world.opener.vault.read(connection);
    await world.opener.register.activate(connection, grant, {
      with: await world.opener.vault.sealed(connection, grant, stored?.version ?? 0),
      actor: 'user:ann',
    });

    await settle(world);

    expect((await jobOf(world, id)).state).toBe('done');
  });

  it('ends with the reason where the vendor refuses, and another connection’s goes on', async () => {
    const world = await backfillWorld(ROWS);
    const { id } = await started(world);
    world.exports.page = async () => {
      throw new ProviderRejectedError('no such column', { vendorCode: 'INVALID_FIELD' });
    };

    await settle(world);

    expect(await jobOf(world, id)).toMatchObject({
      state: 'failed',
      failure: { code: 'INVALID_FIELD', reason: 'no such column', fault: 'organization' },
    });
    expect(world.exports.made.size).toBe(0);
  });

  it('asks a vendor that is away ever more seldom, says since when, and ends when it is back', async () => {
    const world = await backfillWorld(ROWS);
    const { id } = await started(world);
    const { page } = world.exports;
    let failures = 0;
    world.exports.page = async (...given) => {
      failures += 1;
      if (failures <= 3)
        throw new ProviderUnavailableError('salesforce answered something that is no bulk result');
      return page(...given);
    };

    await settle(world);

    expect(await jobOf(world, id)).toMatchObject({ state: 'done' });
    expect(tickets(world)).toHaveLength(ROWS);
  });
});

/** The platform of one invocation, stopped dead at its nth call to anything outside. */
function stoppedAt(platform: Platform, nth: number): { platform: Platform; wasStopped: () => boolean } {
  let calls = 0;
  const killed = () => new Error('the function was stopped');
  const stopping = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          calls += 1;
          if (calls > nth) throw killed();
          const answer = await value.apply(target, given);
          // At the very moment: done, and nobody hears of it.
          if (calls === nth) throw killed();
          return answer;
        };
      },
    });
  const { stores, queues } = platform;
  return {
    platform: {
      ...platform,
      queues: stopping(queues),
      stores: {
        records: stopping(stores.records),
        connections: stopping(stores.connections),
        limits: stopping(stores.limits),
        audit: stopping(stores.audit),
      },
    },
    wasStopped: () => calls >= nth,
  };
}

describe('a backfill whose function is stopped', () => {
  it('at any call whatsoever, ends all the same, with every row there once', async () => {
    let stops = 0;
    for (let nth = 1; ; nth += 1) {
      const world = await backfillWorld(ROWS);
      const { id } = await started(world);
      const stopped = stoppedAt(world.platform, nth);

      // Less than an hour of it: a row that ended is kept no longer, and would be taken in as known.
      await settle(world, stopped.platform, 40);
      if (!stopped.wasStopped()) break;
      stops += 1;
      await settle(world);

      const job = await jobOf(world, id);
      expect([nth, job.state, job.ends.applied]).toEqual([nth, 'done', ROWS]);
      expect(inbox(world)).toHaveLength(ROWS);
      expect(tickets(world)).toHaveLength(ROWS);
    }
    expect(stops).toBeGreaterThan(60);
  });
});
