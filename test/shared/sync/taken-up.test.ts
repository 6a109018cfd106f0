import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { absorb } from '../../../shared/sync/merge.ts';
import { unpark, unparkChanged } from '../../../shared/sync/parking.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Parked, RecordChange } from '../../../shared/sync/state.ts';
import { MAX_UNSETTLED } from '../../../shared/sync/timing.ts';
import { awaitLook } from '../../../shared/sync/unsettled.ts';
import { commentScene, elsewhere } from './comment-scene.ts';
import { parkedAs } from './parked-as.ts';
import { ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

const SENT = { subject: 'a' };
const OTHER = 'other' as ConnectionId;
const COMMENT = 'comment-1' as RecordId;

describe('parked work that goes on', () => {
  const unseen = ({ cause }: Parked) => cause === 'unseen';

  it('is what was meant, with its attempts counted anew', () => {
    const scene = ticketScene({ link: { parked: parkedAs('unseen') }, lane: { attempts: 4 } });

    expect(unpark(scene, unseen)).toBe(true);

    expect(scene.link).not.toHaveProperty('parked');
    expect(scene.lane.attempts).toBe(0);
    expect(scene.tree.unparked).toEqual(['parked-unseen']);
  });

  it('is both copy and lane where both were meant', () => {
    const scene = ticketScene({ link: { parked: parkedAs('unseen') }, lane: { parked: parkedAs('unseen') } });

    unpark(scene, unseen);

    expect([scene.link.parked, scene.lane.parked]).toEqual([undefined, undefined]);
    expect(scene.tree.unparked).toHaveLength(2);
  });

  it('is nothing where nothing was meant, or nothing is parked', () => {
    const scene = ticketScene({ link: { parked: parkedAs('rejected') }, lane: { attempts: 4 } });

    expect(unpark(scene, unseen)).toBe(false);
    expect(unpark(ticketScene({}), () => true)).toBe(false);

    expect(scene.link.parked).toBeDefined();
    expect(scene.lane.attempts).toBe(4);
    expect(scene.tree.unparked).toEqual([]);
  });

  it.each([
    ['is set aside again, and spreads no more, where it comes back changed once more', 'b', 'unsettled'],
    ['has settled where it comes back as it was sent', 'a', undefined],
  ])('is written once where it would not settle, and %s', (_what, subject, cause) => {
    const link = { parked: parkedAs('unsettled'), unsettled: { subject: MAX_UNSETTLED + 1 }, sent: SENT };
    const scene = ticketScene({ fields: SENT, link: { ...link, got: SENT } });

    unpark(scene, () => true);
    awaitLook(scene.link, ['subject'], 'written');
    absorb(scene, seen({ subject }));

    expect(scene.link.parked?.cause).toBe(cause);
    expect(scene.link.unsettled?.subject ?? 0).toBe(cause === undefined ? 0 : MAX_UNSETTLED + 2);
    expect(scene.record.fields.subject).toBe('a');
  });
});

describe('new content', () => {
  const changed = (source: RecordChange['source'], more: Partial<RecordChange> = {}): RecordChange => ({
    record: 'ticket-1' as RecordId,
    kind: 'ticket',
    what: 'updated',
    fields: { subject: { from: 'a', to: 'b' } },
    source,
    actor: 'ada',
    ...more,
  });
  /** Whether work set aside for this cause goes on, when the record changes so. */
  const goesOn = (
    cause: Parked['cause'],
    change: RecordChange,
    prepare: (scene: Scene) => void = () => {},
  ) => {
    const scene = ticketScene({ link: { parked: parkedAs(cause) } });
    prepare(scene);
    scene.tree.changes.push(change);
    unparkChanged(scene);
    return scene.link.parked === undefined;
  };

  it.each([
    ['rejected', 'hub', true],
    ['unsettled', 'hub', true],
    ['unauthorized', 'hub', false],
    ['unseen', 'hub', false],
    ['rejected', 'desk', false],
    ['unsettled', 'desk', false],
  ] as const)('is a new chance for what is set aside as %s and changed by %s: %s', (cause, source, does) => {
    expect(goesOn(cause, changed(source as ConnectionId | 'hub'))).toBe(does);
  });

  it('of one field lets no other try to settle anew: what would not is written once with it', () => {
    const counts = (change: Partial<RecordChange>, cause: Parked['cause'] = 'unsettled') => {
      const link = { parked: parkedAs(cause), unsettled: { subject: 5, description: 2 } };
      const scene = ticketScene({ link });
      scene.tree.changes.push(changed('hub', change));
      unparkChanged(scene);
      return scene.link.unsettled;
    };
    const status = { status: { from: 'new', to: 'open' } };

    expect(counts({ fields: status })).toEqual({ subject: 5, description: 2 });
    expect(counts({})).toEqual({ description: 2 });
    const both = { subject: { from: 'a', to: 'b' }, description: { from: 'a', to: 'b' } };
    expect(counts({ fields: both })).toBeUndefined();
    expect(counts({}, 'rejected')).toEqual({ subject: 5, description: 2 });
    expect(counts({}, 'unauthorized')).toEqual({ subject: 5, description: 2 });
  });

  it('of another record is none', () => {
    for (const cause of ['rejected', 'unsettled'] as const)
      expect(goesOn(cause, changed('hub', { record: COMMENT }))).toBe(false);
  });

  it('from a copy that has not settled itself is none for what would not settle', () => {
    const unsettled = (fields: Record<string, number>) => (scene: Scene) => {
      elsewhere(scene, { unsettled: fields });
      scene.tree.root.lanes[OTHER] = scene.tree.root.lanes.elsewhere!;
    };

    expect(goesOn('unsettled', changed(OTHER), unsettled({ subject: 1 }))).toBe(false);
    expect(goesOn('rejected', changed(OTHER), unsettled({ subject: 1 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER), unsettled({ subject: 0 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER), unsettled({ priority: 1 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER))).toBe(true);
    const two = { subject: { from: 'a', to: 'b' }, priority: { from: 'a', to: 'b' } };
    expect(goesOn('unsettled', changed(OTHER, { fields: two }), unsettled({ subject: 1 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER, { fields: {} }), unsettled({ subject: 1 }))).toBe(true);
  });

  it('of a comment is judged by the comment’s own copies', () => {
    const settles = (unsettled: Record<string, number>) => {
      const scene = commentScene({ link: { parked: parkedAs('unsettled') } });
      if (scene.record.kind !== 'comment') throw new TypeError('not a comment');
      scene.record.links[OTHER] = { ...scene.link, unsettled };
      scene.tree.changes.push(changed(OTHER, { record: COMMENT, fields: { body: { from: 'a', to: 'b' } } }));
      unparkChanged(scene);
      return scene.link.parked === undefined;
    };

    expect(settles({ body: 1 })).toBe(false);
    expect(settles({})).toBe(true);
  });
});
