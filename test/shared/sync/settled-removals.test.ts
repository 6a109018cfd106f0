import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { observe } from '../../../shared/sync/observe.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { settleWritten, takeRead } from '../../../shared/sync/settlement.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { parkedAs } from './parked-as.ts';
import { NOW_MS, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const externalId = 'case-1' as ExternalId;
const settled = { outcome: 'settled', externalId } as const;

describe('a copy withdrawn by us', () => {
  const removal = (kind: 'ticket' | 'comment') => {
    const record = `${kind}-1` as RecordId;
    const copy = kind === 'ticket' ? externalId : ('note-1' as ExternalId);
    return pendingUpdate(
      {},
      { record, change: { kind, operation: 'delete', record, externalId: copy, fields: {} } },
    );
  };

  it('of a comment that lives is forgotten, so that it can get a new one', () => {
    const pending = removal('comment');
    const scene = commentScene({ lane: { pending } });

    expect(settleWritten(scene, pending, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.record).toMatchObject({
      links: { desk: { origin: 'ours', sent: {}, got: {}, gotAtMs: 0, former: ['note-1'] } },
    });
    expect(scene.tree.root.lanes.desk?.link.externalId).toBe('case-1');
  });

  describe('whose request was given up while nobody could see the copy', () => {
    const givenUp = (over: Partial<Link> = {}) => {
      const parked = { id: 'parked-1', cause: 'unseen', reason: 'gone?', fault: 'organization' } as never;
      return commentScene({ link: { unjudged: removal('comment'), needsRead: true, parked, ...over } });
    };
    const told = (scene: Scene, authorship: Observation['authorship']) =>
      observeCopy(scene, seenComment({ life: 'deleted', authorship, version: version(6), fields: {} }));
    const forgotten = {
      links: { desk: { origin: 'ours', sent: {}, got: {}, gotAtMs: 0, former: ['note-1'] } },
    };

    it.each<[string, (scene: Scene) => unknown, Partial<Link>]>([
      ['its deletion is told', (scene) => told(scene, 'hub'), {}],
      ['a look shows it deleted', (scene) => takeRead(scene, { state: 'deleted' }), {}],
      [
        'a look shows nothing more',
        (scene) => takeRead(scene, { state: 'absent' }),
        { doomed: { atMs: 60_000 } },
      ],
    ])('is forgotten alike once %s', (_how, take, over) => {
      const scene = givenUp(over);

      take(scene);

      expect(scene.record).not.toHaveProperty('deleted');
      expect(scene.record).toMatchObject(forgotten);
      expect(scene.tree.unparked).toEqual(['parked-1']);
    });

    it('is merged into what its record is, as its deletion is told', () => {
      expect(told(givenUp(), 'hub')).toBe('merged');
    });

    it('opens no way that is shut, as its deletion is told', () => {
      const shut = parkedAs('unauthorized');
      const scene = givenUp();
      scene.lane.parked = shut;

      told(scene, 'hub');

      expect(scene.lane.parked).toEqual(shut);
      expect(scene.tree.unparked).toEqual(['parked-1']);
    });

    it('leaves nothing set aside of it, should a look at it have been refused', () => {
      const scene = givenUp({ parked: parkedAs('rejected') });

      told(scene, 'hub');

      expect(scene.tree.unparked).toEqual(['parked-rejected']);
    });

    it('leaves the next of those beside it in its place, and those after that to be asked about', () => {
      const [second, third] = ['note-2', 'note-3'] as ExternalId[];
      const scene = givenUp({ besides: [second!, third!] });

      told(scene, 'hub');

      const desk = { externalId: second, besides: [third], parked: { cause: 'doubtful' } };
      expect(scene.record).toMatchObject({ links: { desk } });
      expect(scene.tree.unparked).toEqual(['parked-1']);
    });

    it('is another’s deletion where somebody is named', () => {
      const scene = givenUp();

      told(scene, 'other');

      expect(scene.record.deleted).toBeDefined();
    });
  });

  it('of a ticket that lives is forgotten alike', () => {
    const pending = removal('ticket');
    const scene = ticketScene({ lane: { pending } });

    settleWritten(scene, pending, settled);

    const fresh = { origin: 'ours', sent: {}, got: {}, gotAtMs: 0, former: ['case-1'] };
    expect(scene.tree.root.lanes.desk?.link).toEqual(fresh);
  });

  it.each<[string, Partial<Observation>]>([
    ['its deletion', { life: 'deleted' }],
    ['its earlier life', {}],
  ])('takes nobody with it as %s is told of afterwards', (_what, o) => {
    const pending = removal('ticket');
    const scene = ticketScene({ lane: { pending } });
    settleWritten(scene, pending, settled);

    const { root } = scene.tree;
    const told = observe(seenTicket(o), { isKnown: true, root }, scene.place, scene.around);

    expect(told.end).toBe('echo');
    expect(told.trees.every((tree) => tree.root.deleted === undefined)).toBe(true);
    expect(root.lanes.desk?.link).not.toHaveProperty('externalId');
  });

  it('is the copy again where somebody brings it back', () => {
    const pending = removal('ticket');
    const scene = ticketScene({ lane: { pending } });
    settleWritten(scene, pending, settled);

    const back = seenTicket({ life: 'undeleted' });
    const { trees } = observe(back, { isKnown: true, root: scene.tree.root }, scene.place, scene.around);

    expect(trees[0]?.root.lanes.desk?.link).toMatchObject({ externalId, needsRead: true });
  });

  it.each([
    ['nobody’s that is known', 'unknown', 'merged', undefined],
    ['ours', 'hub', 'merged', undefined],
    ['another’s', 'other', 'applied', { atMs: 60_000, source: 'desk' }],
  ] as const)('is told of before its answer, by a hand that is %s', (_whose, authorship, end, deleted) => {
    const scene = ticketScene({ lane: { pending: removal('ticket') } });

    expect(observeCopy(scene, seenTicket({ life: 'deleted', authorship }))).toBe(end);

    expect(scene.record.deleted).toEqual(deleted);
    expect(scene.link.doomed === undefined).toBe(deleted !== undefined);
  });

  it('says nothing of another copy beside it, which somebody deletes meanwhile', () => {
    const scene = ticketScene({ lane: { pending: removal('comment') } });

    expect(observeCopy(scene, seenTicket({ life: 'deleted', authorship: 'unknown' }))).toBe('applied');

    expect(scene.record.deleted).toEqual({ atMs: 60_000, source: 'desk' });
  });

  it('of a record that is deleted is dead as soon as it is told of', () => {
    const scene = ticketScene({ lane: { pending: removal('ticket') } });
    scene.record.deleted = { atMs: 55_000, source: 'hub' };

    observeCopy(scene, seenTicket({ life: 'deleted', authorship: 'hub' }));

    expect(scene.link.dead).toBeDefined();
    expect(scene.link).not.toHaveProperty('doomed');
  });

  it('of a record that is deleted is dead', () => {
    const pending = removal('ticket');
    const scene = ticketScene({ lane: { pending } });
    scene.record.deleted = { atMs: 55_000, source: 'hub' };

    expect(settleWritten(scene, pending, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.link).toMatchObject({ externalId, dead: { atMs: NOW_MS, version: version(5) } });
  });
});
