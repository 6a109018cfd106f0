import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { KindCapability, Observation, RemoteChange } from '../../../shared/ports/index.ts';
import { type Identity, observe } from '../../../shared/sync/observe.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Pending } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { fileDesk } from './file-scene.ts';
import { around, contactDesk, deskPlace, knowing, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

const UNKNOWN: Identity = { isKnown: false };
const FILE = { kind: 'ticket', externalId: 'case-1' as ExternalId } as const;
const seen = (o: Observation, identity = UNKNOWN, place = deskPlace()) =>
  observe(o, identity, place, around(place));
const creation = (kind: RemoteChange['kind'] = 'ticket', operation = 'create'): Pending =>
  pendingUpdate(
    {},
    { change: { kind, operation, record: 'ticket-1', fields: {} } as unknown as RemoteChange },
  );

describe('an observation of a kind its place knows nothing of', () => {
  it('is filtered, known or not', () => {
    const place = knowing(deskPlace(), {});

    for (const isKnown of [true, false])
      expect(seen(seenTicket({}), { isKnown, root: ticketScene({}).tree.root }, place)).toEqual({
        end: 'filtered',
        trees: [],
        claims: [],
      });
  });
});

describe('an object nobody knows', () => {
  /** How its event ends while this request of its ticket's is under way. */
  const endOf = (pending: Pending, o: Partial<Observation> = {}, kind: Partial<KindCapability> = {}) => {
    const { root } = ticketScene({ lane: { pending } }).tree;
    return seen(seenTicket({ authorship: 'hub', ...o }), { isKnown: false, root }, deskPlace(kind)).end;
  };

  it('waits with its conversation’s while a creation is under way that it may be of', () => {
    const { root } = ticketScene({ lane: { pending: creation() } }).tree;
    const { end, trees, claims } = seen(seenTicket({ authorship: 'hub' }), { isKnown: false, root });

    expect([end, claims]).toEqual(['open', []]);
    expect(trees.map((tree) => tree.root.id)).toEqual(['ticket-1']);
  });

  it('waits in line behind what came before it, though nothing is known of either', () => {
    expect(seen(seenTicket({}), { isKnown: false, isInLine: true })).toEqual({
      end: 'open',
      trees: [],
      claims: [],
    });
    expect(seen(seenTicket({}), { isKnown: false, isInLine: false }).end).toBe('applied');
    expect(seen(seenTicket({}), { isKnown: true, isInLine: true, root: ticketScene({}).tree.root }).end).toBe(
      'echo',
    );
  });

  it.each<[string, Pending, Partial<Observation>, string]>([
    ['is somebody else’s whole', creation(), { authorship: 'other' }, 'applied'],
    ['is somebody else’s in part', creation(), { authorship: 'other', isComplete: false }, 'open'],
    ['is somebody else’s to be read', creation(), { authorship: 'other', needsRead: true }, 'open'],
    ['is nobody’s, as far as is known', creation(), { authorship: 'unknown' }, 'open'],
    ['bears another’s mark', creation(), { marker: 'ticket-2' as RecordId }, 'applied'],
    ['is of another kind than what is made', creation('comment'), {}, 'applied'],
    ['comes during an update', creation('ticket', 'update'), {}, 'applied'],
  ])('that %s', (_what, pending, o, end) => {
    expect(endOf(pending, o)).toBe(end);
  });

  it('waits also where it is somebody else’s, if its vendor keeps no marks', () => {
    expect(endOf(creation(), { authorship: 'other' }, { creation: { by: 'none' } })).toBe('open');
  });

  it('waits for nothing where nothing is under way', () => {
    const { root } = ticketScene({}).tree;
    const elsewhere = { ...root, lanes: {} };

    for (const each of [root, elsewhere])
      expect(seen(seenTicket({ authorship: 'hub' }), { isKnown: false, root: each }).end).toBe('applied');
  });

  it('that is over makes nothing', () => {
    expect(seen(seenTicket({ life: 'deleted' }))).toMatchObject({ end: 'filtered', trees: [] });
    expect(seen(seenTicket({ life: 'deleted' })).claims).toMatchObject([
      { claim: { dead: { atMs: 60_000 } } },
    ]);
  });

  it('is a ticket with what it says, claimed', () => {
    const { end, trees, claims } = seen(seenTicket({}));
    const id = trees[0]?.root.id;

    expect(end).toBe('applied');
    expect(trees[0]?.root.fields).toMatchObject({ subject: 'printer', priority: 'low' });
    expect(claims).toEqual([{ kind: 'ticket', externalId: 'case-1', claim: { root: id, record: id } }]);
  });

  it('brings whoever asked along, to be read', () => {
    const { trees, claims } = seen(seenTicket({ refersTo: '003' as ExternalId }), UNKNOWN, contactDesk());

    expect(trees.map(({ root }) => root.kind)).toEqual(['ticket', 'contact']);
    expect(trees[0]?.root.lanes.desk?.referred).toEqual({ record: trees[1]?.root.id, externalId: '003' });
    expect(claims.map(({ externalId }) => externalId)).toEqual(['case-1', '003']);
  });

  it('is a comment of the ticket it names, claimed as its child', () => {
    const { root } = ticketScene({}).tree;
    const { end, trees, claims } = seen(seenComment({}), { isKnown: false, root });
    const [child] = [...trees[0]!.children.values()];

    expect(end).toBe('applied');
    expect(child?.fields).toEqual({ body: 'it burns' });
    expect(claims).toEqual([
      { kind: 'comment', externalId: 'note-1', claim: { root: 'ticket-1', record: child?.id } },
    ]);
  });

  it('is a comment of a ticket that is only known to exist then, and claimed with it', () => {
    const { trees, claims } = seen(seenComment({}));
    const { id, unread } = trees[0]!.root;

    expect(unread).toBe('desk');
    expect(claims).toMatchObject([
      { kind: 'comment', externalId: 'note-1' },
      { kind: 'ticket', externalId: 'case-1', claim: { root: id, record: id } },
    ]);
  });

  it('is nothing where it is a comment of none', () => {
    const { rootExternalId: _none, ...orphan } = seenComment({});

    expect(seen(orphan)).toEqual({ end: 'filtered', trees: [], claims: [] });
  });

  it('is a file of what it hangs on, and nothing where it hangs on nothing', () => {
    const file = seenTicket({
      kind: 'attachment',
      externalId: 'file-1' as ExternalId,
      fields: { name: 'a.png' },
    });
    const parent = { root: 'ticket-1' as RecordId, record: 'comment-1' as RecordId };
    const identity = { isKnown: false, parent };
    const filtered = { end: 'filtered', trees: [], claims: [] };
    const told = seen({ ...file, parent: FILE, visibility: 'public' }, identity, fileDesk());
    const id = told.trees[0]?.root.id;

    expect(told.end).toBe('applied');
    expect(told.trees[0]?.root).toMatchObject({
      kind: 'attachment',
      fields: { name: 'a.png' },
      file: { of: { ...parent, kind: 'ticket' }, visibility: 'public' },
    });
    expect(told.claims).toEqual([
      { kind: 'attachment', externalId: 'file-1', claim: { root: id, record: id } },
    ]);
    expect(seen({ ...file, parent: FILE }, identity, fileDesk()).trees[0]?.root.file?.visibility).toBe(
      'internal',
    );
    const unread = { ...file, parent: FILE, needsRead: true } as const;
    const [untold, open] = [unread, { ...unread, visibility: 'public' } as const].map(
      (each) => seen(each, identity, fileDesk()).trees[0]?.root,
    );
    expect(untold).toMatchObject({ unread: 'desk', file: { visibility: 'internal' } });
    expect(open).toMatchObject({ unread: 'desk', file: { visibility: 'public' } });
    expect(seen(file, identity, fileDesk())).toEqual(filtered);
    expect(seen({ ...file, parent: FILE }, UNKNOWN, fileDesk())).toEqual(filtered);
  });
});

describe('an object that is known', () => {
  const known = (o: Observation, scene: Scene, more: Partial<Identity> = {}) => {
    const { root, children } = scene.tree;
    const child = children.get('comment-1' as RecordId);
    const identity = { isKnown: true, root, ...(child === undefined ? {} : { child }), ...more };
    return observe(o, identity, scene.place, scene.around);
  };

  it('is judged as its record’s copy; a comment’s as the comment’s', () => {
    const edited = known(seenTicket({ fields: { subject: 'printer', priority: 'high' } }), ticketScene({}));
    const comment = known(seenComment({ fields: { body: 'it smokes' } }), commentScene({}));

    expect([edited.end, comment.end]).toEqual(['applied', 'applied']);
    expect(edited.claims).toEqual([]);
    expect(edited.trees[0]?.root.fields.priority).toBe('high');
    expect([...comment.trees[0]!.children.values()][0]?.fields.body).toBe('it smokes');
  });

  it('that is another than its record’s copy is nothing new where it stood there before', () => {
    const former = { former: ['case-2' as ExternalId] };
    const told = known(seenTicket({ externalId: 'case-2' as ExternalId }), ticketScene({ link: former }));

    expect(told).toEqual({ end: 'echo', trees: [], claims: [] });
  });

  it('that takes a dead copy’s place is claimed', () => {
    const dead = { dead: { atMs: 1 } };
    const { end, trees, claims } = known(
      seenTicket({ externalId: 'case-2' as ExternalId }),
      ticketScene({ link: dead }),
    );

    expect(end).toBe('merged');
    expect(trees[0]?.root.lanes.desk?.link).toMatchObject({ externalId: 'case-2', needsRead: true });
    expect(claims).toEqual([
      { kind: 'ticket', externalId: 'case-2', claim: { root: 'ticket-1', record: 'ticket-1' } },
    ]);
  });

  it('that stands beside another is claimed, so that its end is known for what it is', () => {
    const o = seenTicket({ externalId: 'case-2' as ExternalId });
    const { end, trees, claims } = known(o, ticketScene({}), { isUnclaimed: true });

    expect(end).toBe('parked');
    expect(trees[0]?.parked).toHaveLength(1);
    expect(claims).toEqual([
      { kind: 'ticket', externalId: 'case-2', claim: { root: 'ticket-1', record: 'ticket-1' } },
    ]);
  });

  it('that dies as a second copy leaves a tombstone, once', () => {
    const o = seenTicket({ externalId: 'case-2' as ExternalId, life: 'deleted' });
    const tombstone = { dead: { atMs: 60_000 } };

    expect(known(o, ticketScene({}), { isUnclaimed: true })).toMatchObject({
      end: 'applied',
      claims: [{ externalId: 'case-2', claim: { dead: { atMs: 60_000 } } }],
    });
    expect(known(o, ticketScene({}), { isUnclaimed: true, tombstone }).claims).toEqual([]);
  });

  it('tells who asked along with its news, and where nobody was known; else that is no news', () => {
    const named = (o: Partial<Observation>, requester?: string) => {
      const fields = requester === undefined ? {} : { requester };
      const scene = ticketScene({ place: contactDesk(), fields });
      const told = known(seenTicket({ refersTo: '003' as ExternalId, ...o }), scene);
      return {
        end: told.end,
        kinds: told.trees.map(({ root }) => root.kind),
        claims: told.claims.length,
        of: told,
      };
    };

    const first = named({});
    expect(first).toMatchObject({ end: 'echo', kinds: ['ticket', 'contact'], claims: 1 });
    expect(first.of.trees[0]?.root.lanes.desk?.referred).toMatchObject({ externalId: '003' });
    const silent = named({}, 'contact-1');
    expect(silent).toMatchObject({ end: 'echo', kinds: ['ticket'], claims: 0 });
    expect(silent.of.trees[0]?.root.lanes.desk).not.toHaveProperty('referred');
    const edited = named({ fields: { subject: 'fire', priority: 'low' } }, 'contact-1');
    expect(edited).toMatchObject({ end: 'applied', kinds: ['ticket', 'contact'], claims: 1 });
  });
});
