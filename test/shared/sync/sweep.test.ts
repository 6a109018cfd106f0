import { describe, expect, it } from 'vitest';
import type { ExternalId, InboxId, RecordId } from '../../../shared/domain/index.ts';
import type { ChangeMessage, WorkMessage } from '../../../shared/ports/index.ts';
import { openSession } from '../../../shared/sync/desk.ts';
import { putRow } from '../../../shared/sync/inbox.ts';
import type { InboxRow } from '../../../shared/sync/inbox-row.ts';
import { childKey, inboxKey, parkedKey, parkedList, rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { newLane, newLink } from '../../../shared/sync/scene.ts';
import type { Child, Parked, ParkedWork, Root } from '../../../shared/sync/state.ts';
import { ACME, CASE, hubOf, LEFT, parkedOf, RIGHT, rowsOf, settled, ticketOf } from './hub.ts';

describe('sweep: what would be forgotten', () => {
  it('sends an event that nobody finished again, and it stays one', async () => {
    const hub = hubOf(settled);
    await hub.keep({ type: 'changed', objects: [] });
    hub.clock.advance(60_000);

    const report = await hub.engine.sweep();

    expect(report.reenqueued).toBe(1);
    expect(await rowsOf(hub)).toHaveLength(1);
  });

  it('does not flood a conversation that is held up: after once each, only its oldest event is sent again', async () => {
    const hub = hubOf(settled);
    const [oldest, ...others] = [await keepEvent(hub), await keepEvent(hub), await keepEvent(hub)];

    for (let minute = 0; minute < 60; minute += 1) {
      hub.clock.advance(60_000);
      await hub.engine.sweep();
    }

    const sent = sentOf(hub);
    expect(others.map((inbox) => sent.filter((each) => each === inbox).length)).toEqual([2, 2]);
    expect(sent.filter((each) => each === oldest).length).toBeLessThan(12);
  });

  it('sends the next one again once the oldest is through, should its message have been lost a second time', async () => {
    const hub = hubOf(settled);
    const [oldest, next] = [await keepEvent(hub), await keepEvent(hub)];
    hub.clock.advance(60_000);
    await hub.engine.sweep();
    sentOf(hub);
    await hub.observe(oldest);

    hub.clock.advance(120_000);
    await hub.engine.sweep();

    expect(sentOf(hub)).toEqual([next]);
  });

  it('sends all others again then, also those that came while the oldest rested and were met without it', async () => {
    const hub = hubOf(settled);
    const oldest = await keepEvent(hub);
    const sweepIn = async (seconds: number) => {
      hub.clock.advance(1000 * seconds);
      await hub.engine.sweep();
    };
    for (const seconds of [60, 60, 120, 240]) await sweepIn(seconds);
    const others = [await keepEvent(hub), await keepEvent(hub)];
    await sweepIn(60);
    await sweepIn(600);
    sentOf(hub);
    await hub.observe(oldest);

    await sweepIn(600);

    expect(sentOf(hub)).toEqual(others);
  });

  it('is held up by none that only stands in a line: what came after it and was lost is sent again', async () => {
    const hub = hubOf(settled);
    const [oldest, ...others] = [await keepEvent(hub), await keepEvent(hub), await keepEvent(hub)];
    const sweepAfter = async (minutes: number) => {
      hub.clock.advance(60_000 * minutes);
      await hub.engine.sweep();
      return sentOf(hub);
    };
    await sweepAfter(1);
    await stand(hub, oldest);

    expect((await sweepAfter(2)).toSorted()).toEqual([oldest, ...others]);
    await stand(hub, others[0]!);
    expect((await sweepAfter(4)).toSorted()).toEqual([oldest, others[1]]);
  });

  it('replaces a wake whose message is lost', async () => {
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

  it('looks again for a comment that is out of sight in two connections at once', async () => {
    const hub = hubOf(settled);
    const child = await keptUnseen(hub, [LEFT, RIGHT]);
    expect(await parkedOf(hub)).toHaveLength(2);

    await hub.engine.sweep();

    const kept = await hub.deps.store.get<Child>(child.pk, child.sk);
    expect(Object.values(kept!.data.links).map(({ parked }) => parked)).toEqual([undefined, undefined]);
    expect(await parkedOf(hub)).toEqual([]);
    expect((await ticketOf(hub)).lanes[LEFT]?.behind).toHaveLength(1);
  });
});

const keepEvent = (hub: ReturnType<typeof hubOf>) => hub.keep({ type: 'changed', objects: [] });

/** What it tells of may be a creation of ours, whose fate nobody knows yet. */
async function stand({ deps, clock }: ReturnType<typeof hubOf>, inbox: InboxId): Promise<void> {
  const session = openSession({ deps, rules: standardRules });
  const row = await session.get<InboxRow>(inboxKey(ACME, LEFT, inbox));
  putRow(session, { ...row!, standsIn: ['case' as RecordId] }, clock.now());
  await session.commit();
}

/** The events that stand in the queue, taken out of it. */
function sentOf({ queues }: ReturnType<typeof hubOf>): readonly InboxId[] {
  const sent: InboxId[] = [];
  for (;;) {
    const message = queues.changes.receive<ChangeMessage>();
    if (message === undefined) return sent;
    sent.push(message.body.inbox);
    queues.changes.delete(message.receipt);
  }
}

/** A comment whose copies were not to be found, and are due to be looked for. */
async function keptUnseen(hub: ReturnType<typeof hubOf>, connections: readonly string[]) {
  const base = { provenance: {}, revision: 1, createdAtMs: 0, updatedAtMs: 0 };
  const [root, record] = ['case' as RecordId, 'case.note' as RecordId];
  const why = { cause: 'unseen', reason: 'out of sight', fault: 'organization', attempts: 0 } as const;
  const parkedAt = (id: string): Parked => ({ ...why, id: `parked-${id}`, atMs: 0 });
  const linkTo = (id: string) => ({ ...newLink('theirs'), externalId: `${id}-1` as ExternalId });
  const lanes = connections.map((id) => {
    const lane = { ...newLane('theirs'), link: linkTo(id), drains: [{ record, atMs: hub.clock.now() }] };
    return [id, lane] as const;
  });
  const ticket: Root = {
    ...base,
    id: root,
    kind: 'ticket',
    fields: { subject: 'printer' },
    childCount: 1,
    isFannedOut: true,
    lanes: Object.fromEntries(lanes),
  };
  const child: Child = {
    ...base,
    id: record,
    kind: 'comment',
    root,
    fields: { body: 'It burns' },
    visibility: 'public',
    author: { role: 'agent', name: 'Ada' },
    position: '1',
    links: Object.fromEntries(connections.map((id) => [id, { ...linkTo(id), parked: parkedAt(id) }])),
  };
  const works = connections.map((id): ParkedWork => {
    const of = { organization: ACME, connection: id as ParkedWork['connection'], integration: id };
    return { ...parkedAt(id), ...of, root, record, kind: 'comment' };
  });
  const due = { list: 'wakes', atMs: hub.clock.now() };
  const listed = { list: `${ACME}#tickets`, atMs: 0 };
  await hub.deps.store.commit([
    { put: { ...rootKey(ACME, root), data: ticket, due, listed }, expect: 0 },
    { put: { ...childKey(ACME, root, record), data: child }, expect: 0 },
    ...works.map((work) => ({
      put: { ...parkedKey(ACME, work.id), data: work, listed: { list: parkedList(ACME), atMs: 0 } },
      expect: 0,
    })),
  ]);
  return childKey(ACME, root, record);
}
