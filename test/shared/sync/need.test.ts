import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import type { KindCapability } from '../../../shared/ports/index.ts';
import { awaited, awaitsLife, isWithdrawn, needOf } from '../../../shared/sync/need.ts';
import { newLane, type Scene } from '../../../shared/sync/scene.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileScene } from './file-scene.ts';
import { deskPlace, knowing, ticketScene } from './scenes.ts';

const hasNews = (place = deskPlace(), link: Parameters<typeof ticketScene>[0]['link'] = {}) =>
  ticketScene({
    place,
    fields: { priority: 'high' },
    link: { sent: { subject: 'printer', priority: 'low' }, ...link },
  });
const UNSETTLED = { cause: 'unsettled' } as never;
const DOUBTFUL = { cause: 'doubtful' } as never;
const uncopied = (scene: Scene): Scene => {
  delete scene.link.externalId;
  return scene;
};
const channel = () => {
  const place = deskPlace();
  return { ...place, manifest: { ...place.manifest, isCustomerVisible: true } };
};

describe('what a copy lacks', () => {
  const needs = (scene: Scene, change: (scene: Scene) => void = () => undefined) => {
    change(scene);
    return needOf(scene);
  };
  const deleted = (scene: Scene) => {
    scene.record.deleted = { atMs: 1, source: 'hub' };
  };

  it.each([
    ['nothing where it is set aside', hasNews(deskPlace(), { parked: {} as never }), 'none'],
    [
      'nothing where it is set aside, whatever was asked for',
      hasNews(deskPlace(), { parked: { cause: 'rejected' } as never, needsRead: true }),
      'none',
    ],
    ['nothing where it would not settle', hasNews(deskPlace(), { parked: UNSETTLED }), 'none'],
    [
      'a read where it would not settle, of what is said there since',
      hasNews(deskPlace(), { parked: UNSETTLED, needsRead: true }),
      'read',
    ],
    ['nothing where there is a second copy', hasNews(deskPlace(), { parked: DOUBTFUL }), 'none'],
    [
      'a read where there is a second copy, of what is said in the first since',
      hasNews(deskPlace(), { parked: DOUBTFUL, needsRead: true }),
      'read',
    ],
    ['nothing where it is another record’s', hasNews(deskPlace(), { isBorrowed: true }), 'none'],
    [
      'a look where nothing could be hung on another record’s',
      ticketScene({ link: { isBorrowed: true, needsRead: true } }),
      'read',
    ],
    ['a read where one was asked for', ticketScene({ link: { needsRead: true } }), 'read'],
    [
      'a copy where a read was asked for of none',
      uncopied(ticketScene({ link: { needsRead: true } })),
      'create',
    ],
    ['nothing where it is dead', hasNews(deskPlace(), { dead: { atMs: 1 } }), 'none'],
    ['what has changed', hasNews(), 'update'],
  ])('is %s', (_rule, scene, need) => {
    expect(needOf(scene)).toBe(need);
  });

  it.each([
    ['its deletion, of what we made', {}, 'ours', 'delete'],
    ['nothing, of what was found there', {}, 'theirs', 'none'],
    [
      'its deletion, of what was found where anything may be deleted',
      { canDelete: 'always' as const },
      'theirs',
      'delete',
    ],
    ['nothing where nothing may be deleted', { canDelete: 'never' as const }, 'ours', 'none'],
  ] as const)('is %s, once the record is deleted', (_rule, kind: Partial<KindCapability>, origin, need) => {
    expect(needs(ticketScene({ place: deskPlace(kind), link: { origin } }), deleted)).toBe(need);
  });

  it('is nothing where the record was deleted before there was a copy', () => {
    expect(needs(uncopied(ticketScene({})), deleted)).toBe('none');
  });

  it('is no copy of what has not been seen, or has no way to be made', () => {
    const { creation: _creation, ...uncreatable } = deskPlace().manifest.kinds.ticket!;
    const place = deskPlace();
    const fixed = { ...place, manifest: { ...place.manifest, kinds: { ticket: uncreatable } } };

    expect(
      needs(uncopied(ticketScene({})), ({ record }) => {
        record.unread = 'other' as never;
      }),
    ).toBe('none');
    expect(
      needs(uncopied(commentScene({})), ({ tree }) => {
        tree.root.unread = 'other' as never;
      }),
    ).toBe('none');
    expect(needs(uncopied(ticketScene({ place: fixed })))).toBe('none');
  });

  it('of a comment is its withdrawal from a channel once it is internal (invariant 7)', () => {
    expect(needOf(commentScene({ place: channel(), comment: { visibility: 'internal' } }))).toBe('delete');
    expect(needOf(uncopied(commentScene({ place: channel(), comment: { visibility: 'internal' } })))).toBe(
      'none',
    );
  });

  it('of a comment is nothing under what is deleted, until that lives again', () => {
    const underDead = () => uncopied(commentScene({ lane: {} }));
    const [record, copy] = [underDead(), underDead()];
    record.tree.root.deleted = { atMs: 1, source: 'hub' };
    copy.lane.link.dead = { atMs: 1 };

    for (const scene of [record, copy]) expect([needOf(scene), awaitsLife(scene)]).toEqual(['none', true]);
    expect(awaitsLife(underDead())).toBe(false);
    expect(awaitsLife(ticketScene({}))).toBe(false);
    expect(needs(copy, deleted)).toBe('none');
    expect(awaitsLife(copy)).toBe(false);
  });

  it('of a comment that is to have no copy there is none, and no life is awaited', () => {
    const dead = { ...commentScene({}).lane.link, dead: { atMs: 1 } };
    const under = (given: Parameters<typeof commentScene>[0], change = uncopied) =>
      awaitsLife(change(commentScene({ ...given, lane: { link: dead } })));
    const { creation: _none, ...uncreatable } = deskPlace().manifest.kinds.comment!;

    expect(under({})).toBe(true);
    expect(under({}, (scene) => scene)).toBe(false);
    expect(under({ link: { parked: {} as never } })).toBe(false);
    expect(under({ place: channel(), comment: { visibility: 'internal' } })).toBe(false);
    expect(under({ place: knowing(deskPlace(), { comment: uncreatable }) })).toBe(false);
    expect(under({ place: knowing(deskPlace(), {}) })).toBe(false);
  });

  it('is nothing to make, remove or withdraw of a kind its integration has no word for', () => {
    const place = knowing(channel(), {});

    expect(needOf(uncopied(ticketScene({ place })))).toBe('none');
    expect(needs(ticketScene({ place }), deleted)).toBe('none');
    expect(isWithdrawn(ticketScene({ place }))).toBe(true);
    expect(isWithdrawn(ticketScene({ place: knowing(deskPlace(), {}) }))).toBe(false);
  });

  it('is its removal where the mapping gives it no place any more', () => {
    const place = deskPlace();
    const without = { ...place, mapping: { ...place.mapping, project: () => undefined } };

    expect(needOf(ticketScene({ place: without }))).toBe('delete');
    expect(needOf(ticketScene({ place: without, link: { origin: 'theirs' } }))).toBe('none');
  });

  it('is no comment’s copy before that is read itself', () => {
    const unread = uncopied(commentScene({ comment: { unread: 'other' as never } }));

    expect(needOf(unread)).toBe('none');
  });

  it('of a creation in doubt is nothing where it must not be said any more', () => {
    const by = (creation: KindCapability['creation'], place = deskPlace({ creation: creation! })) => {
      const scene = uncopied(ticketScene({ place }));
      deleted(scene);
      return isWithdrawn(scene);
    };

    expect(by({ by: 'find', searchLagMs: 1 })).toBe(true);
    expect(by({ by: 'unique' })).toBe(false);
    expect(by({ by: 'unique' }, channel())).toBe(true);
    expect(isWithdrawn(uncopied(ticketScene({ place: channel() })))).toBe(false);
    const { creation: _none, ...uncreatable } = deskPlace().manifest.kinds.ticket!;
    expect(isWithdrawn(ticketScene({ place: knowing(deskPlace(), { ticket: uncreatable }) }))).toBe(false);
  });
});

