import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation, RemoteState, WorkMessage } from '../../../shared/ports/index.ts';
import { hasWork, raiseWants } from '../../../shared/sync/fan-out.ts';
import type { Child, InboxRow, Lane, Root } from '../../../shared/sync/index.ts';
import { awaitsLife, firstOfLine, isOutOfSight } from '../../../shared/sync/need.ts';
import { newLane, sceneAt, type Tree, treeOf } from '../../../shared/sync/scene.ts';
import { aheadOf, goOn, leaveLine, standInLine, standing } from '../../../shared/sync/waiting.ts';
import { ACME, CASE, hubOf, LEFT } from './hub.ts';
import { ticketScene } from './scenes.ts';

const place = { connection: { organization: ACME, id: LEFT } } as never;
const row = (inbox: string, group = 'case-1') => ({ inbox, group, lane: 'changes' }) as unknown as InboxRow;

function lineOf(...rows: readonly { readonly inbox: string; readonly group?: string }[]) {
  const lane: Lane = newLane('ours');
  for (const { inbox, group } of rows) standInLine(lane, row(inbox, group));
  return { lane, root: rootAt(lane) };
}

const rootAt = (lane: Lane, id = 'ticket-1') => ({ id, lanes: { [LEFT]: lane } }) as unknown as Root;

describe('rows in line for a creation under way', () => {
  it('wait behind what came before them', () => {
    const { root } = lineOf({ inbox: 'first' });

    expect(aheadOf(place, [root], row('second'))).toBe(root);
    expect(aheadOf(place, [root], row('first'))).toBeUndefined();
    expect(aheadOf(place, [rootAt(newLane('ours')), { ...root, lanes: {} }], row('second'))).toBeUndefined();
  });

  it('wait behind it in whichever line it stands, of all who speak where it was said', () => {
    const { lane, root } = lineOf({ inbox: 'first' });
    const other = rootAt(newLane('ours'), 'ticket-2');

    expect(aheadOf(place, [other, root], row('second'))).toBe(root);

    standInLine(lane, row('second'));
    standInLine(other.lanes[LEFT]!, row('first'));
    expect(aheadOf(place, [root, other], row('first'))).toBeUndefined();
  });

  it('do not wait for what came later and stands in a line where they do not', () => {
    const { root } = lineOf({ inbox: 'later' });
    const other = rootAt(newLane('ours'), 'ticket-2');
    standInLine(other.lanes[LEFT]!, row('first'));

    expect(aheadOf(place, [root, other], row('first'))).toBeUndefined();
  });

  it('say themselves in whose lines they stand', () => {
    const [one, two] = ['ticket-1', 'ticket-2'].map((id) => treeOf(rootAt(newLane('ours'), id)));
    const waits = (...trees: Tree[]) => ({ end: 'open', trees, claims: [] }) as const;

    const stands = standing(row('first'), waits(one!));

    expect(stands.standsIn).toEqual(['ticket-1']);
    expect(standing(stands, waits(one!, two!)).standsIn).toEqual(['ticket-1', 'ticket-2']);
    expect(standing(stands, waits())).toBe(stands);
    expect(standing(stands, { ...waits(two!), end: 'applied' })).toBe(stands);
  });

  it('bring the next on as they end', () => {
    const { lane } = lineOf({ inbox: 'first' }, { inbox: 'second' });

    expect(leaveLine(lane, row('first'))).toMatchObject([{ inbox: 'second' }]);
    expect(leaveLine(lane, row('second'))).toEqual([]);
    expect(lane).not.toHaveProperty('waiting');
    expect(leaveLine(lane, row('second'))).toEqual([]);
  });

  it('bring nobody on while something is under way', () => {
    const { lane } = lineOf({ inbox: 'first' }, { inbox: 'second' });
    lane.pending = {} as never;

    expect(leaveLine(lane, row('first'))).toEqual([]);
    expect(lane.waiting).toMatchObject([{ inbox: 'second' }]);
  });

  it('are no more than an item holds: the others stay open, and the sweeper sends them again', () => {
    const lane = newLane('ours');
    for (let at = 0; at < 10_000; at += 1) standInLine(lane, row(`row-${at}`));

    expect(lane.waiting).toHaveLength(200);
    expect(leaveLine(lane, row('row-0'))).toMatchObject([{ inbox: 'row-1' }]);
  });

  it('do not wait for another conversation, whose row may be lost for minutes', () => {
    const { lane, root } = lineOf({ inbox: 'lost', group: 'case-2' }, { inbox: 'first' });

    const goneOn = goOn(lane).map(({ inbox }) => inbox);

    expect(aheadOf(place, [root], row('first'))).toBeUndefined();
    expect(aheadOf(place, [root], row('second'))).toBe(root);
    expect(goneOn).toEqual(['lost', 'first']);
    expect(goOn(lane)).toEqual([]);
  });
});

