import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { admitFile, fileFrom, type Parent } from '../../../shared/sync/hub-file.ts';
import type { Place } from '../../../shared/sync/places.ts';
import type { Child } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileDesk } from './file-scene.ts';
import { around, knowing, NOW_MS } from './scenes.ts';

const MAX_BYTES = 1_000;
const FILE = { name: 'a.txt', type: 'text/plain', size: MAX_BYTES };
const TOO_LARGE = { ...FILE, size: MAX_BYTES + 1 };
const DESK = fileDesk(MAX_BYTES);
const CHAT = { ...DESK, manifest: { ...DESK.manifest, isCustomerVisible: true } };

const at = (...given: readonly Place[]) => new Map(given.map((each) => [each.connection.id, each]));
const without = (place: Place, kind: 'attachment' | 'comment'): Place => {
  const { [kind]: _none, ...kinds } = place.manifest.kinds;
  return knowing(place, kinds);
};
const ticket = (): Parent => ({ root: commentScene({}).tree.root, child: undefined });
function comment(visibility: 'public' | 'internal'): Parent {
  const { tree, record } = commentScene({ comment: { visibility } });
  return { root: tree.root, child: record as Child };
}

describe('who may see a file that is sent through the hub', () => {
  it.each([undefined, 'internal', 'public'] as const)(
    'the team alone, unless its sender says: %s',
    (visibility) => {
      const file = { ...FILE, ...(visibility === undefined ? {} : { visibility }) };

      expect(admitFile(ticket(), file, at(DESK))).toBe(visibility ?? 'internal');
    },
  );

  it.each(['internal', 'public'] as const)(
    'whoever sees its comment, a %s one, said or not',
    (visibility) => {
      expect(admitFile(comment(visibility), FILE, at(DESK))).toBe(visibility);
      expect(admitFile(comment(visibility), { ...FILE, visibility }, at(DESK))).toBe(visibility);
    },
  );

  it.each([
    ['internal', 'public'],
    ['public', 'internal'],
  ] as const)('nobody else: where the comment is %s, it cannot be %s', (of, visibility) => {
    expect(() => admitFile(comment(of), { ...FILE, visibility }, at(DESK))).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: 'a file of a comment is seen by whoever sees the comment',
        pointer: '/visibility',
      }),
    );
  });
});

describe('a place that does not carry a file', () => {
  const denying = (place: Place): Place => ({
    ...place,
    connection: { ...place.connection, settings: { deniedFileTypes: '.exe' } },
  });
  const refusal = (pointer: string, reason: string) =>
    expect.objectContaining({ code: 'invalid_input', pointer, message: `desk does not take it: ${reason}` });

  it('says so of its size, from the first byte over the limit', () => {
    expect(admitFile(ticket(), FILE, at(DESK))).toBe('internal');
    expect(() => admitFile(ticket(), TOO_LARGE, at(DESK))).toThrow(
      refusal('/size', `files of up to ${MAX_BYTES} bytes are carried`),
    );
  });

  it('says so of its type, where the size is the most it carries', () => {
    const setup = { ...FILE, name: 'setup.exe' };

    expect(() => admitFile(ticket(), setup, at(denying(DESK)))).toThrow(
      refusal('/type', 'files of this type are not carried'),
    );
    expect(admitFile(ticket(), FILE, at(denying(DESK)))).toBe('internal');
  });

  it('is asked though another, which does not get the file, comes before it', () => {
    const elsewhere = { ...DESK, connection: { ...DESK.connection, id: 'else' as ConnectionId } };

    expect(() => admitFile(ticket(), TOO_LARGE, at(elsewhere, DESK))).toThrow('does not take it');
  });

  it('matters where customers read and the file is for them, with no note', () => {
    expect(() => admitFile(ticket(), { ...TOO_LARGE, visibility: 'public' }, at(CHAT))).toThrow(
      'does not take it',
    );
    expect(() => admitFile(comment('public'), TOO_LARGE, at(CHAT))).toThrow('does not take it');
    expect(admitFile(ticket(), TOO_LARGE, at(CHAT))).toBe('internal');
    expect(admitFile(comment('internal'), TOO_LARGE, at(CHAT))).toBe('internal');
  });

  it('matters not where its ticket is not, or no longer, or where no file ever is', () => {
    const elsewhere = { ...DESK, connection: { ...DESK.connection, id: 'else' as ConnectionId } };
    const dead = ticket();
    dead.root.lanes.desk!.link.dead = { atMs: 1 };
    const unmade = { ...DESK.manifest.kinds.attachment! };
    delete unmade.creation;
    const readOnly = knowing(DESK, { ...DESK.manifest.kinds, attachment: unmade });

    for (const place of [elsewhere, without(DESK, 'attachment'), readOnly])
      expect(admitFile(ticket(), TOO_LARGE, at(place))).toBe('internal');
    expect(admitFile(dead, TOO_LARGE, at(DESK))).toBe('internal');
  });

  it('that has no comments gets those of the ticket alone', () => {
    const place = without(DESK, 'comment');

    expect(() => admitFile(ticket(), TOO_LARGE, at(place))).toThrow('does not take it');
    expect(admitFile(comment('internal'), TOO_LARGE, at(place))).toBe('internal');
  });
});

describe('the record of a file that is sent through the hub', () => {
  const content = { key: 'k', size: 7, sha256: 'abc' };
  const edit = {
    edit: 'attachment',
    id: 'file-1' as RecordId,
    name: 'a.txt',
    type: 'text/plain',
    content,
  } as const;
  const made = (parent: Parent, more: object = {}) =>
    fileFrom(parent, { ...edit, ...more }, 'user:ada', around(DESK));

  it('is its sender’s from now on, of the size that has come, and journalled as theirs', () => {
    const by = { source: 'hub', actor: 'user:ada', fromMs: NOW_MS, toMs: NOW_MS };

    const { root, changes } = made(ticket(), { visibility: 'public' });

    expect(root).toEqual({
      id: 'file-1',
      kind: 'attachment',
      fields: { name: 'a.txt', type: 'text/plain', size: 7 },
      provenance: { name: by, type: by, size: by, visibility: by },
      revision: 0,
      createdAtMs: NOW_MS,
      updatedAtMs: NOW_MS,
      lanes: {},
      childCount: 0,
      file: {
        of: { root: 'ticket-1', record: 'ticket-1', kind: 'ticket' },
        visibility: 'public',
        content,
      },
    });
    expect(changes).toEqual([
      { record: 'file-1', kind: 'attachment', what: 'created', fields: {}, source: 'hub', actor: 'user:ada' },
    ]);
  });

  it('hangs on its comment, and is seen as that is', () => {
    expect(made(comment('public')).root.file).toEqual({
      of: { root: 'ticket-1', record: 'comment-1', kind: 'comment' },
      visibility: 'public',
      content,
    });
  });

  it('is not made where a place refuses it by what has come', () => {
    const larger = { content: { ...content, size: MAX_BYTES + 1 } };

    expect(() => made(ticket(), larger)).toThrow('does not take it');
  });
});
