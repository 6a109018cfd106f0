import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import {
  ProviderRejectedError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { Integration, WorkMessage, WriteOutcome } from '../../../shared/ports/index.ts';
import { parkUnseen } from '../../../shared/sync/parking.ts';
import { ACME, CASE, edited, hubOf, LEFT, parkedOf, RIGHT, settled, ticketOf } from './hub.ts';
import { ticketScene } from './scenes.ts';

/** Work that waits for a lost grant. */
async function shutOut() {
  let isOut = true;
  const error = new ReauthorizationRequiredError('the grant is dead');
  const hub = hubOf((change) =>
    isOut ? { outcome: 'refused', why: 'unauthorized', error } : settled(change),
  );
  await hub.hear(CASE);
  await hub.work();
  const letIn = () => {
    isOut = false;
  };
  return { hub, letIn };
}

describe('parking: work that cannot be done', () => {
  it('refused by the vendor stands aside with its reason, and new content is a new chance', async () => {
    let isStrict = true;
    const error = new ProviderRejectedError('a rule says no', { vendorCode: 'RULE' });
    const hub = hubOf((change) =>
      isStrict && change.operation === 'update'
        ? { outcome: 'refused', why: 'rejected', error }
        : settled(change),
    );
    await hub.hear(CASE);
    await hub.work();
    await edited(hub, { priority: 'high' });
    await hub.work();
    expect((await parkedOf(hub))[0]).toMatchObject({
      cause: 'rejected',
      code: 'RULE',
    });

    isStrict = false;
    await edited(hub, { priority: 'urgent' }, 'key-2');
    await hub.work();

    expect(await parkedOf(hub)).toEqual([]);
    expect(hub.written.at(-1)?.fields).toEqual({ priority: 'P4' });
  });

  it('shut out by a lost grant parks the lane, and drains when the connection is back', async () => {
    const { hub, letIn } = await shutOut();
    expect((await ticketOf(hub)).lanes[RIGHT]?.parked).toMatchObject({ fault: 'organization' });

    letIn();
    expect(await hub.engine.drain(ACME, RIGHT)).toBe(1);
    await hub.work();

    expect((await ticketOf(hub)).lanes[RIGHT]?.link.externalId).toBeDefined();
    expect(await hub.engine.drain(ACME, RIGHT)).toBe(0);
  });

  it('shut out by a lost grant goes on for one root alone, once', async () => {
    const { hub, letIn } = await shutOut();
    const { id } = await ticketOf(hub);

    letIn();
    expect(await hub.engine.drainRoot(ACME, RIGHT, 'unknown' as RecordId)).toBe(false);
    expect(await hub.engine.drainRoot(ACME, LEFT, id)).toBe(false);
    expect(await hub.engine.drainRoot(ACME, RIGHT, id)).toBe(true);
    expect(await hub.engine.drainRoot(ACME, RIGHT, id)).toBe(false);
    await hub.work();

    expect((await ticketOf(hub)).lanes[RIGHT]?.link.externalId).toBeDefined();
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('sent again after a lost answer and then refused, is remembered: the first may land yet', async () => {
    const outcomes: WriteOutcome[] = [
      { outcome: 'uncertain', error: new ProviderUnavailableError('the answer was lost') },
      {
        outcome: 'refused',
        why: 'unauthorized',
        error: new ReauthorizationRequiredError('the grant is dead'),
      },
    ];
    const hub = hubOf((change) => outcomes.shift() ?? settled(change));
    await hub.hear(CASE);
    await hub.work();
    hub.clock.advance(61_000);
    await hub.work();

    const { lanes } = await ticketOf(hub);
    expect(lanes[RIGHT]).not.toHaveProperty('pending');
    expect(lanes[RIGHT]?.link.creations).toEqual([hub.written[0]?.fields]);
  });

  it('unavailable five times parks by cause, and the sweeper takes it up again', async () => {
    let isAway = true;
    const error = new ProviderUnavailableError('nobody answers');
    const hub = hubOf((change) =>
      isAway ? { outcome: 'refused', why: 'unavailable', error } : settled(change),
    );
    await hub.hear(CASE);
    for (let minute = 0; minute < 6; minute += 1) {
      await hub.work();
      hub.clock.advance(61_000);
    }
    expect((await ticketOf(hub)).lanes[RIGHT]?.parked).toMatchObject({
      cause: 'unavailable',
      fault: 'vendor',
    });

    isAway = false;
    hub.clock.advance(61_000);
    await hub.engine.sweep();
    await hub.work();

    expect((await ticketOf(hub)).lanes[RIGHT]?.link.externalId).toBeDefined();
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('counts failures in a row: a lane that came to rest in between begins anew', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    await hub.work();
    for (let version = 2; version <= 9; version += 1) {
      const now = { ...CASE, version: { source: 'any', value: version } };
      const observation = { ...now, authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
      let isAway = true;
      const port: Integration = {
        check: async () => ({ state: 'healthy', account: 'a' }),
        read: async () => {
          if (isAway) throw new ProviderUnavailableError('nobody answers');
          return { state: 'present', observation };
        },
      };
      await hub.hear({ ...now, isComplete: false, needsRead: true });
      for (const isGone of [true, false]) {
        isAway = isGone;
        const message = hub.queues.work(LEFT).receive<WorkMessage>();
        expect(message, 'its lane has been set aside').toBeDefined();
        await hub.engine.reconcile(message!.body, port, hub.clock.now() + 30_000);
        hub.queues.work(LEFT).delete(message!.receipt);
        hub.clock.advance(61_000);
      }
    }

    expect((await ticketOf(hub)).lanes[LEFT]).toMatchObject({ attempts: 0 });
    expect(await parkedOf(hub)).toEqual([]);
  });
});

it('copies out of sight are looked for as far as their ticket can list them; all of them are parked', () => {
  const drains = Array.from({ length: 200 }, (_, at) => ({ record: `ticket-1.${at}` as RecordId, atMs: 0 }));
  const [roomy, full] = [ticketScene({}), ticketScene({ lane: { drains } })];

  for (const scene of [roomy, full]) parkUnseen(scene);

  expect(roomy.lane.drains).toHaveLength(1);
  expect(full.lane.drains).toEqual(drains);
  expect([roomy, full].map(({ link }) => link.parked?.cause)).toEqual(['unseen', 'unseen']);
});
