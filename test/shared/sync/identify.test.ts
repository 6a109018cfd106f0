import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Desk } from '../../../shared/sync/desk.ts';
import { identify } from '../../../shared/sync/identify.ts';
import { claimKey, creatingPk, rootKey } from '../../../shared/sync/keys.ts';
import { unseenParent } from '../../../shared/sync/parent.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { newLane, newLink } from '../../../shared/sync/scene.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Link, Root, Tombstone } from '../../../shared/sync/state.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, hubOver } from './hub.ts';
import { deskPlace, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

const CASE = 'case-1' as ExternalId;
const DESK = 'desk' as ConnectionId;
const YOUNGER = 'ticket-1' as RecordId;
const OLDER = 'ticket-0' as RecordId;
const claim = { root: YOUNGER, record: YOUNGER };
const place = deskPlace({ creation: { by: 'none' }, hasAuthorship: false });

/** A case known by its id alone, at a desk where a creation of another record's came to an unknown end. */
async function desk(younger: Partial<Root>) {
  const store = memoryStore({ clock: virtualClock() });
  const { root } = ticketScene({ place }).tree;
  const doubtful = { root: OLDER, fields: { subject: 'printer ', priority: 'low' }, isDoubtful: true };
  const items = [
    { ...claimKey(ACME, DESK, 'ticket', CASE), data: claim },
    { ...rootKey(ACME, YOUNGER), data: { ...root, ...younger } },
    { pk: creatingPk(ACME, DESK, 'ticket'), sk: OLDER, data: doubtful },
  ];
  await store.commit(items.map((put) => ({ put, expect: 0 })));
  return { session: new Session(store), desk: { deps: { store }, rules: standardRules } as unknown as Desk };
}
const seen = seenTicket({ authorship: 'unknown' });

describe('identify: an object first known by its id alone', () => {
  it('is the doubtful creation it is shown to be, however it comes to be shown', async () => {
    const { desk: hub, session } = await desk({ unread: DESK });
    session.put(rootKey(ACME, OLDER), { ...ticketScene({ place }).tree.root, id: OLDER });
    await session.commit();

    const { toFold } = await identify(hub, session, place, seen);

    expect(toFold).toEqual({ younger: claim, olderId: OLDER });
  });

  it.each([
    ['that says nothing of it yet', { unread: DESK }, { ...seen, needsRead: true } as const],
    ['of something else', { unread: DESK }, seenTicket({ authorship: 'unknown', fields: { subject: 'x' } })],
    ['of what has been read before', {}, seen],
  ])('keeps its record after an event %s', async (_what, younger, observation) => {
    const { desk: hub, session } = await desk(younger);

    const identity = await identify(hub, session, place, observation);

    expect(identity).toMatchObject({ isKnown: true, root: { id: YOUNGER } });
    expect(identity.toFold).toBeUndefined();
  });
});

describe('identify: our mark on another object than the copy, which lives', () => {
  const other = seenTicket({ externalId: 'case-2' as ExternalId, marker: YOUNGER });
  const copied = (link: Partial<Link>) => ({
    lanes: { [DESK]: { ...newLane('ours'), link: { ...newLink('ours'), externalId: CASE, ...link } } },
  });

  it('leads to the record whose creation may have made two', async () => {
    const { desk: hub, session } = await desk(copied({ creations: [{ subject: 'printer' }] }));

    expect(await identify(hub, session, place, other)).toMatchObject({
      isKnown: true,
      root: { id: YOUNGER },
    });
  });

  it.each<[string, Partial<Link>]>([
    ['nothing is in doubt', {}],
    ['an update was given up', { superseded: [{ subject: 'printer' }] }],
  ])('says nothing where %s: somebody copied the object', async (_what, link) => {
    const { desk: hub, session } = await desk(copied(link));

    expect(await identify(hub, session, place, other)).toMatchObject({ isKnown: false });
  });
});

describe('identify: our mark on an object that died before it was known, beside a copy that lives', () => {
  const object = 'case-2' as ExternalId;
  const marked = (atMs: number, over: Partial<Observation> = {}) =>
    seenTicket({ externalId: object, marker: YOUNGER, version: { source: 'desk', value: atMs }, ...over });
  const buried = async () => {
    const { desk: hub, session } = await desk({});
    session.put(claimKey(ACME, DESK, 'ticket', object), {
      dead: { atMs: 7, version: { source: 'desk', value: 7 } },
    });
    await session.commit();
    return { hub, session };
  };

  it('leads to the record whose second copy it is, once somebody has brought it back', async () => {
    const { hub, session } = await buried();

    expect(await identify(hub, session, place, marked(8))).toMatchObject({
      isKnown: true,
      root: { id: YOUNGER },
    });
  });

  it.each([
    ['its earlier life', marked(6)],
    ['another death', marked(8, { life: 'deleted' })],
  ])('says nothing by %s', async (_what, late) => {
    const { hub, session } = await buried();

    expect(await identify(hub, session, place, late)).toMatchObject({ isKnown: false });
  });
});

it('identify: our mark leads to the record whose copy there is dead', async () => {
  const lanes = {
    [DESK]: { ...newLane('ours'), link: { ...newLink('ours'), externalId: CASE, dead: { atMs: 1 } } },
  };
  const { desk: hub, session } = await desk({ lanes });
  const landed = seenTicket({ externalId: 'case-2' as ExternalId, marker: YOUNGER });

  const identity = await identify(hub, session, place, landed);

  expect(identity).toMatchObject({ isKnown: true, root: { id: YOUNGER } });
});

describe('identify: of two that were folded, the one that goes on', () => {
  const folded = async () => {
    const { desk: hub, session } = await desk({ unread: DESK, foldedInto: OLDER });
    const { root } = ticketScene({ place }).tree;
    const link: Link = { ...newLink('ours'), externalId: 'case-2' as ExternalId, creations: [{}] };
    const lanes = { [DESK]: { ...newLane('ours'), link } };
    session.put(rootKey(ACME, OLDER), { ...root, id: OLDER, unread: DESK, lanes });
    const key = { pk: creatingPk(ACME, DESK, 'ticket'), sk: OLDER };
    session.put(key, { ...(await session.get<object>(key)), root: YOUNGER });
    await session.commit();
    return { hub, session };
  };

  it.each([
    ['our mark names', seenTicket({ marker: OLDER })],
    ['a creation in doubt names', seen],
  ])('is what %s, and has nothing left to fold into', async (_what, o) => {
    const { hub, session } = await folded();

    const identity = await identify(hub, session, place, o);

    expect(identity).toMatchObject({ isKnown: true, root: { id: OLDER } });
    expect(identity.toFold).toBeUndefined();
  });
});

it('identify: a mark that no record of the organization bears keeps no object from being read', async () => {
  const alone = { kind: 'ticket', externalId: CASE } as const;
  const observation = seenTicket({ ...alone, marker: 'of-another-hub' as RecordId });
  const port = { read: async () => ({ state: 'present', observation }) as const };
  const hub = hubOver({ [DESK]: { profile: SALESFORCE_LIKE, port } });

  await hub.hear({ ...alone, fields: {}, isComplete: false, needsRead: true });
  await hub.work(10_000);

  const roots = hub.deps.store.items().filter(({ sk }) => sk === 'root');
  expect(roots.map(({ data }) => data)).toMatchObject([{ fields: { subject: 'printer' } }]);
  expect(hub.queues.work(DESK).receive()).toBeUndefined();
});

describe('identify: what hangs on an object that was merged away', () => {
  const gone = 'case-8' as ExternalId;
  const merged = async (wasOf: RecordId, record: Partial<Root> = {}, more: Partial<Tombstone> = {}) => {
    const given = await desk({});
    given.session.put(claimKey(ACME, DESK, 'ticket', gone), { dead: { atMs: 1 }, wasOf, ...more });
    given.session.put(rootKey(ACME, OLDER), { ...ticketScene({ place }).tree.root, id: OLDER, ...record });
    await given.session.commit();
    return given;
  };
  const whose = async ({ desk: hub, session }: Awaited<ReturnType<typeof desk>>, o: Observation) => {
    const { root, parent } = await identify(hub, session, place, { ...o, externalId: 'new-1' as ExternalId });
    return [parent?.root ?? root?.id, parent?.record ?? root?.id];
  };

  it.each<[string, Observation]>([
    ['a file', seenTicket({ kind: 'attachment', parent: { kind: 'ticket', externalId: gone } })],
    ['a comment', seenTicket({ kind: 'comment', rootExternalId: gone })],
  ])('is of the record whose copy that was, or of the one that was folded into: %s', async (_what, o) => {
    expect(await whose(await merged(OLDER), o)).toEqual([OLDER, OLDER]);
    expect(await whose(await merged(OLDER, { foldedInto: YOUNGER }), o)).toEqual([YOUNGER, YOUNGER]);
  });

  describe('and was set there later than that', () => {
    const told = { atMs: 40_000 };
    const comment = seenTicket({ kind: 'comment', rootExternalId: gone, externalId: 'new-1' as ExternalId });
    const file = seenTicket({ kind: 'attachment', parent: { kind: 'ticket', externalId: gone } });

    it.each<[string, Observation, Partial<Tombstone>, boolean]>([
      ['a comment', comment, { told }, true],
      ['a file', file, { told }, true],
      ['a comment within the second of it', { ...comment, atMs: 40_999 }, { told }, false],
      ['a comment, where nobody told when that was', comment, {}, false],
      ['a comment that is deleted', { ...comment, life: 'deleted' }, { told }, false],
    ])('is of what is back there: %s', async (_what, o, more, isBack) => {
      const { desk: hub, session } = await merged(OLDER, {}, more);

      const identity = await identify(hub, session, place, o);

      expect(unseenParent(o, identity, place)?.externalId).toBe(isBack ? gone : undefined);
    });

    it('may be ours, while one of its record’s is being made', async () => {
      const change = { kind: 'comment', operation: 'create', fields: { body: 'x' } } as const;
      const { root } = ticketScene({ place, lane: { pending: pendingUpdate({}, { change } as never) } }).tree;
      const { desk: hub, session } = await merged(OLDER, { lanes: root.lanes }, { told });

      const identity = await identify(hub, session, place, comment);

      expect(unseenParent(comment, identity, place)).toBeUndefined();
      expect(identity.root?.id).toBe(OLDER);
    });
  });
});
