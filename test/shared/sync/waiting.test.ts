import { describe, expect, it } from 'vitest';
import type { ExternalId, InboxId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation, RemoteState, WorkMessage } from '../../../shared/ports/index.ts';
import { hasWork, raiseWants } from '../../../shared/sync/fan-out.ts';
import type { Child, InboxRow, Lane, Root } from '../../../shared/sync/index.ts';
import { inboxKey } from '../../../shared/sync/keys.ts';
import { awaitsLife, firstOfLine, isOutOfSight } from '../../../shared/sync/need.ts';
import { newLane, sceneAt, treeOf } from '../../../shared/sync/scene.ts';
import { Session } from '../../../shared/sync/session.ts';
import { aheadOf, goOn, leaveLine, standInLine, withLines } from '../../../shared/sync/waiting.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';
import { ACME, CASE, hubOf, LEFT } from './hub.ts';
import { ticketScene } from './scenes.ts';

const place = { connection: { organization: ACME, id: LEFT } } as never;
const row = (inbox: string, group = 'case-1') => ({ inbox, group, lane: 'changes' }) as unknown as InboxRow;

async function lineOf(
  ...rows: readonly { readonly inbox: string; readonly state: string; readonly group?: string }[]
) {
  const store = memoryStore({ clock: virtualClock() });
  const lane: Lane = newLane('ours');
  for (const { inbox, state, group } of rows) {
    const put = { ...inboxKey(ACME, LEFT, inbox as InboxId), data: { state } };
    await store.commit([{ put, expect: 0 }]);
    standInLine(lane, row(inbox, group));
  }
  return { lane, root: rootAt(lane), session: new Session(store) };
}

const rootAt = (lane: Lane, id = 'ticket-1') => ({ id, lanes: { [LEFT]: lane } }) as unknown as Root;

describe('rows in line for a creation under way', () => {
  it('wait behind what came before them and is not finished', async () => {
    const { root, session } = await lineOf({ inbox: 'first', state: 'open' });

    expect(await aheadOf(session, place, [root], row('second'))).toEqual({ at: root, over: [] });
    expect(await aheadOf(session, place, [root], row('first'))).toEqual({ over: [] });
  });

  it('wait behind it in whichever line it stands, of all who speak where it was said', async () => {
    const { lane, root, session } = await lineOf({ inbox: 'first', state: 'open' });
    const other = rootAt(newLane('ours'), 'ticket-2');

    expect(await aheadOf(session, place, [other, root], row('second'))).toEqual({ at: root, over: [] });

    standInLine(lane, row('second'));
    standInLine(other.lanes[LEFT]!, row('first'));
    expect(await aheadOf(session, place, [root, other], row('first'))).toEqual({ over: [] });
  });

  it('do not wait for what came later and stands in a line where they do not', async () => {
    const { root, session } = await lineOf({ inbox: 'later', state: 'open' });
    const other = rootAt(newLane('ours'), 'ticket-2');
    standInLine(other.lanes[LEFT]!, row('first'));

    expect(await aheadOf(session, place, [root, other], row('first'))).toEqual({ over: [] });
  });

  it('do not wait for what has been finished another way, and take it along as they leave', async () => {
    const { lane, root, session } = await lineOf(
      { inbox: 'first', state: 'parked' },
      { inbox: 'second', state: 'open' },
      { inbox: 'third', state: 'open' },
    );

    const { at, over } = await aheadOf(session, place, [root], row('second'));

    expect(at).toBeUndefined();
    expect(leaveLine(lane, row('second'), over)).toMatchObject({ inbox: 'third' });
    expect(lane.waiting).toMatchObject([{ inbox: 'third' }]);
  });

  it('leave though nothing has come of them: what they told of was gone before it was known', async () => {
    const { tree } = ticketScene({});
    const lane = { ...newLane('ours'), waiting: [{ inbox: 'first', group: 'case-1', lane: 'changes' }] };
    const root = { ...tree.root, lanes: { [LEFT]: lane } } as unknown as Root;
    const buried = { end: 'filtered', trees: [], claims: [] } as const;

    expect(withLines(buried, [root], place, row('first')).trees).toMatchObject([{ root: { id: root.id } }]);
    expect(withLines(buried, [root], place, row('another'))).toBe(buried);
    expect(withLines(buried, [], place, row('first'))).toBe(buried);
    expect(withLines({ ...buried, end: 'open' }, [root], place, row('first')).trees).toEqual([]);
    const known = { ...buried, end: 'echo', trees: [treeOf(root)] } as const;
    expect(withLines(known, [root], place, row('first'))).toBe(known);
  });

  it('leave every line they stand in, whosever the object turned out to be', async () => {
    const { root } = await lineOf({ inbox: 'first', state: 'open' });
    const owner = rootAt(newLane('ours'), 'ticket-2');
    const applied = { end: 'applied', trees: [treeOf(owner)], claims: [] } as const;

    const { trees } = withLines(applied, [owner, root], place, row('first'));

    expect(trees.map((each) => each.root.id)).toEqual(['ticket-2', 'ticket-1']);
  });

  it('bring the next on as they end', async () => {
    const states = { state: 'open' } as const;
    const { lane } = await lineOf({ inbox: 'first', ...states }, { inbox: 'second', ...states });

    expect(leaveLine(lane, row('first'))).toMatchObject({ inbox: 'second' });
    expect(leaveLine(lane, row('second'))).toBeUndefined();
    expect(lane).not.toHaveProperty('waiting');
  });

  it('are no more than an item holds: the others stay open, and the sweeper sends them again', () => {
    const lane = newLane('ours');
    for (let at = 0; at < 10_000; at += 1) standInLine(lane, row(`row-${at}`));

    expect(lane.waiting).toHaveLength(200);
    expect(leaveLine(lane, row('row-0'))).toMatchObject({ inbox: 'row-1' });
  });

  it('do not wait for another conversation, whose row may be lost for minutes', async () => {
    const { lane, root, session } = await lineOf(
      { inbox: 'lost', state: 'open', group: 'case-2' },
      { inbox: 'first', state: 'open' },
    );

    const goneOn = goOn(lane).map(({ inbox }) => inbox);

    expect(await aheadOf(session, place, [root], row('first'))).not.toHaveProperty('at');
    expect(await aheadOf(session, place, [root], row('second'))).toHaveProperty('at', root);
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
