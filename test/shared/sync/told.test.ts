import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { HubEvent, MetricName, WriteOutcome } from '../../../shared/ports/index.ts';
import { correlationOf } from '../../../shared/telemetry/index.ts';
import { ACME, CASE, type Hub, hubOf, LEFT, parkedOf, RIGHT, settled } from './hub.ts';

const refused = (): WriteOutcome => {
  const error = new ProviderRejectedError('a rule says no', { vendorCode: 'RULE' });
  return { outcome: 'refused', why: 'rejected', error };
};
const metrics = (hub: Hub, name: MetricName) => hub.telemetry.metrics.filter((each) => each.name === name);
const sum = (hub: Hub, name: MetricName) => metrics(hub, name).reduce((most, { value }) => most + value, 0);
const deedsIn = (hub: Hub) => hub.audit.entries.filter(({ action }) => action.startsWith('copy.'));
const aMinute = 61_000;

/** Until it is told to come back. */
function awayAudit({ audit }: Hub): () => void {
  const { append, appendAs } = audit;
  const away = async () => {
    throw new ProviderUnavailableError('the audit is away');
  };
  Object.assign(audit, { append: away, appendAs: away });
  return () => Object.assign(audit, { append, appendAs });
}

describe('told: work set aside', () => {
  it('is counted and logged whatever parks it, with the record it is about', async () => {
    const hub = hubOf(refused);
    const inbox = await hub.hear(CASE);
    await hub.work();

    const [work] = await parkedOf(hub);

    const subject = { organization: ACME, connection: RIGHT, integration: RIGHT, record: work?.record };
    const correlation = correlationOf(LEFT, inbox);
    expect(metrics(hub, 'ParkedByOrganization')).toEqual([
      { name: 'ParkedByOrganization', value: 1, subject: { ...subject, correlation } },
    ]);
    expect(hub.telemetry.logs.filter(({ message }) => message === 'parked')).toMatchObject([
      { level: 'warn', subject, facts: { cause: 'rejected', fault: 'organization', code: 'RULE' } },
    ]);
  });
});

describe('told: the ends of accepted events', () => {
  it('are one metric a row, so that accepted = applied + merged + echo + filtered + parked + open', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    await hub.hear(CASE);
    await hub.observe(await hub.keep({ type: 'typing' }));
    const torn = await hub.keep('{"torn":');
    await hub.observe(torn);
    const twice = [CASE, { ...CASE, externalId: 'case-2' as ExternalId }];
    const objects = twice.map((seen) => ({ authorship: 'other', atMs: 1, isComplete: true, ...seen }));
    await hub.observe(await hub.keep({ type: 'changed', objects }));
    await hub.keep({ type: 'changed', objects: [] });
    await hub.engine.sweep();

    const ends = ['Applied', 'Merged', 'Echoes', 'Filtered', 'ParkedRows', 'OpenInboxRows'] as const;
    expect(ends.map((name) => sum(hub, name))).toEqual([2, 0, 1, 1, 1, 1]);

    const [work] = await parkedOf(hub);
    await hub.engine.replay(ACME, work!.id, 'user:1');
    expect(sum(hub, 'ParkedRows')).toBe(0);
  });

  it('count every open row, also those that are not due to be sent again', async () => {
    const hub = hubOf(settled);
    await hub.keep(CASE);
    await hub.keep(CASE);
    hub.clock.advance(aMinute);
    await hub.engine.sweep();
    await hub.keep(CASE);

    await hub.engine.sweep();

    expect(metrics(hub, 'OpenInboxRows').map(({ value }) => value)).toEqual([2, 3]);
  });
});