describe('what a file lacks', () => {
  const copy = { externalId: 'file-1' as ExternalId };
  const theirs = { ...copy, origin: 'theirs' } as const;
  const nothing = { content: undefined } as never;
  const inStep = { ...theirs, sent: { name: 'photo.png', type: 'image/png', size: 1_999 } };
  const deleted = { deleted: { atMs: 1, source: 'hub' } } as const;
  const unread = { unread: 'desk' as never };
  /** It came from elsewhere; that connection need not be there any more. */
  const besideItsSource = (scene: Scene): Scene => {
    const lane = newLane('theirs');
    scene.tree.root.lanes = {
      chat: { ...lane, link: { ...lane.link, ...theirs } },
      ...scene.tree.root.lanes,
    };
    return scene;
  };
  const beside = (scene: Scene, connection: ConnectionId, link: Partial<Link>): Scene => {
    const lane = { ...newLane('ours'), link: { ...newLane('ours').link, ...link } };
    const place = { ...scene.place, connection: { ...scene.place.connection, id: connection } };
    const places = new Map([[connection, place], ...scene.around.places]);
    scene.tree.root.lanes = { [connection]: lane, ...scene.tree.root.lanes };
    return { ...scene, around: { ...scene.around, places } };
  };
  const [first, dead] = ['first' as ConnectionId, { atMs: 1 }];

  it.each([
    ['its bytes, where it came from', fileScene({ file: nothing, link: theirs }), 'fetch'],
    ['no bytes before it has been read', fileScene({ file: nothing, link: inStep, root: unread }), 'none'],
    [
      'no bytes from a copy that is ours',
      besideItsSource(fileScene({ file: nothing, link: copy })),
      'update',
    ],
    ['its bytes again, where it was sent through the hub', fileScene({ file: nothing, link: copy }), 'fetch'],
    ['its bytes from one alone', beside(fileScene({ file: nothing, link: copy }), first, copy), 'update'],
    [
      'its bytes from one that has it',
      beside(fileScene({ file: nothing, link: copy }), first, { ...copy, dead }),
      'fetch',
    ],
    ['its bytes from one that got it', beside(fileScene({ file: nothing, link: copy }), first, {}), 'fetch'],
    ['no bytes from what is no copy', fileScene({ file: nothing, link: { origin: 'theirs' } }), 'none'],
    ['nothing once they are here', fileScene({ link: inStep }), 'none'],
    ['to be rid of them once it is deleted', fileScene({ link: theirs, root: deleted }), 'discard'],
    [
      'that of its source’s worker alone',
      besideItsSource(fileScene({ link: copy, root: deleted })),
      'delete',
    ],
    ['that too where it was sent through the hub', fileScene({ link: copy, root: deleted }), 'discard'],
    [
      'that of the first alone, copy or none',
      beside(fileScene({ link: copy, root: deleted }), first, {}),
      'delete',
    ],
    ['nothing of bytes that never came', fileScene({ file: nothing, link: theirs, root: deleted }), 'none'],
    ['a copy once they are here', fileScene(), 'create'],
    ['no copy before', fileScene({ file: nothing }), 'none'],
    ['no copy where its parent will have none', fileScene({ lane: { parent: null } }), 'none'],
    [
      'no copy where it is not to be seen',
      fileScene({ place: channel(), file: { visibility: 'internal' } }),
      'none',
    ],
  ])('is %s', (_what, scene, need) => {
    expect(needOf(scene)).toBe(need);
  });

  it('is its parent’s copy first, as long as that is not known and it has none itself', () => {
    const unknown = { parent: undefined } as never;

    expect(awaited(fileScene({ lane: unknown }))).toBe('ticket-9');
    expect(awaited(fileScene())).toBeUndefined();
    expect(awaited(fileScene({ lane: { parent: null } }))).toBeUndefined();
    expect(awaited(fileScene({ lane: unknown, link: copy }))).toBeUndefined();
    expect(awaited(commentScene({}))).toBeUndefined();
  });
});
