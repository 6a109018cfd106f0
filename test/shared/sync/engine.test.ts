import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, InboxId, RecordId } from '../../../shared/domain/index.ts';
import {
  ProviderRejectedError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { Integration, RemoteChange, WorkMessage, WriteOutcome } from '../../../shared/ports/index.ts';
import type { InboxRow, ParkedWork, Root } from '../../../shared/sync/index.ts';
import { ACME, CASE, hubOf, LEFT, RIGHT } from './hub.ts';

const settled = (change: RemoteChange): WriteOutcome => ({
  outcome: 'settled',
  version: { source: 'any', value: 1 },
  externalId: ('externalId' in change ? change.externalId : `made-${change.record}`) as ExternalId,
});
type Hub = ReturnType<typeof hubOf>;

async function rows(hub: Hub): Promise<readonly InboxRow[]> {
  const { items } = await hub.deps.store.page<InboxRow>(`${ACME}#inbox#${LEFT}`, { limit: 100 });
  return items.map(({ data }) => data);
}
async function ticketOf(hub: Hub): Promise<Root> {
  const { items } = await hub.deps.store.page<Root>(`${ACME}#tickets`, { limit: 10 });
  return items[0]!.data;
}
async function parkedOf(hub: Hub): Promise<readonly ParkedWork[]> {
  const { items } = await hub.deps.store.page<ParkedWork>(`${ACME}#parked`, { limit: 10 });
  return items.map(({ data }) => data);
}
const edit = async (hub: Hub, fields: Record<string, string>, idempotencyKey = 'key-1') =>
  hub.engine.edit({
    organization: ACME,
    root: (await ticketOf(hub)).id,
    actor: 'user:1',
    idempotencyKey,
    edit: { edit: 'fields', fields },
  });

describe('engine: an accepted event', () => {
  it('becomes one ticket, one copy in the other connector, and one event on the bus', async () => {
    const hub = hubOf(settled);

    await hub.hear(CASE);
    await hub.work();

    expect(hub.written).toMatchObject([{ operation: 'create', kind: 'ticket' }]);
    expect(hub.bus.events.map(({ type }) => type)).toEqual(['ticket.created']);
    expect((await rows(hub)).map(({ state }) => state)).toEqual(['applied']);
  });

  it('does nothing when it comes again', async () => {
    const hub = hubOf(settled);
    const inbox = await hub.hear(CASE);
    await hub.work();

    await hub.observe(inbox);
    await hub.hear(CASE);
    await hub.work();

    expect(hub.written).toHaveLength(1);
    expect((await rows(hub)).map(({ state }) => state).sort()).toEqual(['applied', 'echo']);
  });

  it('is kept and parked when it cannot be read, and goes on by replay', async () => {
    const hub = hubOf(settled);
    const inbox = await hub.keep('{"torn":');

    await hub.observe(inbox);

    const [work] = await parkedOf(hub);
    expect(work).toMatchObject({ cause: 'unreadable', inbox });
    expect(hub.bus.events.map(({ type }) => type)).toEqual(['work.parked']);

    await hub.engine.replay(ACME, work!.id, 'user:1');
    expect((await rows(hub))[0]?.state).toBe('open');
    expect(hub.audit.entries.at(-1)).toMatchObject({ action: 'parked.replayed', actor: 'user:1' });
  });

  it('is filtered when it says nothing of interest', async () => {
    const hub = hubOf(settled);

    await hub.observe(await hub.keep({ type: 'typing' }));

    expect((await rows(hub))[0]).toMatchObject({ state: 'filtered' });
    expect((await rows(hub))[0]).not.toHaveProperty('body');
  });

  it('that nobody finished is sent again by the sweeper, and stays one', async () => {
    const hub = hubOf(settled);
    await hub.keep({ type: 'changed', objects: [] });
    hub.clock.advance(60_000);

    const report = await hub.engine.sweep();

    expect(report.reenqueued).toBe(1);
    expect(await rows(hub)).toHaveLength(1);
  });

  it('keeps a body of a quarter megabyte beside its row, and drops it with the row’s end', async () => {
    const hub = hubOf(settled);
    const inbox = await hub.keep(JSON.stringify({ type: 'typing', filler: 'x'.repeat(256 * 1024) }));

    expect((await rows(hub))[0]).not.toHaveProperty('body');
    await hub.observe(inbox);

    const parts = await hub.deps.store.list(`${ACME}#inbox#${LEFT}#${inbox}`, { prefix: 'body#' });
    expect((await rows(hub))[0]?.state).toBe('filtered');
    expect(parts).toEqual([]);
  });
});

describe('engine: an edit through the hub', () => {
  it('reaches the copies once', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    await hub.work();

    await edit(hub, { priority: 'high' });
    await hub.work();

    const updates = hub.written.filter(({ operation }) => operation === 'update');
    expect(updates.map(({ fields }) => fields)).toContainEqual({ priority: 'P3' });
  });

  it('is remembered by its key: the same again changes nothing, another is refused', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const first = await edit(hub, { priority: 'high' });

    expect(await edit(hub, { priority: 'high' })).toEqual(first);
    await expect(edit(hub, { priority: 'low' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    [{ colour: 'red' }, '/fields/colour'],
    [{ status: 'gone' }, '/fields/status'],
    [{ requester: 'r' }, '/fields/requester'],
  ])('is refused with the pointer to what is wrong: %j', async (fields, pointer) => {
    const hub = hubOf(settled);
    await hub.hear(CASE);

    await expect(edit(hub, fields as Record<string, string>)).rejects.toMatchObject({
      code: 'invalid_input',
      pointer,
    });
  });

  it('finds no ticket of another organization', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const { id } = await ticketOf(hub);
    const request = {
      root: id,
      actor: 'a',
      idempotencyKey: 'k',
      edit: { edit: 'fields', fields: {} } as const,
    };

    await expect(hub.engine.edit({ ...request, organization: 'other' as typeof ACME })).rejects.toMatchObject(
      {
        code: 'not_found',
      },
    );
  });

  it('adds a comment, and refuses an empty one', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    await hub.work();
    const { id } = await ticketOf(hub);
    const comment = (body: string) =>
      hub.engine.edit({
        organization: ACME,
        root: id,
        actor: 'agent:1',
        idempotencyKey: `c-${body}`,
        edit: { edit: 'comment', visibility: 'internal', body, authorName: 'Ada' },
      });

    const answer = await comment('checked the fuse');
    await hub.work();

    expect(answer.comment).toMatch(new RegExp(`^${id}\\.`));
    expect(hub.written.filter(({ kind }) => kind === 'comment')).toHaveLength(2);
    await expect(comment(' ')).rejects.toMatchObject({ pointer: '/body' });
  });
});

