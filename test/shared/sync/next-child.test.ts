import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Projectable } from '../../../shared/ports/index.ts';
import { LINE } from '../../../shared/sync/keys.ts';
import { nextStep } from '../../../shared/sync/reconcile.ts';
import { newLane, type Scene } from '../../../shared/sync/scene.ts';
import type { Lane } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileDesk, fileScene, TICKET } from './file-scene.ts';
import { deskPlace, ticketScene } from './scenes.ts';

const OTHER = 'other' as ConnectionId;
const FRESH_START = {
  fresh: undefined,
  unmatched: undefined,
  named: undefined,
  unlisted: undefined,
  transfer: 'mine',
};
const stepOf = (
  { tree, place, around }: Scene,
  progress: Partial<typeof FRESH_START> | { fresh: RecordId } | { named: RecordId } = {},
) => nextStep(tree, place, around, { ...FRESH_START, ...progress });
const uncopied = (scene: Scene): Scene => {
  delete scene.link.externalId;
  return scene;
};
const behind = (id: string, position = '1') => ({ id: id as RecordId, position });

describe('the comments of a lane', () => {
  it('wait until there is a conversation to put them in', () => {
    const scene = ticketScene({
      place: deskPlace({}),
      lane: { behind: [behind('c')] },
      link: { parked: {} as never },
    });

    expect(stepOf(uncopied(scene))).toEqual({ do: 'rest' });
  });

  it('are loaded in their order', () => {
    const scene = ticketScene({ lane: { behind: [behind('second', '2'), behind('first', '1')] } });

    expect(stepOf(scene)).toEqual({ do: 'load', child: 'first' });
  });

  it('are passed over where they lack nothing', () => {
    expect(stepOf(commentScene({ lane: { behind: [behind('comment-1')] } }))).toEqual({
      do: 'skip',
      child: 'comment-1',
    });
  });

  it('are made in their conversation, with author and visibility', () => {
    const scene = commentScene({ lane: { behind: [behind('comment-1')] } });

    expect(stepOf(uncopied(scene))).toMatchObject({
      do: 'write',
      change: {
        kind: 'comment',
        operation: 'create',
        rootExternalId: 'case-1',
        fields: { body: 'it burns' },
        comment: { visibility: 'public', body: 'it burns', author: { role: 'agent' } },
      },
    });
  });

  it('are written where they stand', () => {
    const scene = commentScene({
      lane: { behind: [behind('comment-1')] },
      link: { sent: { body: 'it smokes' } },
    });

    expect(stepOf(scene)).toMatchObject({
      do: 'write',
      change: {
        operation: 'update',
        externalId: 'note-1',
        rootExternalId: 'case-1',
        fields: { body: 'it burns' },
      },
    });
  });

  it.each([
    ['made', (scene: Scene) => uncopied(scene)],
    ['edited', (scene: Scene) => scene],
  ])('say in their vendor’s own words what they say, when they are %s', (_what, of) => {
    const place = deskPlace();
    const project = ({ kind, fields }: Projectable) => (kind === 'comment' ? { body: 'IT BURNS' } : fields);
    const scene = commentScene({
      place: { ...place, mapping: { ...place.mapping, project } },
      comment: { visibility: 'internal' },
      lane: { behind: [behind('comment-1')] },
    });

    expect(stepOf(of(scene))).toMatchObject({
      do: 'write',
      change: {
        fields: { body: 'IT BURNS' },
        comment: { visibility: 'internal', body: 'IT BURNS', author: { role: 'agent' } },
      },
    });
  });

  it('of one source wait for an earlier one that is still to be read there', () => {
    const scene = ticketScene({ lane: { behind: [{ ...behind('later', '2'), source: 'other' as never }] } });
    const lane = newLane('theirs');
    scene.tree.root.lanes.other = { ...lane, behind: [{ ...behind('earlier', '1'), isUnread: true }] };

    expect(stepOf(scene)).toEqual({ do: 'rest' });

    scene.tree.root.lanes.other.behind[0]!.position = '3';
    expect(stepOf(scene)).toEqual({ do: 'load', child: 'later' });

    Object.assign(scene.tree.root.lanes.other, {
      behind: [{ ...behind('earlier', '1'), isUnread: true }],
      parked: {},
    });
    expect(stepOf(scene)).toEqual({ do: 'load', child: 'later' });
  });

  it('of one source wait for none of another, though that is still to be read, and asleep where they come from', () => {
    const scene = ticketScene({ lane: { behind: [{ ...behind('later', '2'), source: 'other' as never }] } });
    const asleep = {
      ...behind('earlier', '1'),
      source: 'desk' as never,
      isUnread: true,
      awaitsLife: true,
    } as const;
    scene.tree.root.lanes.other = { ...newLane('theirs'), behind: [asleep] };

    expect(stepOf(scene)).toEqual({ do: 'load', child: 'later' });
  });

  it('sleep while their conversation is dead, here or there, and others go on', () => {
    const lane = { behind: [{ ...behind('asleep', '1'), awaitsLife: true as const }, behind('awake', '2')] };
    const [alive, there] = [ticketScene({ lane }), ticketScene({ lane, link: { dead: { atMs: 1 } } })];
    const here = ticketScene({ place: deskPlace({ canDelete: 'never' }), lane });
    here.tree.root.deleted = { atMs: 1, source: 'hub' };

    expect(stepOf(alive)).toEqual({ do: 'load', child: 'asleep' });
    expect(stepOf(there)).toEqual({ do: 'load', child: 'awake' });
    expect(stepOf(here)).toEqual({ do: 'load', child: 'awake' });
  });

  it('are awake or asleep by their own state where that is at hand, whatever their mark says', () => {
    const marked = { behind: [{ ...behind('comment-1'), awaitsLife: true as const }] };
    const copied = commentScene({ lane: marked });
    copied.lane.link.dead = { atMs: 1 };
    const unmarked = uncopied(commentScene({ lane: { behind: [behind('comment-1')] } }));
    unmarked.lane.link.dead = { atMs: 1 };

    expect(stepOf(copied)).toEqual({ do: 'skip', child: 'comment-1' });
    expect(stepOf(unmarked)).toEqual({ do: 'rest' });
  });

  it('wait while those of records folded into theirs are brought over by another lane', () => {
    const scene = ticketScene({ lane: { behind: [behind('c')] } });
    scene.tree.root.givers = ['young' as RecordId];
    expect(stepOf(scene)).toEqual({ do: 'gather' });

    scene.tree.root.lanes = { other: newLane('ours'), ...scene.tree.root.lanes };
    const other = { ...scene.place, connection: { ...scene.place.connection, id: OTHER } };
    const places = new Map([...scene.around.places, [OTHER, other]]);

    expect(stepOf({ ...scene, around: { ...scene.around, places } })).toEqual({ do: 'rest' });
  });

  it('beyond the listed are looked for once nobody listed can go on', () => {
    const beyond = { after: LINE };
    const held = ticketScene({ lane: { behind: [{ ...behind('later', '2'), source: OTHER }], beyond } });
    held.tree.root.lanes.other = { ...newLane('theirs'), behind: [{ ...behind('earlier'), isUnread: true }] };

    expect(stepOf(ticketScene({ lane: { beyond } }))).toEqual({ do: 'look-on' });
    expect(stepOf(held)).toEqual({ do: 'rest' });
  });
});