it('a contact is out of sight only where it was met and could not be seen', () => {
  const met = (cause: string) =>
    ({ unread: LEFT, lanes: { [LEFT]: { link: { parked: { cause } } } } }) as unknown as Root;

  expect(isOutOfSight(met('unseen'))).toBe(true);
  expect(isOutOfSight(met('rejected'))).toBe(false);
});

describe('a comment said while its case is deleted here', () => {
  const comment = { id: 'ticket-1.1', kind: 'comment', position: '2', visibility: 'public', fields: {} };
  const said = (dead: boolean) => {
    const { tree, place: desk, around } = ticketScene({ link: dead ? { dead: { atMs: 1 } } : {} });
    const child = { ...comment, links: {} } as unknown as Child;
    tree.children.set(child.id, child);
    return sceneAt(tree, child, desk, around);
  };

  it('waits for the case to come back, and for nothing else', () => {
    expect(awaitsLife(said(true))).toBe(true);
    expect(awaitsLife(said(false))).toBe(false);
  });

  it('is known to wait when it is not at hand, and lets whoever is only to be read go on', () => {
    const { tree, lane, place: desk, around } = said(true);
    raiseWants(tree, around);
    tree.children.clear();

    expect(firstOfLine(tree, lane, desk, around)).toBeUndefined();
    expect(hasWork(tree, lane, desk, around)).toBe(false);

    lane.behind.push({ id: 'ticket-1.2' as RecordId, position: '3' });
    expect(firstOfLine(tree, lane, desk, around)).toMatchObject({ id: 'ticket-1.2' });
    expect(hasWork(tree, lane, desk, around)).toBe(true);
  });

  it('is worked on once the case is back', () => {
    const { tree, lane, place: desk, around } = said(true);
    raiseWants(tree, around);
    tree.children.clear();

    delete lane.link.dead;

    expect(firstOfLine(tree, lane, desk, around)).toMatchObject({ id: comment.id });
  });
});

it('a case first met by a comment learns who asked when it is read', async () => {
  const hub = hubOf(() => ({ outcome: 'settled', externalId: 'copy-1' as ExternalId }));
  await hub.hear({
    kind: 'comment',
    externalId: 'said-1' as ExternalId,
    rootExternalId: CASE.externalId,
    fields: { body: 'hello' },
    visibility: 'public',
  });
  const observation: Observation = {
    ...CASE,
    fields: { subject: 'printer', description: 'it burns', status: 'S1', priority: 'P2' },
    authorship: 'other',
    atMs: hub.clock.now(),
    isComplete: true,
    refersTo: 'person-1' as ExternalId,
  };
  const shown: RemoteState = { state: 'present', observation };
  const wake = hub.queues.work(LEFT).receive<WorkMessage>()!;

  await hub.engine.reconcile(
    wake.body,
    { check: async () => ({ state: 'healthy', account: 'a' }), read: async () => shown },
    hub.clock.now() + 30_000,
  );

  const item = await hub.deps.store.get<Root>(`${ACME}#root#${wake.body.root}`, 'root');
  const requester = item?.data.fields.requester as RecordId;
  const contact = await hub.deps.store.get<Root>(`${ACME}#root#${requester}`, 'root');
  expect(contact?.data).toMatchObject({ kind: 'contact', unread: LEFT });
});
