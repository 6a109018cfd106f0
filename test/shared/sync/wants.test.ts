import { describe, expect, it } from 'vitest';
import type {
  ConnectionId,
  ExternalId,
  OrganizationId,
  RecordId,
  WakeId,
} from '../../../shared/domain/index.ts';
import { hasWork, messageOf, raiseWants, wakeAt } from '../../../shared/sync/fan-out.ts';
import { LINE } from '../../../shared/sync/keys.ts';
import { newLane, type Scene } from '../../../shared/sync/scene.ts';
import type { Lane, Parked } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileScene } from './file-scene.ts';
import { NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';
import { behind, beside, OTHER, uncopied } from './second-place.ts';

const WAKE = { id: 'wake-1' as WakeId, dueAtMs: 5 };
const PARKED: Parked = {
  id: 'p',
  cause: 'unauthorized',
  reason: 'r',
  fault: 'organization',
  atMs: 1,
  attempts: 0,
};

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

  it('is to wake who waits for a comment’s copy, where that is at hand and lives', () => {
    const waking = (given: Parameters<typeof commentScene>[0], connection = 'desk') => {
      const { tree, lane, place, around } = commentScene({ ...given, lane: { parked: PARKED } });
      const [on] = tree.children.keys();
      tree.root.dependents = [{ root: 'file' as RecordId, connection: connection as ConnectionId, on: on! }];
      return hasWork(tree, lane, place, around);
    };

    expect(waking({})).toBe(true);
    expect(waking({ comment: { deleted: { atMs: 1, source: 'hub' } } })).toBe(false);
    expect(waking({ link: { dead: { atMs: 1 } } })).toBe(false);
    expect(waking({}, OTHER)).toBe(false);
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
