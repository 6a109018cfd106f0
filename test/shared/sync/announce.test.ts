import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { announceStatus } from '../../../shared/sync/announce.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Child, RecordChange } from '../../../shared/sync/state.ts';
import { addSystemComment } from '../../../shared/sync/system-comment.ts';
import { deskPlace, NOW_MS, ticketScene } from './scenes.ts';

const solved: RecordChange = {
  record: 'ticket-1' as RecordId,
  kind: 'ticket',
  what: 'updated',
  fields: { status: { from: 'open', to: 'solved' } },
  source: 'hub',
  actor: 'ada',
};
function channel(settings: Record<string, boolean> = {}) {
  const place = deskPlace();
  return {
    ...place,
    connection: { ...place.connection, settings },
    manifest: { ...place.manifest, isCustomerVisible: true },
  };
}
/** What is said when these changes are made to a solved ticket whose thread is there. */
function saidOf(
  changes: RecordChange[] = [solved],
  change: (scene: Scene) => void = () => {},
  place = channel(),
) {
  const scene = ticketScene({ place, fields: { status: 'solved' } });
  scene.tree.changes.push(...changes);
  change(scene);
  announceStatus(scene.tree, scene.around);
  return [...scene.tree.children.values()];
}

describe('a change of status', () => {
  it('is told to the customer, by the hub, in channels alone', () => {
    expect(saidOf()).toMatchObject([
      {
        id: 'ticket-1.id-1',
        fields: { body: 'Status changed to solved' },
        visibility: 'public',
        audience: 'channels',
        author: { role: 'system' },
      },
    ]);
  });

  it.each<[string, RecordChange[]]>([
    ['nothing changed', []],
    ['another field changed', [{ ...solved, fields: { priority: { from: 'low', to: 'high' } } }]],
    ['another record changed', [{ ...solved, record: 'ticket-1.c' as RecordId }]],
    ['the ticket was only just made', [{ ...solved, what: 'created' }]],
    ['it was made and changed at once', [{ ...solved, what: 'created', fields: {} }, solved]],
  ])('is not told where %s', (_why, changes) => {
    expect(saidOf(changes)).toEqual([]);
  });

  it('is told beside what else was made or changed', () => {
    const comment = { ...solved, record: 'ticket-1.c' as RecordId, what: 'created', fields: {} } as const;

    expect(saidOf([comment, { ...solved, fields: {} }, solved])).toHaveLength(1);
  });

  it.each<[string, (scene: Scene) => void]>([
    ['the ticket is deleted', ({ record }) => Object.assign(record, { deleted: { atMs: 1, source: 'hub' } })],
    ['it is no ticket', ({ record }) => Object.assign(record, { kind: 'contact' })],
    ['there is no copy', ({ link }) => delete link.externalId],
    ['the copy is dead', ({ link }) => Object.assign(link, { dead: { atMs: 1 } })],
    ['there is no lane', ({ tree }) => delete tree.root.lanes.desk],
  ])('is not told where %s', (_why, change) => {
    expect(saidOf([solved], change)).toEqual([]);
  });

  it('is not told where nobody listens: in no channel, or in one that is not to say it', () => {
    expect(saidOf([solved], undefined, deskPlace() as ReturnType<typeof channel>)).toEqual([]);
    expect(saidOf([solved], undefined, channel({ announceStatus: false }))).toEqual([]);
    expect(saidOf([solved], undefined, channel({ announceStatus: true }))).toHaveLength(1);
  });

  it('is told once one of several places listens', () => {
    const scene = ticketScene({ place: channel(), fields: { status: 'solved' } });
    scene.tree.changes.push(solved);
    const places = new Map([['other' as ConnectionId, deskPlace()], ...scene.around.places]);

    announceStatus(scene.tree, { ...scene.around, places });

    expect(scene.tree.children.size).toBe(1);
  });
});

describe('what the hub itself says', () => {
  const said = (more: { audience?: 'channels' } = {}) => {
    const scene = ticketScene({});
    const id = 'ticket-1.c' as RecordId;
    addSystemComment(scene.tree, { id, body: 'too large', visibility: 'internal', ...more }, scene.around);
    return { tree: scene.tree, child: scene.tree.children.get(id) as Child };
  };

  it('is a comment of the ticket, made now and after all others', () => {
    const { tree, child } = said();
    const by = { source: 'hub', actor: 'hub', fromMs: NOW_MS, toMs: NOW_MS };

    expect(child).toStrictEqual({
      id: 'ticket-1.c',
      kind: 'comment',
      root: 'ticket-1',
      fields: { body: 'too large' },
      provenance: { body: by, visibility: by },
      revision: 0,
      createdAtMs: NOW_MS,
      updatedAtMs: NOW_MS,
      visibility: 'internal',
      author: { role: 'system' },
      position: expect.stringMatching(new RegExp(`^0*${NOW_MS}~`)),
      links: {},
    });
    expect(tree.root.childCount).toBe(1);
    expect(tree.changes).toEqual([
      { record: 'ticket-1.c', kind: 'comment', what: 'created', fields: {}, source: 'hub', actor: 'hub' },
    ]);
  });

  it('may be for channels alone', () => {
    expect(said({ audience: 'channels' }).child.audience).toBe('channels');
  });
});
