import { describe, expect, it } from 'vitest';
import { openLanes, raiseWants, shorten } from '../../../shared/sync/fan-out.ts';
import { LINE } from '../../../shared/sync/keys.ts';
import { newLane, type Scene, type Surroundings } from '../../../shared/sync/scene.ts';
import type { Child, Lane, Line } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, ticketScene } from './scenes.ts';
import { behind, beside, OTHER, uncopied } from './second-place.ts';

describe('lanes for every connection that takes a record', () => {
  const unopened = () => {
    const scene = ticketScene({});
    delete scene.tree.root.isFannedOut;
    return scene;
  };

  it('are opened once it has been seen whole, and those there are stay as they are', () => {
    const scene = unopened();
    const { lane } = scene;
    scene.tree.root.early = { behind: [behind('comment-1')] };

    openLanes(scene.tree, beside(scene));

    const { root } = scene.tree;
    expect(root.lanes[OTHER]).toEqual({ ...newLane('ours'), behind: [behind('comment-1')] });
    expect(root.lanes[OTHER]?.behind).not.toBe(scene.tree.root.early?.behind);
    expect(root.lanes.desk).toBe(lane);
    expect(root).toMatchObject({ isFannedOut: true });
    expect(root).not.toHaveProperty('early');
  });

  it('are opened with nobody in line where no child came early', () => {
    const scene = unopened();

    openLanes(scene.tree, beside(scene));

    expect(scene.tree.root.lanes[OTHER]).toEqual(newLane('ours'));
  });

  it.each<[string, (scene: Scene) => Surroundings]>([
    ['has not been consented to yet', (scene) => beside(scene, { state: 'pending' })],
    [
      'cannot make such a copy',
      (scene) => {
        const { manifest } = deskPlace();
        return beside(scene, { manifest: { ...manifest, kinds: {} } });
      },
    ],
  ])('are not opened to one that %s', (_why, given) => {
    const scene = unopened();

    openLanes(scene.tree, given(scene));

    expect(Object.keys(scene.tree.root.lanes)).toEqual(['desk']);
    expect(scene.tree.root.isFannedOut).toBe(true);
  });

  it('are not opened for what is deleted, not yet read, or has its lanes', () => {
    for (const state of [
      { deleted: { atMs: 1, source: 'hub' } },
      { unread: OTHER },
      { isFannedOut: true },
    ] as const) {
      const scene = unopened();
      Object.assign(scene.tree.root, state);

      openLanes(scene.tree, beside(scene));

      expect(Object.keys(scene.tree.root.lanes)).toEqual(['desk']);
      expect('isFannedOut' in scene.tree.root).toBe('isFannedOut' in state);
    }
  });
});

describe('who waits before there are lanes', () => {
  const waiting = (early?: Line) => {
    const scene = uncopied(commentScene({}));
    delete scene.tree.root.isFannedOut;
    if (early !== undefined) scene.tree.root.early = early;
    return scene;
  };

  it('stands in one line for all, in order, and once', () => {
    const scene = waiting({ behind: [behind('comment-3', '3'), behind('comment-1', '9')] });

    raiseWants(scene.tree, scene.around);

    expect(scene.tree.root.early).toEqual({ behind: [behind('comment-1'), behind('comment-3', '3')] });
  });

  it('stands there as a lane would list it', () => {
    const scene = waiting();
    Object.assign(scene.record, { source: OTHER, order: '7', unread: OTHER });

    raiseWants(scene.tree, scene.around);

    expect(scene.tree.root.early?.behind).toEqual([
      { ...behind('comment-1'), source: OTHER, order: '7', isUnread: true },
    ]);
  });

  it('is listed as far as a line goes; the others have items of their own', () => {
    const scene = waiting({ behind: [behind('comment-2', '2')] });
    const rules = { ...scene.around.rules, lineLength: () => 1 };

    raiseWants(scene.tree, { ...scene.around, rules });

    expect(scene.tree.root.early?.behind).toEqual([behind('comment-1')]);
    expect(scene.tree.unlisted).toEqual([behind('comment-2', '2')]);
  });

  it('is nobody where no child is at hand, or the lanes are open', () => {
    const [childless, open] = [ticketScene({}), uncopied(commentScene({}))];
    delete childless.tree.root.isFannedOut;
    for (const { tree, around } of [childless, open]) {
      raiseWants(tree, around);
      expect(tree.root).not.toHaveProperty('early');
    }
  });
});

