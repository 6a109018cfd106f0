import { describe, expect, it } from 'vitest';
import { deadLetterParker, sweeper } from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { HubMessage } from '../../../shared/ports/index.ts';
import { BREAKER, openBreaker } from '../../../shared/resilience/index.ts';
import { acme } from './model.ts';

import { context, drain, integrations, page, recordOf, ticket, twoVendors } from './two-vendors.ts';

describe('functions of a hub in memory: poll, observe, reconcile', () => {
  it('carry what a poll found at one vendor to the other', async () => {
    const { platform, vendors, poll, work, observe } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'My bike is broken', platform.clock.now() - 60_000)])];

    await poll();
    expect(await drain(platform.queues.deltas, observe)).toEqual([{ batchItemFailures: [] }]);
    expect(await drain(platform.queues.work('target'), work)).toEqual([{ batchItemFailures: [] }]);

    expect(vendors.target.writes).toMatchObject([
      { operation: 'create', kind: 'ticket', fields: { subject: 'My bike is broken' } },
    ]);
    expect(vendors.model.writes).toEqual([]);
  });

  it('save what a call brought before the work that waited for its vendor goes on', async () => {
    const { platform, vendors, poll, work, observe } = await twoVendors();
    const { limits, records } = platform.stores;
    const breaker = { state: 'open', untilMs: 0, opens: 1 };
    await limits.commit([{ put: { pk: 'breaker#c2', sk: 'breaker', data: breaker }, expect: 0 }]);
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, observe);
    const looks: boolean[] = [];
    const look = records.page.bind(records);
    records.page = async (list, options) => {
      looks.push(JSON.stringify(records.items()).includes('"externalId":"x"'));
      return look(list, options);
    };

    await drain(platform.queues.work('target'), work);

    expect(vendors.target.writes).toHaveLength(1);
    expect(looks).toEqual([true]);
  });

  it('ask in one breath, and once, for all a call needs to know of its connection', async () => {
    const { platform, vendors, poll, work, observe } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, observe);
    const { connections, limits } = platform.stores;
    const breaths: string[][] = [];
    let breath: string[] | undefined;
    const ask = (what: string): void => {
      if (breath === undefined) {
        breath = [];
        breaths.push(breath);
        queueMicrotask(() => {
          breath = undefined;
        });
      }
      breath.push(what);
    };
    const list = connections.list.bind(connections);
    connections.list = (pk, options) => {
      ask('connection');
      return list(pk, options);
    };
    for (const store of [connections, limits]) {
      const get = store.get.bind(store);
      store.get = (pk, sk) => {
        ask(sk);
        return get(pk, sk);
      };
    }

    await drain(platform.queues.work('target'), work);

    expect(vendors.target.writes).toHaveLength(1);
    expect(breaths[0]).toEqual(['connection', 'grant', 'breaker']);
    expect(breaths.flat().filter((sk) => sk === 'breaker')).toHaveLength(1);
  });

  it('give a work message back that was sent to the wrong queue or names nothing', async () => {
    const { platform, work, observe } = await twoVendors();
    const ids = { organization: acme, connection: 'c2' as ConnectionId };
    const change = { type: 'change', inbox: 'e1' as never, ...ids } as const;
    const wake = { type: 'reconcile', root: 'r1' as never, wake: 'w1' as never, ...ids } as const;
    const failures = [{ itemIdentifier: 'm1' }];
    const send = (handle: typeof work, message: HubMessage) =>
      handle({ Records: [recordOf(message)] }, context);

    expect(await send(work, change)).toEqual({ batchItemFailures: failures });
    expect(await send(observe, wake)).toEqual({ batchItemFailures: failures });
    expect(await send(work, { ...wake, type: 'transfer' })).toEqual({ batchItemFailures: failures });
    expect(await send(work, { ...wake, connection: 'never' as ConnectionId })).toEqual({
      batchItemFailures: failures,
    });
    expect(await send(work, { ...wake, organization: 'globex' as never })).toEqual({
      batchItemFailures: failures,
    });
    expect(await send(work, { ...wake, connection: 'c1' as ConnectionId })).toEqual({
      batchItemFailures: failures,
    });
    expect(platform.telemetry.logs.map(({ facts }) => facts.code)).toEqual([
      'invariant',
      'invariant',
      'invariant',
      'not_found',
      'not_found',
      'invariant',
    ]);
  });

  it('park what landed in a dead-letter queue', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();

    await drain(platform.queues.deltas, deadLetterParker(integrations, platform));

    const parked = platform.stores.records.items().filter(({ pk }) => pk.includes('#parked#'));
    expect(JSON.stringify(parked)).toContain('changes-dlq.fifo');
  });

  it('send again what stayed open, and publish what the bus did not take', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    expect(platform.queues.deltas.size).toBe(1);
    platform.clock.advance(120_000);

    await sweeper(integrations, platform)({}, context);

    expect(platform.queues.deltas.size).toBe(2);
    expect(platform.telemetry.logs.at(-1)).toMatchObject({
      message: 'swept',
      facts: { reenqueued: 1, announced: 0 },
    });
  });
});

describe('the sweeper', () => {
  it('tells how many rows are open too long and since when, and that there are none', async () => {
    const { platform, vendors, poll, observe } = await twoVendors();
    const told = async () => {
      await sweeper(integrations, platform)({}, context);
      const metrics = platform.telemetry.metrics.filter(({ name }) => name !== 'OpenBreakers');
      return metrics.slice(-2).map(({ name, value }) => [name, value]);
    };
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    platform.clock.advance(120_000);

    expect(await told()).toEqual([
      ['OpenInboxRows', 1],
      ['OldestOpenInboxMs', 120_000],
    ]);
    await drain(platform.queues.deltas, observe);
    platform.clock.advance(120_000);
    expect(await told()).toEqual([
      ['OpenInboxRows', 0],
      ['OldestOpenInboxMs', 0],
    ]);
  });

  it('tells how many breakers are open, and that there are none', async () => {
    const { platform } = await twoVendors();
    const { clock, stores, telemetry } = platform;
    const told = async () => {
      await sweeper(integrations, platform)({}, context);
      return telemetry.metrics.filter(({ name }) => name === 'OpenBreakers').map(({ value }) => value);
    };
    const breaker = openBreaker({ store: stores.limits, clock }, 'c2' as ConnectionId);

    await told();
    for (let at = 0; at < BREAKER.failuresToOpen; at += 1) await breaker.report('failure');

    expect(await told()).toEqual([0, 1]);
  });

  it('does all its parts, whichever of them fails, and fails itself for that', async () => {
    const { platform } = await twoVendors();
    const done: string[] = [];
    const chore = (name: string, fails = false) => ({
      name,
      run: async () => {
        done.push(name);
        if (fails) throw new TypeError(`${name} fails`);
        return 1;
      },
    });

    const sweep = sweeper(integrations, platform, [chore('first', true), chore('second')]);

    await expect(sweep({}, context)).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: 'first fails' })],
    });
    expect(done).toEqual(['first', 'second']);
    expect(platform.telemetry.logs.at(-1)).toMatchObject({ message: 'swept', facts: { second: 1 } });
  });
});