describe('a comment that another of its source may come before', () => {
  const later = { ...behind('later', '2'), source: OTHER };
  /** The step of a lane with `child` first, where its source lists these. */
  function stepBehind(
    there: Partial<Lane>,
    child: Lane['behind'][number] = later,
    knowsSource = false,
    hasCopy = true,
  ) {
    const scene = ticketScene({ lane: { behind: [child] } });
    const source = newLane('theirs');
    if (hasCopy) source.link.externalId = 'thread-1' as ExternalId;
    scene.tree.root.lanes.other = { ...source, ...there };
    const other = { ...scene.place, connection: { ...scene.place.connection, id: OTHER } };
    const places = new Map([...scene.around.places, ...(knowsSource ? ([[OTHER, other]] as const) : [])]);
    return stepOf({ ...scene, around: { ...scene.around, places } }).do;
  }
  const unread = (id: string, position: string) => ({ ...behind(id, position), isUnread: true as const });

  it('waits for that alone which is still to be read, and truly before it', () => {
    expect(stepBehind({ behind: [unread('earlier', '1')] })).toBe('rest');
    expect(stepBehind({ behind: [behind('earlier', '1')] })).toBe('load');
    expect(stepBehind({ behind: [unread('earlier', '2')] })).toBe('load');
    expect(stepBehind({ behind: [unread('later', '1')] })).toBe('load');
  });

  it('waits for none where it is still to be read itself', () => {
    expect(stepBehind({ behind: [unread('earlier', '1')] }, { ...later, isUnread: true })).toBe('load');
  });

  it('waits for one that may stand beyond its source’s listed, while somebody looks there', () => {
    const hidden = { beyond: { after: LINE, unread: LINE } };

    expect(stepBehind(hidden, later, true)).toBe('rest');
    expect(stepBehind(hidden, later, false)).toBe('load');
    expect(stepBehind(hidden, later, true, false)).toBe('load');
    expect(stepBehind({ beyond: { after: LINE } }, later, true)).toBe('load');
  });
});

describe('a file that lacks a copy', () => {
  const staged = 'upload-1' as ExternalId;

  it('is uploaded first, under its parent’s copy', () => {
    expect(stepOf(fileScene())).toMatchObject({
      do: 'upload',
      file: { kind: 'attachment', parent: { externalId: 'case-9' }, attachment: { name: 'photo.png' } },
    });
  });

  it('is created by what was staged, whatever the place takes by now', () => {
    const created = { do: 'write', change: { operation: 'create', kind: 'attachment', staged } };
    const looked = { named: TICKET };

    expect(stepOf(fileScene({ lane: { staged } }), looked)).toMatchObject(created);
    expect(stepOf(fileScene({ lane: { staged }, place: fileDesk(10) }), looked)).toMatchObject(created);
  });

  it('is created under what its parent’s copy is by then', () => {
    expect(stepOf(fileScene({ lane: { staged } }))).toEqual({ do: 'depend', on: TICKET });
  });

  it('is refused where it is too large, there or where it comes from', () => {
    const reason = 'files of up to 10 bytes are carried';
    const source = { origin: 'theirs', externalId: 'file-1' as ExternalId } as const;
    const lacking = { content: undefined } as never;

    expect(stepOf(fileScene({ place: fileDesk(10) }))).toMatchObject({ do: 'refuse', reason });
    expect(stepOf(fileScene({ place: fileDesk(10), link: source, file: lacking }))).toMatchObject({
      do: 'refuse',
      reason,
    });
    expect(stepOf(fileScene({ link: source, file: lacking }))).toMatchObject({ do: 'fetch' });
  });

  it('is uploaded where its source no longer has it, as anywhere else', () => {
    expect(stepOf(fileScene({ link: { origin: 'theirs' } }))).toMatchObject({ do: 'upload' });
  });
});