describe('audit: what was done at a vendor', () => {
  it('names for whom, what and its outcome, also when it was refused', async () => {
    const hub = hubOf(refused);
    await hub.hear(CASE);

    await hub.work();

    expect(deedsIn(hub)).toMatchObject([
      {
        actor: 'hub',
        action: 'copy.created',
        outcome: 'refused',
        facts: { kind: 'ticket', operation: 'create', for: 'vendor:left', code: 'RULE' },
      },
    ]);
  });

  it('is there after the sweep, once, when the audit could not be reached', async () => {
    const hub = hubOf(settled);
    const comesBack = awayAudit(hub);
    await hub.hear(CASE);
    await hub.work();
    expect(deedsIn(hub)).toEqual([]);

    comesBack();
    for (let minute = 0; minute < 2; minute += 1) {
      hub.clock.advance(aMinute);
      await hub.engine.sweep();
    }

    expect(deedsIn(hub)).toMatchObject([{ action: 'copy.created', outcome: 'done' }]);
    expect(await hub.deps.store.due('outbox', Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it('is said before the commit that settles it: a function that dies after the call leaves nothing unsaid', async () => {
    const hub = hubOf(settled);
    const { commit } = hub.deps.store;
    await hub.hear(CASE);
    let isDying = false;
    hub.deps.store.commit = async (writes) => {
      if (isDying) throw new ProviderUnavailableError('the function is gone');
      await commit.call(hub.deps.store, writes);
      isDying = JSON.stringify(writes).includes('"pending":{');
    };

    await expect(hub.work()).rejects.toThrow('the function is gone');

    hub.deps.store.commit = commit;
    expect(hub.written).toHaveLength(1);
    expect(deedsIn(hub)).toMatchObject([{ action: 'copy.created', outcome: 'done' }]);
  });

  it('of a replay is in the commit that does it', async () => {
    const hub = hubOf(refused);
    await hub.hear(CASE);
    await hub.work();
    const [work] = await parkedOf(hub);
    const comesBack = awayAudit(hub);

    await hub.engine.replay(ACME, work!.id, 'user:1');
    comesBack();
    hub.clock.advance(aMinute);
    await hub.engine.sweep();

    const said = hub.audit.entries.filter(({ action }) => action === 'parked.replayed');
    expect(said).toMatchObject([{ actor: 'user:1', facts: { parked: work?.id, cause: 'rejected' } }]);
  });
});

describe('outbox: an event the bus will never take', () => {
  const refusing = (hub: Hub, isPassing: boolean) => {
    const told: HubEvent[] = [];
    hub.bus.publish = async (events) => {
      const bad = events.filter(({ type }) => type === 'ticket.created');
      told.push(...events.filter((event) => !bad.includes(event)));
      return bad.map((event) => ({ event, code: 'MalformedDetail', isPassing }));
    };
    return told;
  };

  it('parks visibly, keeps no other from being told, and goes out by replay', async () => {
    const hub = hubOf(settled);
    const { publish } = hub.bus;
    refusing(hub, false);
    await hub.hear(CASE);

    const [work] = await parkedOf(hub);
    expect(work).toMatchObject({
      cause: 'rejected',
      fault: 'hub',
      code: 'MalformedDetail',
      connection: LEFT,
    });
    expect(sum(hub, 'ParkedByHub')).toBe(1);
    expect(await hub.deps.store.due('outbox', Number.MAX_SAFE_INTEGER, 10)).toEqual([]);

    hub.bus.publish = publish;
    await hub.engine.replay(ACME, work!.id, 'user:1');
    expect(hub.bus.events.map(({ type }) => type)).toEqual(['ticket.created']);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('is told later where it was only not the time, and the rest not twice', async () => {
    const hub = hubOf(refused);
    const { publish } = hub.bus;
    const told = refusing(hub, true);
    await hub.hear(CASE);
    await hub.work();
    expect(told.map(({ type }) => type)).toEqual(['work.parked']);
    expect(await parkedOf(hub)).toHaveLength(1);

    hub.bus.publish = publish;
    hub.clock.advance(aMinute * 2);
    await hub.engine.sweep();

    expect(hub.bus.events.map(({ type }) => type)).toEqual(['ticket.created']);
    expect(await hub.deps.store.due('outbox', Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });
});

describe('the sweeper: what fails every time', () => {
  const CROWD = 600;
  const put = async (hub: Hub, at: number, list: string, data: object) => {
    const key = { pk: `${ACME}#root#r${at}`, sk: list === 'outbox' ? 'history#1' : 'root' };
    await hub.deps.store.commit([{ put: { ...key, data, due: { list, atMs: at } }, expect: 0 }]);
  };

  it('does not keep an event from the bus that waits behind it', async () => {
    const hub = hubOf(settled);
    const { publish } = hub.bus;
    hub.bus.publish = async (events) => {
      if (events.some(({ id }) => id.startsWith('poison'))) throw new ProviderUnavailableError('no');
      return publish(events);
    };
    for (let at = 1; at <= CROWD; at += 1) {
      const id = at === CROWD ? 'good' : `poison-${at}`;
      const event = { id, type: 'ticket.updated', organization: ACME, subject: id, atMs: at, data: {} };
      await put(hub, at, 'outbox', { revision: 1, atMs: at, changes: [], losses: [], events: [event] });
    }

    await hub.engine.sweep();
    hub.clock.advance(aMinute);
    await hub.engine.sweep();

    expect(hub.bus.events.map(({ id }) => id)).toEqual(['good']);
  });

  it('comes back ever more seldom where its failure is its own', async () => {
    const hub = hubOf(settled);
    const lanes = { [RIGHT]: { wake: { id: 'w', dueAtMs: hub.clock.now() }, behind: [] } };
    const root = { id: 'r1', kind: 'ticket', fields: {}, provenance: {}, revision: 1, lanes, childCount: 0 };
    await put(hub, 1, 'wakes', { ...root, isFannedOut: true });
    const waits: number[] = [];

    for (let minute = 0; minute < 40; minute += 1) {
      hub.clock.advance(aMinute);
      await hub.engine.sweep();
      const [due] = await hub.deps.store.due('wakes', Number.MAX_SAFE_INTEGER, 1);
      waits.push(due!.atMs - hub.clock.now());
    }

    const failed = hub.telemetry.logs.filter(({ message }) => message === 'swept without success');
    expect(failed.length).toBeLessThan(10);
    expect(Math.max(...waits)).toBe(900_000);
  });

  it('does not keep a lost wake from being woken that waits behind it', async () => {
    const hub = hubOf(settled);
    for (let at = 1; at <= CROWD; at += 1) {
      const lanes = { [RIGHT]: { wake: { id: 'w', dueAtMs: at }, behind: [] } };
      const root = {
        id: `r${at}`,
        kind: 'ticket',
        fields: {},
        provenance: {},
        revision: 1,
        lanes,
        childCount: 0,
      };
      await put(hub, at, 'wakes', { ...root, isFannedOut: true });
    }
    await hub.hear(CASE);
    hub.queues.work(RIGHT).receive();
    hub.clock.advance(181_000);

    for (let minute = 0; minute < 2; minute += 1) {
      await hub.engine.sweep();
      hub.clock.advance(aMinute);
    }

    const failed = hub.telemetry.logs.filter(({ message }) => message === 'swept without success');
    expect(failed.length).toBeGreaterThanOrEqual(CROWD);
    expect(failed[0]).toMatchObject({
      subject: { organization: ACME, record: 'r1' },
      facts: { list: 'wakes' },
    });
    await hub.work();
    expect(hub.written).toHaveLength(1);
  });
});
