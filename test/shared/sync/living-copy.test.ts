import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { livingCopy, mayCome, newNameFor } from '../../../shared/sync/living-copy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { commentScene } from './comment-scene.ts';
import { parked } from './fold-scene.ts';
import { deskPlace, knowing } from './scenes.ts';

const [DESK, OTHER] = ['desk' as ConnectionId, 'other' as ConnectionId];
const COMMENT = 'comment-1' as RecordId;
const deleted = { deleted: { atMs: 1, source: 'hub' } } as const;

describe('the copy under which something can be made', () => {
  const copies = (change: (scene: Scene) => void = () => undefined, connection = DESK) => {
    const scene = commentScene({});
    change(scene);
    return [undefined, COMMENT].map((child) => livingCopy(scene.tree, child, connection));
  };

  it('is the root’s, or that of a child at hand', () => {
    expect(copies()).toEqual(['case-1', 'note-1']);
    expect(livingCopy(commentScene({}).tree, 'comment-9' as RecordId, DESK)).toBeUndefined();
  });

  it('is none where there is no link', () => {
    expect(copies(undefined, OTHER)).toEqual([undefined, undefined]);
  });

  it.each<[string, (scene: Scene) => void, unknown[]]>([
    ['comment is deleted', ({ record }) => Object.assign(record, deleted), ['case-1', undefined]],
    [
      'comment’s copy is dead',
      ({ link }) => Object.assign(link, { dead: { atMs: 1 } }),
      ['case-1', undefined],
    ],
    [
      'comment is still to be read there',
      ({ record }) => Object.assign(record, { unread: DESK }),
      ['case-1', undefined],
    ],
    [
      'comment is still to be read elsewhere',
      ({ record }) => Object.assign(record, { unread: OTHER }),
      ['case-1', 'note-1'],
    ],
    ['root is deleted', ({ tree }) => Object.assign(tree.root, deleted), [undefined, 'note-1']],
    [
      'root’s copy is dead',
      ({ lane }) => Object.assign(lane.link, { dead: { atMs: 1 } }),
      [undefined, 'note-1'],
    ],
    [
      'root’s copy is said to be deleted and still to be looked at',
      ({ lane }) => Object.assign(lane.link, { doomed: { atMs: 1 } }),
      [undefined, 'note-1'],
    ],
    [
      'root’s copy is another record’s, and to be looked at',
      ({ lane }) => Object.assign(lane.link, { isBorrowed: true, needsRead: true }),
      [undefined, 'note-1'],
    ],
    [
      'root’s copy is another record’s, and set aside before anybody looks',
      ({ lane }) => Object.assign(lane.link, { isBorrowed: true, needsRead: true, parked }),
      ['case-1', 'note-1'],
    ],
    [
      'root is still to be read there',
      ({ tree }) => Object.assign(tree.root, { unread: DESK }),
      [undefined, 'note-1'],
    ],
  ])('where the %s', (_what, change, found) => {
    expect(copies(change)).toEqual(found);
  });
});

describe('what a ticket is to call the contact that it names', () => {
  const waiting = (connection: ConnectionId) => {
    const { tree } = commentScene({});
    const contact = { ...tree, root: { ...tree.root, kind: 'contact' as const } };
    return newNameFor(contact, { root: 'ticket-2' as RecordId, connection });
  };

  it('is that one’s copy; where it has none as yet there is nothing to call it', () => {
    expect([DESK, OTHER].map(waiting)).toEqual(['case-1', undefined]);
  });
});

describe('whether what hangs on a record may still come to a place', () => {
  const { ticket, comment } = deskPlace().manifest.kinds;
  const { creation: _none, ...found } = ticket!;
  const root = (lane?: 'linked' | 'unlinked') => {
    const { root } = commentScene({}).tree;
    if (lane === undefined) root.lanes = {};
    if (lane === 'unlinked') delete root.lanes.desk!.link.externalId;
    return root;
  };

  it('is so once the ticket is there, made by us or found', () => {
    for (const kinds of [
      { ticket: ticket!, comment: comment! },
      { ticket: found, comment: comment! },
    ])
      expect(mayCome(root('linked'), 'comment', knowing(deskPlace(), kinds))).toBe(true);
  });

  it.each(['unlinked', undefined] as const)('is so before, where the hub makes tickets there: %s', (lane) => {
    expect(mayCome(root(lane), 'comment', deskPlace())).toBe(true);
    expect(mayCome(root(lane), 'comment', knowing(deskPlace(), { ticket: found, comment: comment! }))).toBe(
      false,
    );
    expect(mayCome(root(lane), 'comment', knowing(deskPlace(), { comment: comment! }))).toBe(false);
  });

  it('is never so where the vendor has no such thing, wherever the ticket is', () => {
    const place = knowing(deskPlace(), { ticket: ticket! });

    expect(mayCome(root('linked'), 'comment', place)).toBe(false);
    expect(mayCome(root('linked'), 'ticket', place)).toBe(true);
  });
});