describe('engine: work that cannot be done', () => {
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
    await edit(hub, { priority: 'high' });
    await hub.work();
    expect((await parkedOf(hub))[0]).toMatchObject({
      cause: 'rejected',
      code: 'RULE',
      wouldWrite: { priority: 'P3' },
    });

    isStrict = false;
    await edit(hub, { priority: 'urgent' }, 'key-2');
    await hub.work();

    expect(await parkedOf(hub)).toEqual([]);
    expect(hub.written.at(-1)?.fields).toEqual({ priority: 'P4' });
  });

  it('shut out by a lost grant parks the lane, and drains when the connection is back', async () => {
    let isOut = true;
    const error = new ReauthorizationRequiredError('the grant is dead');
    const hub = hubOf((change) =>
      isOut ? { outcome: 'refused', why: 'unauthorized', error } : settled(change),
    );
    await hub.hear(CASE);
    await hub.work();
    expect((await ticketOf(hub)).lanes[RIGHT]?.parked).toMatchObject({ fault: 'organization' });

    isOut = false;
    expect(await hub.engine.drain(ACME, RIGHT)).toBe(1);
    await hub.work();

    expect((await ticketOf(hub)).lanes[RIGHT]?.link.externalId).toBeDefined();
    expect(await hub.engine.drain(ACME, RIGHT)).toBe(0);
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
    expect(lanes[RIGHT]?.link.superseded).toEqual([hub.written[0]?.fields]);
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

  it('a wake whose message is lost is replaced by the sweeper', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const lost = hub.queues.work(RIGHT).receive<WorkMessage>();
    hub.queues.work(RIGHT).delete(lost!.receipt);
    hub.clock.advance(121_000);

    const report = await hub.engine.sweep();
    await hub.work();

    expect(report.rewoken).toBe(1);
    expect(hub.written).toHaveLength(1);
  });

  it('a message that is not the wake does nothing', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const message = hub.queues.work(RIGHT).receive<WorkMessage>()!.body;

    await hub.engine.reconcile(
      { ...message, wake: 'stale' as typeof message.wake },
      { check: async () => ({ state: 'healthy', account: 'a' }) },
      hub.clock.now() + 30_000,
    );

    expect(hub.written).toEqual([]);
  });

  it('dead-lettered is parked with the hub’s fault: a wake’s lane, an event’s row', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const wake = hub.queues.work(RIGHT).receive<WorkMessage>()!.body;
    const inbox = await hub.keep({ type: 'changed', objects: [] });

    await hub.engine.deadLetter(wake, 'its function failed');
    await hub.engine.deadLetter({ type: 'change', organization: ACME, connection: LEFT, inbox }, 'it failed');

    const parked = await parkedOf(hub);
    expect(parked.map(({ cause, fault }) => [cause, fault])).toEqual([
      ['dead-letter', 'hub'],
      ['dead-letter', 'hub'],
    ]);
    for (const { id } of parked) await hub.engine.replay(ACME, id, 'user:1');
    await hub.work();
    expect(hub.written).toHaveLength(1);
  });

  it('of nobody’s is not found', async () => {
    const hub = hubOf(settled);

    await expect(hub.engine.replay(ACME, 'never', 'user:1')).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      hub.engine.deadLetter(
        { type: 'change', organization: ACME, connection: 'gone' as ConnectionId, inbox: 'x' as InboxId },
        'late',
      ),
    ).resolves.toBeUndefined();
    await expect(
      hub.engine.edit({
        organization: ACME,
        root: 'none' as RecordId,
        actor: 'a',
        idempotencyKey: 'k',
        edit: { edit: 'fields', fields: {} },
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