describe('who stands in a lane’s line', () => {
  const inLine = (scene: Scene) => {
    raiseWants(scene.tree, scene.around);
    return scene.lane.behind;
  };

  it('is a child with work there, in its place and once', () => {
    const scene = uncopied(
      commentScene({ lane: { behind: [behind('comment-1', '9'), behind('comment-0', '0')] } }),
    );

    expect(inLine(scene)).toEqual([behind('comment-0', '0'), behind('comment-1')]);
  });

  it('is shown with no more than is known of it', () => {
    const [bare] = inLine(uncopied(commentScene({})));

    expect(bare).toStrictEqual(behind('comment-1'));
  });

  it('is listed as far as a line goes', () => {
    const scene = uncopied(commentScene({ lane: { behind: [behind('comment-0', '0')] } }));
    const rules = { ...scene.around.rules, lineLength: () => 1 };

    raiseWants(scene.tree, { ...scene.around, rules });

    expect(scene.lane.behind).toEqual([behind('comment-0', '0')]);
    expect(scene.tree.unlisted).toEqual([behind('comment-1')]);
  });

  it('is no child that lacks nothing; it is not put out of the line either, where it stands', () => {
    expect(inLine(commentScene({}))).toEqual([]);
    expect(inLine(commentScene({ lane: { behind: [behind('comment-1')] } }))).toEqual([behind('comment-1')]);
  });

  it('is marked where it has to wait for life', () => {
    const scene = uncopied(commentScene({}));
    scene.lane.link.dead = { atMs: 1 };

    expect(inLine(scene)).toEqual([{ ...behind('comment-1'), awaitsLife: true }]);
  });

  it('leaves a comment without a link where it is to have none', () => {
    const place = { ...deskPlace(), manifest: { ...deskPlace().manifest, isCustomerVisible: true } };
    const hidden = commentScene({ place, comment: { visibility: 'internal' } });
    const { record } = hidden as { record: Child };
    delete record.links.desk;

    expect(inLine(hidden)).toEqual([]);
    expect(record.links).toEqual({});

    const kept = commentScene({});
    inLine(kept);
    expect((kept.record as Child).links.desk).toBe(kept.link);

    const made = commentScene({});
    delete (made.record as Child).links.desk;
    inLine(made);
    expect((made.record as Child).links).toHaveProperty('desk');
  });
});

describe('a line that grows long', () => {
  const rules = (scene: Scene, length: number) => ({
    ...scene.around,
    rules: { ...scene.around.rules, lineLength: () => length },
  });
  const asleep = { ...behind('asleep', '1'), awaitsLife: true } as const;
  const line = [asleep, behind('awake', '2'), behind('last', '3')];
  const shortened = (lane: Partial<Lane>, length: number, end?: 'record' | 'copy') => {
    const scene = ticketScene({ lane: { behind: line, ...lane } });
    if (end === 'record') scene.record.deleted = { atMs: 1, source: 'hub' };
    if (end === 'copy') scene.link.dead = { atMs: 1 };
    shorten(scene.tree, scene.lane, rules(scene, length));
    const { behind: listed, hasSleepers, beyond } = scene.lane;
    return {
      listed: listed.map(({ id }) => id),
      unlisted: scene.tree.unlisted.map(({ id }) => id),
      hasSleepers: hasSleepers === true,
      looksFrom: beyond?.after,
    };
  };

  it('keeps the first alone', () => {
    expect(shortened({}, 2)).toMatchObject({
      listed: ['asleep', 'awake'],
      unlisted: ['last'],
      hasSleepers: false,
    });
    expect(shortened({}, 3)).toEqual({
      listed: ['asleep', 'awake', 'last'],
      unlisted: [],
      hasSleepers: false,
      looksFrom: undefined,
    });
  });

  it.each(['record', 'copy'] as const)('passes over who waits for life while the %s is dead', (end) => {
    expect(shortened({}, 2, end)).toEqual({
      listed: ['awake', 'last'],
      unlisted: ['asleep'],
      hasSleepers: true,
      looksFrom: undefined,
    });
    expect(shortened({ hasSleepers: true }, 3, end)).toMatchObject({ hasSleepers: true, unlisted: [] });
    expect(shortened({ behind: [behind('a'), behind('b')] }, 1, end)).toMatchObject({ hasSleepers: false });
  });

  it('is looked at from its start once there is life again', () => {
    expect(shortened({ hasSleepers: true }, 3)).toEqual({
      listed: [],
      unlisted: ['asleep', 'awake', 'last'],
      hasSleepers: false,
      looksFrom: LINE,
    });
  });
});
