import { describe, expect, it } from 'vitest';
import type {
  ConnectionId,
  ExternalId,
  OrganizationId,
  RecordId,
  WakeId,
} from '../../../shared/domain/index.ts';
import { hasWork, messageOf, openLanes, raiseWants, shorten, wakeAt } from '../../../shared/sync/fan-out.ts';
import { LINE } from '../../../shared/sync/keys.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { newLane, type Scene, type Surroundings } from '../../../shared/sync/scene.ts';
import type { Child, Lane, Line, Parked } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileScene } from './file-scene.ts';
import { deskPlace, NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';

const OTHER = 'other' as ConnectionId;
const WAKE = { id: 'wake-1' as WakeId, dueAtMs: 5 };
const PARKED: Parked = {
  id: 'p',
  cause: 'unauthorized',
  reason: 'r',
  fault: 'organization',
  atMs: 1,
  attempts: 0,
};
const behind = (id: string, position = '1') => ({ id: id as RecordId, position });
/** A second place beside the scene's own. */
function beside(scene: Scene, over: Partial<Place> & { readonly state?: 'pending' } = {}): Surroundings {
  const place = { ...deskPlace(), ...over };
  const state = over.state === undefined ? place.connection.state : ({ kind: 'pending' } as const);
  const other = { ...place, connection: { ...place.connection, id: OTHER, state } };
  return { ...scene.around, places: new Map([...scene.around.places, [OTHER, other]]) };
}
const uncopied = (scene: Scene): Scene => {
  delete scene.link.externalId;
  return scene;
};

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

describe('what a commit wakes', () => {
  it('is each lane with work, to bring what the record is by now', () => {
    const scene = ticketScene({ link: { sent: {} } });
    scene.tree.root.revision = 7;

    expect(raiseWants(scene.tree, scene.around)).toEqual([
      {
        type: 'reconcile',
        integration: 'desk',
        root: 'ticket-1',
        connection: 'desk',
        wake: 'id-1',
        delayMs: 0,
      },
    ]);
    expect(scene.lane).toMatchObject({ want: 7, wake: { id: 'id-1', dueAtMs: NOW_MS } });
  });

  it('is nobody anew where somebody is woken already', () => {
    const scene = ticketScene({ link: { sent: {} }, lane: { wake: WAKE } });
    scene.tree.root.revision = 7;

    expect(raiseWants(scene.tree, scene.around)).toEqual([]);
    expect(scene.lane).toMatchObject({ want: 7, wake: WAKE });
  });

  it('is no lane in step, and no connection without one', () => {
    const scene = ticketScene({});

    expect(raiseWants(scene.tree, beside(scene))).toEqual([]);
    expect(scene.lane).toMatchObject({ want: 0 });
    expect(scene.tree.root.lanes).not.toHaveProperty(OTHER);
  });
});

describe('a lane’s work', () => {
  const works = ({ tree, lane, place, around }: Scene) => hasWork(tree, lane, place, around);

  it.each<[string, Scene, boolean]>([
    ['a copy in step', ticketScene({}), false],
    ['a copy to be written', ticketScene({ link: { sent: {} } }), true],
    ['a copy to be read', ticketScene({ link: { needsRead: true } }), true],
    ['a copy to be made', uncopied(ticketScene({})), true],
    ['a way that is shut', ticketScene({ link: { sent: {} }, lane: { parked: PARKED } }), false],
    ['a request under way', ticketScene({ lane: { pending: pendingUpdate({}) } }), true],
    ['a comment in line', ticketScene({ lane: { behind: [behind('c')] } }), true],
    ['comments that stand beyond its line', ticketScene({ lane: { beyond: { after: LINE } } }), true],
    [
      'a file that waits for its parent',
      fileScene({ lane: { waitsFor: 'ticket-9' as RecordId, parent: undefined } as never }),
      false,
    ],
    ['a file whose parent is not known', fileScene({ lane: { parent: undefined } as never }), true],
  ])('of %s', (_what, scene, has) => {
    expect(works(scene)).toBe(has);
  });

  it('is a removal also of what waits for another', () => {
    const scene = fileScene({
      lane: { waitsFor: 'ticket-9' as RecordId, parent: undefined } as never,
      link: { externalId: 'f' as ExternalId },
    });
    scene.record.deleted = { atMs: 1, source: 'hub' };

    expect(works(scene)).toBe(true);
  });

  it('is none of its comments’ while it has no copy, or they are still being brought together', () => {
    const shut = { parked: PARKED };
    const lane = { behind: [behind('c')] };

    expect(works(uncopied(ticketScene({ lane, link: shut })))).toBe(false);
    expect(works(ticketScene({ lane, link: shut }))).toBe(true);
    const gathering = ticketScene({ lane });
    gathering.tree.root.givers = ['young' as RecordId];
    expect(works(gathering)).toBe(true);
    const { tree, lane: own, place } = gathering;
    tree.root.lanes = { [OTHER]: newLane('ours'), ...tree.root.lanes };
    expect(hasWork(tree, own, place, beside(gathering))).toBe(false);
  });

  it('is to wake who waits for its copy, whatever else there is', () => {
    const dependents = [{ root: 'case' as RecordId, connection: 'desk' as ConnectionId }];
    const woken = (change: (scene: Scene) => void) => {
      const scene = ticketScene({ lane: { parked: PARKED } });
      scene.tree.root.dependents = dependents;
      change(scene);
      return works(scene);
    };

    expect(woken(() => undefined)).toBe(true);
    expect(woken(({ link }) => delete link.externalId)).toBe(false);
    expect(woken(({ tree }) => delete tree.root.dependents)).toBe(false);
    expect(
      woken(({ tree }) => Object.assign(tree.root, { dependents: [{ ...dependents[0]!, on: 'c' }] })),
    ).toBe(false);
    expect(
      woken(({ tree }) =>
        Object.assign(tree.root, { dependents: [{ ...dependents[0]!, connection: OTHER }] }),
      ),
    ).toBe(false);
    expect(
      woken(({ tree, link }) => {
        tree.root.unread = 'elsewhere' as ConnectionId;
        tree.root.lanes.elsewhere = {
          ...newLane('ours'),
          link: { ...link, parked: { ...PARKED, cause: 'unseen' } },
        };
      }),
    ).toBe(false);
  });
});

describe('a wake', () => {
  const wakes = (dueAtMs: number, lane: Partial<Lane> = {}, correlation?: string) => {
    const scene = ticketScene({ lane });
    const around = { ...scene.around, ...(correlation === undefined ? {} : { cause: { correlation } }) };
    return { order: wakeAt(scene.tree, scene.lane, scene.place, around, dueAtMs), lane: scene.lane };
  };

  it.each([
    ['at once', NOW_MS - 5, 0],
    ['when it is due', NOW_MS + 7_000, 7_000],
    ['as late as a queue delays, from where it goes on', NOW_MS + 10_000_000, 900_000],
  ])('comes %s', (_when, dueAtMs, delayMs) => {
    const { order, lane } = wakes(dueAtMs);

    expect(order.delayMs).toBe(delayMs);
    expect(lane.wake).toEqual({ id: 'id-1', dueAtMs: NOW_MS + delayMs });
  });

  it('replaces the one there was, and keeps what that came from unless there is something newer', () => {
    const known = { wake: { ...WAKE, correlation: 'c-0' } };

    expect(wakes(0, known).lane.wake).toEqual({ id: 'id-1', dueAtMs: NOW_MS, correlation: 'c-0' });
    expect(wakes(0, known).order.correlation).toBe('c-0');
    expect(wakes(0, known, 'c-1').lane.wake).toMatchObject({ correlation: 'c-1' });
    expect(wakes(0).order).not.toHaveProperty('correlation');
  });

  it('of a file goes to the queue of files', () => {
    const { tree, lane, place, around } = fileScene();

    expect(wakeAt(tree, lane, place, around, 0).type).toBe('transfer');
  });

  it('becomes a message of its organization, without what only the queue needs', () => {
    const { order } = wakes(NOW_MS + 5, {}, 'c-1');
    const { correlation: _none, ...bare } = order;

    const message = {
      type: 'reconcile',
      organization: 'acme',
      root: 'ticket-1',
      connection: 'desk',
      wake: 'id-1',
    };
    expect(messageOf(order, 'acme' as OrganizationId)).toEqual({ ...message, correlation: 'c-1' });
    expect(messageOf(bare, 'acme' as OrganizationId)).toStrictEqual(message);
  });
});
